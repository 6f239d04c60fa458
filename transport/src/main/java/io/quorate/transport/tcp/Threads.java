package io.quorate.transport.tcp;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.queue.Counters;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the threads of one transport, names them, catches what escapes from them, and knows which
 * are alive. Safe for use by any thread.
 */
final class Threads {

  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

  /** How long {@link #join} waits for threads that may be stuck in native code. */
  private static final Duration NATIVE_JOIN = Duration.ofMillis(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Thread> alive = new HashSet<>();
  private final String prefix;
  private final Counters counters;
  private boolean ending;

  Threads(ServerId self, Counters counters) {
    this.prefix = "quorate-" + (self.equals(ServerId.OBSERVER) ? "observer" : self) + "-";
    this.counters = counters;
  }

  /** A piece of work that ends early when its thread is interrupted. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }

  /** Starts a virtual thread. */
  void start(String name, Work work) {
    begin(Thread.ofVirtual().name(prefix + name).unstarted(() -> guard(name, work)));
  }

  /** Starts a platform thread, for what may block in native code. The JVM does not wait for it. */
  void startNative(String name, Work work) {
    begin(Thread.ofPlatform().daemon().name(prefix + name).unstarted(() -> guard(name, work)));
  }

  /** Counts and logs a failure that nobody foresaw. Never throws. */
  void unexpected(String what, Throwable failure) {
    try {
      counters.add(TransportCounter.UNEXPECTED);
      LOG.error("{}{} failed unexpectedly", prefix, what, failure);
    } catch (Throwable _) {
      // Reporting must not fail where memory or the log has: the count above is all we can do.
    }
  }

  /** Returns the names of the threads that are alive. */
  List<String> names() {
    return alive().stream().map(Thread::getName).sorted().toList();
  }

  /** Interrupts every thread, and each that starts later. */
  void interruptAll() {
    lock.lock();
    try {
      ending = true;
      alive.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until every thread has ended, the caller's own excepted, those too that start meanwhile.
   * For those that may be stuck in native code, where no interrupt reaches them, it waits a moment
   * only.
   *
   * @param deadline by System.nanoTime
   * @return false if some are left
   */
  boolean join(long deadline) throws InterruptedException {
    boolean all = true;
    for (var next = other(true); all && next.isPresent(); next = other(true)) {
      all = join(next.get(), deadline);
    }
    long moment = System.nanoTime() + NATIVE_JOIN.toNanos();
    long soon = moment - deadline < 0 ? moment : deadline;
    boolean allNative = true;
    for (var next = other(false); allNative && next.isPresent(); next = other(false)) {
      allNative = join(next.get(), soon);
    }
    return all && allNative;
  }

  private Optional<Thread> other(boolean virtual) {
    return alive().stream()
        .filter(thread -> thread.isVirtual() == virtual && !thread.equals(Thread.currentThread()))
        .findFirst();
  }

  private List<Thread> alive() {
    lock.lock();
    try {
      return List.copyOf(alive);
    } finally {
      lock.unlock();
    }
  }

  private static boolean join(Thread thread, long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    return left > 0 ? thread.join(Duration.ofNanos(left)) : !thread.isAlive();
  }

  private void begin(Thread thread) {
    // Under the lock, so that nobody meets a thread that has not started: it cannot be joined.
    lock.lock();
    try {
      alive.add(thread);
      thread.start();
      if (ending) {
        thread.interrupt();
      }
    } catch (Throwable failure) {
      alive.remove(thread);
      throw failure;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      alive.remove(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  private void guard(String name, Work work) {
    try {
      work.run();
    } catch (InterruptedException _) {
      // Asked to end, and that is what this thread does now.
    } catch (Throwable failure) {
      unexpected(name, failure);
    } finally {
      ended();
    }
  }
}
