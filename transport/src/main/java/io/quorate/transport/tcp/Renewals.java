package io.quorate.transport.tcp;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a link that is silent may be made anew: growing waits, because a peer may have nothing
 * to say, or be stopped, on a link that is well. Pure but for the generator it is given; not safe
 * for use by several threads.
 */
final class Renewals {

  /** The first wait after a renewal; doubles, with jitter. */
  static final Duration MIN = Duration.ofSeconds(2);

  /** The longest. */
  static final Duration MAX = Duration.ofSeconds(30);

  /** After so long without one the next wait is the first again. */
  static final Duration FORGOTTEN = MAX.multipliedBy(2);

  private final Backoff waits;
  private long last;
  private long next;

  Renewals(RandomGenerator random, long now) {
    waits = new Backoff(MIN, MAX, random);
    last = now;
    next = now;
  }

  /** Returns when the next one may be. */
  long notBefore() {
    return next;
  }

  /** One was made. */
  void made(long now) {
    if (now - last > FORGOTTEN.toNanos()) {
      waits.reset();
    }
    last = now;
    next = now + waits.next();
  }
}
