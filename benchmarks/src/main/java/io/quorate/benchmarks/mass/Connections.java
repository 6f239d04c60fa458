package io.quorate.benchmarks.mass;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Ratio;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What an idle connection costs the one who holds it, in a process of its own. */
public final class Connections {
  private static final List<Integer> SIZES = List.of(1000, 5000);
  private static final List<Integer> QUICK_SIZES = List.of(1000);

  /** Beyond, ZooKeeper's class takes minutes and 10,000 threads. */
  private static final int MOST_OF_ZOOKEEPER = 1000;

  private static final int ROUNDS = 5;
  private static final int QUICK_ROUNDS = 2;

  /** Less than anybody's backlog: beyond, the kernel lets a connection wait for a second. */
  private static final int WAVE = 500;

  private static final int WARM_UP_CONNECTIONS = 300;
  private static final int WARM_UPS = 3;
  private static final double KB = 1000;
  private static final long END_SECONDS = 20;

  private static final Target TIME_TO_BARE = Target.atMost(3);
  private static final Target COST_TO_BARE = Target.atMost(1.5);
  private static final Target NO_THREAD = Target.atMost(0);

  private Connections() {}

  private record Rounds(
      List<Double> millis, List<Double> heap, List<Double> nativeMemory, List<Double> threads) {
    Rounds() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  public static void run(Options options) throws Exception {
    try (var report =
        new Report(options.results(), "connections", "Idle connections held by one process")) {
      for (int count : options.sizes(SIZES, QUICK_SIZES)) {
        Map<Contestant, Rounds> all = new EnumMap<>(Contestant.class);
        for (int round = 0; round < options.rounds(ROUNDS, QUICK_ROUNDS); round++) {
          for (Contestant each : Contestant.values()) {
            if (each != Contestant.ZOOKEEPER || (count <= MOST_OF_ZOOKEEPER && round == 0)) {
              measure(each, count, all.computeIfAbsent(each, _ -> new Rounds()));
            }
          }
        }
        show(report, count, all);
      }
    }
  }

  private static void measure(Contestant who, int count, Rounds rounds)
      throws IOException, InterruptedException {
    boolean named = who == Contestant.ZOOKEEPER;
    try (var process = new Remote(who);
        var clients = new Clients()) {
      for (int i = 0; i < WARM_UPS && !named; i++) {
        clients.connect(process.port, WARM_UP_CONNECTIONS, false);
        process.await(WARM_UP_CONNECTIONS);
        clients.hangUp();
        process.await(0);
      }
      Footprint before = process.footprint();
      double nanos = connect(clients, process, count, named);
      Footprint after = process.footprint();
      rounds.millis.add(nanos / TimeUnit.MILLISECONDS.toNanos(1));
      rounds.heap.add((after.heapBytes() - before.heapBytes()) / KB / count);
      rounds.nativeMemory.add((after.nativeBytes() - before.nativeBytes()) / KB / count);
      rounds.threads.add((double) (after.platformThreads() - before.platformThreads()) / count);
    }
  }

  /** Returns how long it took. */
  private static long connect(Clients clients, Remote process, int count, boolean named)
      throws IOException {
    long start = System.nanoTime();
    long end = start;
    for (int held = 0; held < count; ) {
      int wave = Math.min(WAVE, count - held);
      clients.connect(process.port, wave, named);
      held += wave;
      end = process.await(held);
    }
    return end - start;
  }

  private static void show(Report report, int count, Map<Contestant, Rounds> all) {
    String what = String.format("%,d connections, ", count);
    all.forEach((who, it) -> figure(report, what + "all held", who, it.millis, "ms"));
    all.forEach((who, it) -> figure(report, what + "heap of each", who, it.heap, "kB"));
    all.forEach((who, it) -> figure(report, what + "native of each", who, it.nativeMemory, "kB"));
    all.forEach((who, it) -> figure(report, what + "threads of each", who, it.threads, "threads"));
    Rounds ours = all.getOrDefault(Contestant.OURS, new Rounds());
    Rounds bare = all.getOrDefault(Contestant.BARE, new Rounds());
    report.ratio(
        what + "all held, to bare",
        Ratio.of(Samples.of(ours.millis), Samples.of(bare.millis)),
        TIME_TO_BARE);
    report.ratio(
        what + "heap, to bare",
        Ratio.of(Samples.of(ours.heap), Samples.of(bare.heap)),
        COST_TO_BARE);
    report.ratio(
        what + "heap and native, to bare",
        Ratio.of(Samples.of(both(ours)), Samples.of(both(bare))),
        COST_TO_BARE);
    // A pool may grow by a thread or two, whatever the number of connections.
    double threads = Math.rint(Samples.of(ours.threads).median());
    report.value(what + "platform threads of each", threads, "", NO_THREAD);
  }

  private static List<Double> both(Rounds rounds) {
    var sums = new ArrayList<Double>();
    for (int i = 0; i < rounds.heap.size(); i++) {
      sums.add(rounds.heap.get(i) + rounds.nativeMemory.get(i));
    }
    return sums;
  }

  private static void figure(
      Report report, String what, Contestant who, List<Double> values, String unit) {
    report.figure(what, who.toString(), Samples.of(values), unit);
  }

  /** The other process. */
  private static final class Remote implements AutoCloseable {
    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;
    private final int port;

    Remote(Contestant who) throws IOException {
      String java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
      var builder =
          new ProcessBuilder(
              java,
              "-Xms256m",
              "-Xmx1g",
              "-XX:+UseParallelGC",
              "-XX:NativeMemoryTracking=summary",
              "-Dzookeeper.admin.enableServer=false",
              "-cp",
              System.getProperty("java.class.path", ""),
              HolderProcess.class.getName(),
              who.name());
      process = builder.redirectError(Redirect.INHERIT).start();
      to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      from = process.inputReader(StandardCharsets.UTF_8);
      port = Integer.parseInt(answer());
    }

    private String answer() throws IOException {
      String line = from.readLine();
      if (line == null) {
        throw new IOException("the process that holds connections has ended");
      }
      return line;
    }

    /** Returns the time at which it held so many. */
    long await(int count) throws IOException {
      to.println("await " + count);
      return Long.parseLong(answer());
    }

    Footprint footprint() throws IOException {
      to.println("footprint");
      long[] numbers = Stream.of(answer().split(" ", -1)).mapToLong(Long::parseLong).toArray();
      return new Footprint(numbers[0], numbers[1], numbers[2]);
    }

    @Override
    public void close() throws IOException {
      to.close();
      try {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException _) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
