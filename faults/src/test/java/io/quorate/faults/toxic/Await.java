package io.quorate.faults.toxic;

import io.quorate.faults.ensemble.History;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for conditions, each with a limit. */
final class Await {

  private static final long LOOKS_EVERY_MILLIS = 5;

  private Await() {}

  /**
   * Looks again and again until there is something.
   *
   * @param what was waited for, and how things are instead; asked only if it does not come
   */
  static <T> T until(Supplier<Optional<T>> wanted, Duration limit, Supplier<String> what) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> found = wanted.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - end > 0) {
        throw new History.Missing("not in " + limit + ": " + what.get());
      }
      last(Duration.ofMillis(LOOKS_EVERY_MILLIS));
    }
  }

  /** Lets what is going on go on for so long. */
  static void last(Duration time) {
    try {
      var _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new History.Missing("interrupted");
    }
  }
}
