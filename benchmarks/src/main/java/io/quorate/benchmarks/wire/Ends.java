package io.quorate.benchmarks.wire;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A pair of two ends, each with an application's thread of the same kind as the end's own workers.
 */
final class Ends implements Pair {
  /** A guard against hanging, far beyond what a round takes. */
  private static final long PATIENCE_SECONDS = 60;

  private final End left;
  private final End right;
  private final ExecutorService applications;

  Ends(End left, End right, ThreadFactory threads) {
    this.left = left;
    this.right = right;
    this.applications = Executors.newThreadPerTaskExecutor(threads);
  }

  @Override
  public long[] roundTrips(int count, int bytes) throws Exception {
    Future<?> echo =
        applications.submit(
            () -> {
              for (int i = 0; i < count; i++) {
                right.send(right.receive());
              }
              return null;
            });
    return both(
        () -> {
          var nanos = new long[count];
          for (int i = 0; i < count; i++) {
            byte[] message = Pair.message(i, bytes);
            long start = System.nanoTime();
            left.send(message);
            byte[] answer = left.receive();
            nanos[i] = System.nanoTime() - start;
            Pair.check(answer, i, bytes);
          }
          return nanos;
        },
        echo);
  }

  @Override
  public long stream(int count, int bytes) throws Exception {
    long start = System.nanoTime();
    Future<?> sending =
        applications.submit(
            () -> {
              for (int i = 0; i < count; i++) {
                left.send(Pair.message(i, bytes));
              }
              return null;
            });
    long end =
        both(
            () -> {
              for (int i = 0; i < count; i++) {
                Pair.check(right.receive(), i, bytes);
              }
              return System.nanoTime();
            },
            sending);
    return end - start;
  }

  private <T> T both(Callable<T> one, Future<?> other) throws Exception {
    Future<T> first = applications.submit(one);
    try {
      T result = first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      other.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return result;
    } catch (TimeoutException | ExecutionException e) {
      first.cancel(true);
      other.cancel(true);
      throw new IllegalStateException("between " + List.of(left, right), e);
    }
  }

  @Override
  public void close() throws IOException {
    left.close();
    right.close();
    applications.shutdownNow();
  }
}
