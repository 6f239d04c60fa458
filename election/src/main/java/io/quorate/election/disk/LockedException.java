package io.quorate.election.disk;

import java.io.IOException;

/** Thrown when another holds a {@link LockFile}: the message names the file and says who. */
public final class LockedException extends IOException {
  private static final long serialVersionUID = 1;

  LockedException(String message) {
    super(message);
  }

  LockedException(String message, Throwable cause) {
    super(message, cause);
  }
}
