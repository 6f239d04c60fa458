package io.quorate.testkit.world;

/**
 * A server's monotonic clock: starts anywhere, also where a long is about to overflow, and runs a
 * little too fast or too slow.
 *
 * @param offset what it shows at the instant from which it runs so
 * @param ppm how many millionths it is too fast
 * @param from that instant of the true time, in nanoseconds
 */
record DriftingClock(long offset, long ppm, long from) {
  private static final long MILLION = 1_000_000;

  /** Returns what it shows at an instant of the true time. */
  long at(long instant) {
    return offset + elapsed(Math.max(0, instant - from));
  }

  /** Returns one of another rate that shows the same at an instant. */
  DriftingClock withRate(long other, long instant) {
    return new DriftingClock(at(instant), other, instant);
  }

  /** Returns one that stands still for a while from an instant on, seen from after that. */
  DriftingClock suspended(long instant, long lasts) {
    return new DriftingClock(at(instant), ppm, instant + lasts);
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
    return from + instant;
  }
}
