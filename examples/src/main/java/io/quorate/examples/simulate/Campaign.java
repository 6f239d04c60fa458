package io.quorate.examples.simulate;

import io.quorate.testkit.Outcome;
import io.quorate.testkit.Report;
import io.quorate.testkit.Violation;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Many seeds, several at a time, until one goes wrong. No seed after that one is begun, and all
 * before it are finished, so that the smallest is found. Safe for use by several threads.
 */
final class Campaign {

  /** How often somebody is told how it goes. */
  private static final Duration NEWS_EVERY = Duration.ofMillis(250);

  private final ReentrantLock lock = new ReentrantLock();
  private final LongFunction<Outcome> simulation;
  private final Report report = new Report();
  private long next;

  /** The first seed that is not begun any more. */
  private long end;

  private boolean stopped;
  private Optional<Violation> smallest = Optional.empty();
  private Optional<IllegalStateException> failure = Optional.empty();

  /**
   * Which seeds.
   *
   * @param from the first
   * @param count how many
   */
  record Seeds(long from, long count) {
    Seeds {
      if (count < 1 || from > Long.MAX_VALUE - count) {
        throw new IllegalArgumentException("there are no " + count + " seeds from " + from);
      }
    }
  }

  /** How far it is. */
  record Progress(long done, long faults) {}

  /**
   * What came of it.
   *
   * @param report the sum of all runs
   * @param smallest what the smallest seed broke that went wrong
   * @param stopped whether it was told to stop before it was done
   */
  record Result(Report report, Optional<Violation> smallest, boolean stopped) {}

  /** Begins nothing yet. */
  Campaign(LongFunction<Outcome> simulation, Seeds seeds) {
    this.simulation = simulation;
    this.next = seeds.from();
    this.end = seeds.from() + seeds.count();
  }

  /** Begins no further seed. */
  void stop() {
    lock.lock();
    try {
      stopped |= next < end;
      end = Math.min(end, next);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs to its end.
   *
   * @param threads how many seeds at a time
   * @param news told by this thread, a few times a second
   * @throws IllegalStateException if a simulation failed, which is no violation but a mistake
   */
  Result run(int threads, Consumer<Progress> news) throws InterruptedException {
    try (ExecutorService workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("quorate-simulate-", 1).factory())) {
      for (int i = 0; i < threads; i++) {
        workers.execute(this::work);
      }
      workers.shutdown();
      while (!workers.awaitTermination(NEWS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        news.accept(progress());
      }
    } finally {
      stop();
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return new Result(report, smallest, stopped);
  }

  private void work() {
    for (OptionalLong seed = take(); seed.isPresent(); seed = take()) {
      try {
        add(simulation.apply(seed.getAsLong()));
      } catch (RuntimeException | Error e) {
        fail(new IllegalStateException("seed " + seed.getAsLong() + " ended with " + e, e));
      }
    }
  }

  private OptionalLong take() {
    lock.lock();
    try {
      return next < end ? OptionalLong.of(next++) : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  private void add(Outcome outcome) {
    lock.lock();
    try {
      report.add(outcome);
      boolean isSmaller = smallest.isEmpty() || outcome.seed() < smallest.get().seed();
      if (outcome.violation().isPresent() && isSmaller) {
        smallest = outcome.violation();
        end = Math.min(end, outcome.seed());
      }
    } finally {
      lock.unlock();
    }
  }

  private void fail(IllegalStateException e) {
    lock.lock();
    try {
      failure = failure.isPresent() ? failure : Optional.of(e);
      end = Math.min(end, next);
    } finally {
      lock.unlock();
    }
  }

  private Progress progress() {
    lock.lock();
    try {
      long faults = report.faults().values().stream().mapToLong(Long::longValue).sum();
      return new Progress(report.runs(), faults);
    } finally {
      lock.unlock();
    }
  }
}
