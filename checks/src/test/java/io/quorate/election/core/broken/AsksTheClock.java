package io.quorate.election.core.broken;

/** Breaks a rule on purpose: what decides is told the time. */
public final class AsksTheClock {
  private AsksTheClock() {}

  /** The time. */
  public static long now() {
    return System.nanoTime();
  }
}
