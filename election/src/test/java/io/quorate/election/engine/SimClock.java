package io.quorate.election.engine;

/**
 * A server's monotonic clock: starts anywhere, also where a long is about to overflow, and runs a
 * little too fast or too slow.
 *
 * @param offset what it shows at the begin of the simulation
 * @param ppm how many millionths it is too fast
 */
record SimClock(long offset, long ppm) {
  private static final long MILLION = 1_000_000;

  /** Returns what it shows at an instant of the true time. */
  long at(long instant) {
    return offset + elapsed(instant);
  }

  private long elapsed(long instant) {
    return instant + Math.floorDiv(instant * ppm, MILLION);
  }

  /** Returns the first instant of the true time at which it shows this, or more. */
  long whenItShows(long shown) {
    long elapsed = shown - offset;
    long instant = Math.max(0, elapsed) / (MILLION + ppm) * MILLION;
    instant += Math.max(0, elapsed - elapsed(instant)) * MILLION / (MILLION + ppm);
    while (elapsed(instant) < elapsed) {
      instant++;
    }
    while (instant > 0 && elapsed(instant - 1) >= elapsed) {
      instant--;
    }
    return instant;
  }
}
