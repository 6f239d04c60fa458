package io.quorate.transport.tcp;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notices that nothing arrives over a link although something was to. TCP does not: while what we
 * wrote is unacknowledged it asks nothing and gives up after a quarter of an hour only. Safe for
 * use by any thread.
 *
 * <p>As in {@link WriteGuard} at most one alarm is set at a time.
 */
final class Silence {

  private static final long NOTHING_EXPECTED = 0;

  private final Watchdog watchdog;
  private final Runnable onSilence;
  private final AtomicBoolean set = new AtomicBoolean();
  private volatile long due = NOTHING_EXPECTED;

  Silence(Watchdog watchdog, Runnable onSilence) {
    this.watchdog = watchdog;
    this.onSilence = onSilence;
  }

  /** Something is to arrive within this time; what was expected earlier is due as it was. */
  void expect(Duration within) {
    if (due == NOTHING_EXPECTED) {
      // A nanosecond more or less, so that no time looks like NOTHING_EXPECTED.
      due = (System.nanoTime() + within.toNanos()) | 1;
      setIfNeeded();
    }
  }

  /** Something arrived. */
  void heard() {
    if (due != NOTHING_EXPECTED) {
      due = NOTHING_EXPECTED;
    }
  }

  /** Returns whether what was expected is overdue. */
  boolean lasts() {
    long time = due;
    return time != NOTHING_EXPECTED && time - System.nanoTime() <= 0;
  }

  private void setIfNeeded() {
    long time = due;
    if (time != NOTHING_EXPECTED && set.compareAndSet(false, true)) {
      watchdog.at(time, this::look);
    }
  }

  private void look() {
    set.set(false);
    if (lasts()) {
      onSilence.run();
    } else {
      // What was expected then has come, and something else may be expected by now.
      setIfNeeded();
    }
  }
}
