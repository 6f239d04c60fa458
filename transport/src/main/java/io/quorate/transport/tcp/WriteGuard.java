package io.quorate.transport.tcp;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notices a write that does not progress. One thread writes, between {@link #begin} and {@link
 * #end}; the watchdog looks.
 *
 * <p>At most one alarm is set at a time and it outlives the writes it was set for, so a busy link
 * costs the watchdog one alarm per timeout and not one per write.
 */
final class WriteGuard {

  private static final long NOT_WRITING = 0;

  private final Watchdog watchdog;
  private final long timeoutNanos;
  private final Runnable onStall;
  private final AtomicBoolean set = new AtomicBoolean();
  private volatile long since = NOT_WRITING;

  WriteGuard(Watchdog watchdog, Duration timeout, Runnable onStall) {
    this.watchdog = watchdog;
    this.timeoutNanos = timeout.toNanos();
    this.onStall = onStall;
  }

  void begin() {
    // A nanosecond more or less, so that no time looks like NOT_WRITING.
    since = System.nanoTime() | 1;
    setIfNeeded();
  }

  void end() {
    since = NOT_WRITING;
  }

  private void setIfNeeded() {
    long start = since;
    if (start != NOT_WRITING && set.compareAndSet(false, true)) {
      watchdog.at(start + timeoutNanos, this::look);
    }
  }

  private void look() {
    long start = since;
    if (start != NOT_WRITING && start + timeoutNanos - System.nanoTime() <= 0) {
      onStall.run();
      return;
    }
    set.set(false);
    // Also when nothing was being written a moment ago: the writer may have begun since and have
    // found the alarm still set.
    setIfNeeded();
  }
}
