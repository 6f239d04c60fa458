package io.quorate.election.core.broken;

/** Breaks a rule on purpose: the same events give the same actions. */
public final class DrawsLots {
  private DrawsLots() {}

  /** A random number. */
  public static double draw() {
    return Math.random();
  }
}
