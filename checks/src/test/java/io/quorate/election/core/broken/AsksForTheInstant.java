package io.quorate.election.core.broken;

import java.time.Instant;

/** Breaks a rule on purpose: what decides is told the time. */
public final class AsksForTheInstant {
  private AsksForTheInstant() {}

  /** The time. */
  public static Instant instant() {
    return Instant.now();
  }
}
