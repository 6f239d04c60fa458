package io.quorate.election.disk;

/** Thrown when a file is of our kind, but written by another version of this library. */
public final class UnknownVersionException extends DamagedException {
  private static final long serialVersionUID = 1;

  UnknownVersionException(int found, int known) {
    super("has format version " + found + ", and only version " + known + " is known here");
  }
}
