package io.quorate.examples.probe;

import java.time.Duration;

/**
 * An instant by which everything must be over. Immutable.
 *
 * @param total from the beginning to the end
 * @param atNanos the end, on the scale of {@link System#nanoTime}
 */
record Deadline(Duration total, long atNanos) {

  static Deadline in(Duration total) {
    return new Deadline(total, System.nanoTime() + total.toNanos());
  }

  /** Milliseconds that are left, at least 1, because 0 would mean for ever to a socket. */
  int millisLeft() {
    long millis = (atNanos - System.nanoTime()) / 1_000_000;
    return Math.clamp(millis, 1, Integer.MAX_VALUE);
  }

  boolean isOver() {
    return System.nanoTime() - atNanos >= 0;
  }
}
