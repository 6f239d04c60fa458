package io.quorate.examples.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Turns SIGTERM, SIGINT and SIGHUP into a clean end: asks what runs to end, waits for it, and
 * leaves with its exit code instead of the 128 + n that the JVM would give.
 */
public final class CleanEnd {

  /** More than closing ever takes by its own limits, and then the process ends all the same. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private static final int TOO_SLOW = 1;

  private final Runnable end;
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final Thread hook = new Thread(this::onSignal, "quorate-signal");

  /** Ends with {@code end}, which any thread may call. */
  public CleanEnd(Runnable end) {
    this.end = end;
  }

  /** From now on a signal is heard. */
  public void install() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Tells that it has ended; when a signal asked for it, the JVM ends now. */
  public void ended(int exitCode) {
    ended.complete(exitCode);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is ending, and our hook sees to the exit code.
    }
  }

  private void onSignal() {
    end.run();
    int exitCode = TOO_SLOW;
    try {
      exitCode = ended.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException _) {
      // Whatever kept it, a process that was told to end must end.
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
