package io.quorate.election;

import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bounded waiting, and a look at the threads that live. */
public final class Await {

  /** A hang guard, never an expectation: far longer than anything takes on a loaded machine. */
  public static final Duration HANG = Duration.ofSeconds(20);

  private static final long BETWEEN_LOOKS_NANOS = 1_000_000;
  private static final Pattern OURS = Pattern.compile("^#\\d+ \"(quorate-[^\"]*)\".*");

  private Await() {}

  /** Returns as soon as the condition holds; fails, naming it, when it does not within HANG. */
  public static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > HANG.toNanos()) {
        fail("not within " + HANG.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  public static void open(CountDownLatch latch) {
    try {
      if (!latch.await(HANG.toSeconds(), TimeUnit.SECONDS)) {
        fail("nobody opened the latch within " + HANG.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting", e);
    }
  }

  /** Waits until no thread of ours lives. */
  public static void noThread() {
    until("no thread of ours is left", () -> threads().isEmpty());
  }

  /** The names of the living threads that begin with "quorate-", virtual ones too. */
  public static List<String> threads() {
    try {
      Path folder = Files.createTempDirectory("quorate-threads");
      Path dump = folder.resolve("dump");
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (var lines = Files.lines(dump)) {
          return lines
              .map(OURS::matcher)
              .filter(Matcher::matches)
              .map(line -> line.group(1))
              .toList();
        }
      } finally {
        Files.deleteIfExists(dump);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
