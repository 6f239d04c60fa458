package io.quorate.transport.tcp;

import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread that runs short actions at their deadlines and sleeps in between. Safe for use by any
 * thread.
 */
final class Watchdog {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private final TreeSet<Alarm> alarms = new TreeSet<>();
  private final Threads threads;
  private final String name;
  private long made;
  private boolean closed;

  Watchdog(Threads threads, String name) {
    this.threads = threads;
    this.name = name;
  }

  /** An action that is due at its time unless it is cancelled before. */
  final class Alarm implements Comparable<Alarm> {
    private final long deadline;
    private final long number;
    private final Runnable action;

    private Alarm(long deadline, long number, Runnable action) {
      this.deadline = deadline;
      this.number = number;
      this.action = action;
    }

    void cancel() {
      lock.lock();
      try {
        alarms.remove(this);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int compareTo(Alarm other) {
      // nanoTime may wrap around: only differences mean something.
      int byTime = Long.signum(deadline - other.deadline);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }
  }

  void start() {
    threads.start(name, this::run);
  }

  /**
   * Sets an alarm.
   *
   * @param deadline by System.nanoTime
   * @param action does not wait, and takes locks for moments only
   */
  Alarm at(long deadline, Runnable action) {
    lock.lock();
    try {
      var alarm = new Alarm(deadline, made++, action);
      if (!closed) {
        alarms.add(alarm);
        if (alarms.first().equals(alarm)) {
          earlier.signal();
        }
      }
      return alarm;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread; no action runs afterwards. */
  void close() {
    lock.lock();
    try {
      closed = true;
      alarms.clear();
      earlier.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() throws InterruptedException {
    while (true) {
      Runnable due;
      lock.lockInterruptibly();
      try {
        while (!closed && (alarms.isEmpty() || left(alarms.first()) > 0)) {
          if (alarms.isEmpty()) {
            earlier.await();
          } else {
            earlier.awaitNanos(left(alarms.first()));
          }
        }
        if (closed) {
          return;
        }
        due = alarms.removeFirst().action;
      } finally {
        lock.unlock();
      }
      try {
        due.run();
      } catch (Throwable failure) {
        threads.unexpected(name, failure);
      }
    }
  }

  private static long left(Alarm alarm) {
    return alarm.deadline - System.nanoTime();
  }
}
