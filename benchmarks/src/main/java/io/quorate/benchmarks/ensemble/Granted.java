package io.quorate.benchmarks.ensemble;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Ratio;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.spi.EpochStoreProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * From starting all servers at once until one is granted a term: a majority has promised it, and
 * has written that down. What writing costs here is measured between.
 */
final class Granted {
  private static final List<Integer> SIZES = List.of(3, 5, 9);
  private static final int ROUNDS = 20;
  private static final int QUICK_ROUNDS = 5;
  private static final int WARM_UP = 3;
  private static final long PATIENCE_SECONDS = 10;

  /** As much as a promise takes. */
  private static final int PROMISE_BYTES = 200;

  private static final String FILES = "Quorate, promises in files";
  private static final String MEMORY = "Quorate, promises in memory";
  private static final String ELECTION_ONLY = "Quorate, election only: all agree";
  private static final String FSYNC = "one fsync of a file of 200 B";
  private static final String PROMISE = "one promise: file, rename, directory, two fsyncs";

  private final Options options;
  private final Report report;
  private final Map<String, List<Double>> millis = new LinkedHashMap<>();

  private Granted(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  static void run(Options options) throws IOException, InterruptedException {
    try (var report =
        new Report(options.results(), "granted", "Cold start to a granted leader, by size")) {
      for (int servers : options.quick() ? SIZES.subList(0, 1) : SIZES) {
        new Granted(options, report).measure(servers);
      }
    }
  }

  private void measure(int servers) throws IOException, InterruptedException {
    Places places = Places.of(servers);
    int rounds = options.rounds(ROUNDS, QUICK_ROUNDS);
    for (int round = -WARM_UP; round < rounds; round++) {
      Map<String, Double> turn = new LinkedHashMap<>();
      try (var directory = new TemporaryDirectory(options.results())) {
        turn.put(FILES, granted(places, data(directory.path())));
        turn.put(MEMORY, granted(places, it -> it.epochStore(EpochStoreProvider.named("memory"))));
        try (OurEnsemble electing = OurEnsemble.electing(places)) {
          turn.put(ELECTION_ONLY, millis(electing.cold()));
        }
        turn.put(FSYNC, millis(fsync(directory.path().resolve("one"))));
        turn.put(PROMISE, millis(promise(directory.path())));
      } catch (Hang hang) {
        report.note("HANG with %d servers: %s".formatted(servers, hang.write(options.results())));
        continue;
      }
      if (round >= 0) {
        turn.forEach(
            (who, value) -> millis.computeIfAbsent(who, _ -> new ArrayList<>()).add(value));
      }
    }
    millis.forEach(
        (who, values) -> report.figure(servers + " servers", who, Samples.of(values), "ms"));
    report.ratio(
        servers + " servers, promises in files to election only", ratio(FILES, ELECTION_ONLY));
    report.ratio(servers + " servers, promises in files to one promise", ratio(FILES, PROMISE));
  }

  private Ratio ratio(String one, String other) {
    return Ratio.of(
        Samples.of(millis.getOrDefault(one, List.of())),
        Samples.of(millis.getOrDefault(other, List.of())));
  }

  /** Gives each server a directory of its own. */
  static UnaryOperator<LeaderElectionConfig.Builder> data(Path directory) {
    var number = new AtomicLong();
    return it -> it.data(directory.resolve("server-" + number.incrementAndGet()));
  }

  private static double granted(Places places, UnaryOperator<LeaderElectionConfig.Builder> settings)
      throws InterruptedException {
    var granted = new CountDownLatch(1);
    var at = new AtomicLong();
    var ensemble =
        new OurEnsemble(
            places,
            settings,
            (_, event) -> {
              if (event instanceof ElectionEvent.Granted && granted.getCount() > 0) {
                at.compareAndSet(0, System.nanoTime());
                granted.countDown();
              }
            });
    try (ensemble) {
      long start = System.nanoTime();
      ensemble.start();
      if (!granted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Hang("nobody is granted", Agreement.describe(ensemble.servers()));
      }
      return millis(at.get() - start);
    }
  }

  private static long fsync(Path file) throws IOException {
    long start = System.nanoTime();
    write(file);
    return System.nanoTime() - start;
  }

  private static void write(Path file) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(PROMISE_BYTES));
      channel.force(true);
    }
  }

  private static long promise(Path directory) throws IOException {
    long start = System.nanoTime();
    Path temporary = directory.resolve("promise.new");
    write(temporary);
    Files.move(
        temporary,
        directory.resolve("promise"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
    return System.nanoTime() - start;
  }

  private static double millis(long nanos) {
    return (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }
}
