package io.quorate.faults.host;

import java.util.Locale;

/** A fault that the router does to packets, and the counter of those that met it. */
public enum Rule {
  /** Dropped, all of them. */
  CUT,
  /** Dropped, some of them at random. */
  LOSSY,
  /** Answered with a reset. */
  RESET,
  /** Dropped, because the router does not remember the connection. */
  FORGOTTEN,
  /** Too large for the next link, and the sender does not learn it. */
  TOO_LARGE;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
