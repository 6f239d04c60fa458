package io.quorate.transport.queue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits at a condition, for a time at most. Used with the lock of the condition held.
 *
 * <p>For a virtual thread that parks for a time, the JVM sets a timer and takes it back, each time
 * on a thread of the platform that has to be woken: that costs more than all else that is done for
 * a message. So with an alarm clock threads park without a time. One alarm wakes them all when the
 * first of their deadlines has come. It outlives the waits for which it was set, so there is one
 * per time-out and not one per wait.
 */
final class TimedWait {

  /** So far apart times by System.nanoTime can still be compared. */
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

  private final Lock lock;
  private final Condition condition;
  private final Optional<AlarmClock> clock;
  private @Nullable Alarm next;

  TimedWait(Lock lock, Condition condition, Optional<AlarmClock> clock) {
    this.lock = lock;
    this.condition = condition;
    this.clock = clock;
  }

  /** Waits while something holds that holds now, for a time at most that is not over yet. */
  void awaitWhile(BooleanSupplier holds, Duration timeout) throws InterruptedException {
    Duration shortened = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
    long deadline = System.nanoTime() + shortened.toNanos();
    do {
      if (clock.isPresent()) {
        setFor(deadline, clock.get());
        condition.await();
      } else {
        var _ = condition.awaitNanos(deadline - System.nanoTime());
      }
    } while (holds.getAsBoolean() && deadline - System.nanoTime() > 0);
  }

  private void setFor(long deadline, AlarmClock clock) {
    if (next == null || deadline - next.deadline < 0) {
      if (next != null) {
        next.cancel.run();
      }
      next = new Alarm(deadline);
      next.cancel = clock.at(deadline, next);
    }
  }

  private final class Alarm implements Runnable {
    private final long deadline;
    private Runnable cancel = () -> {};

    Alarm(long deadline) {
      this.deadline = deadline;
    }

    /** Whoever has time left sets the next one. */
    @Override
    public void run() {
      lock.lock();
      try {
        if (this == next) {
          next = null;
          condition.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
