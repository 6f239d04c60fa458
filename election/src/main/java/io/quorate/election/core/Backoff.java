package io.quorate.election.core;

import java.time.Duration;

/** A wait that doubles up to a limit, until it is reset. */
final class Backoff {
  private final Duration min;
  private final Duration max;
  private Duration next;

  Backoff(Duration min, Duration max) {
    this.min = min;
    this.max = max;
    this.next = min;
  }

  Duration next() {
    Duration now = next;
    Duration twice = now.plus(now);
    next = twice.compareTo(max) < 0 ? twice : max;
    return now;
  }

  void reset() {
    next = min;
  }
}
