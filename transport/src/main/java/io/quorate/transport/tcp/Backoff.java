package io.quorate.transport.tcp;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing waits with jitter: each is drawn from the upper half of a span that doubles up to its
 * bound. Pure but for the generator it is given; not safe for use by several threads.
 */
final class Backoff {

  private final long minNanos;
  private final long maxNanos;
  private final RandomGenerator random;
  private long span;

  Backoff(Duration min, Duration max, RandomGenerator random) {
    this.minNanos = Math.max(1, min.toNanos());
    this.maxNanos = Math.max(minNanos, max.toNanos());
    this.random = random;
    this.span = minNanos;
  }

  /** Returns how long to wait now, in nanoseconds; the next wait is longer. */
  long next() {
    long wait = span - random.nextLong(span / 2 + 1);
    span = span > maxNanos / 2 ? maxNanos : span * 2;
    return wait;
  }

  void reset() {
    span = minNanos;
  }
}
