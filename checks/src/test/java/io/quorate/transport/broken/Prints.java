package io.quorate.transport.broken;

/** Breaks a rule on purpose: a library does not print. */
public final class Prints {
  private Prints() {}

  /** Prints. */
  public static void print() {
    System.out.println();
  }
}
