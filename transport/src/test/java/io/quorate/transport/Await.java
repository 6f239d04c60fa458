package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waiting for what has no queue to wait on: a counter, a thread that ends, a file. */
final class Await {

  /** A hang guard, never an expectation: far longer than anything takes on a loaded machine. */
  static final Duration HANG = Duration.ofSeconds(20);

  private static final long BETWEEN_LOOKS_NANOS = 1_000_000;

  private Await() {}

  /** Returns as soon as the condition holds; fails, naming it, when it does not within HANG. */
  static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > HANG.toNanos()) {
        fail("not within " + HANG.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  /** Joins a thread of the test; fails when it does not end within HANG. */
  static void end(Thread thread) {
    try {
      if (!thread.join(HANG)) {
        fail(thread.getName() + " does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for " + thread.getName(), e);
    }
  }

  /** The time since a moment told by System.nanoTime. */
  static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Takes this long: for a script that plays something slow, never to wait for anything. */
  static void slowly(Duration time) {
    long start = System.nanoTime();
    while (since(start).compareTo(time) < 0) {
      LockSupport.parkNanos(time.minus(since(start)).toNanos());
    }
  }
}
