package io.quorate.benchmarks.ensemble;

import com.sun.management.ThreadMXBean;
import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Machine;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import io.quorate.election.LeaseTimings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What five servers cost while nothing happens. */
public final class Steady {
  private static final List<Integer> SIZES = List.of(5);
  private static final int ROUNDS = 3;
  private static final int QUICK_ROUNDS = 1;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(4);

  /** Before it is measured: so long what was just started is compiled. */
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final double PERCENT = 100;
  private static final double KB = 1000;

  private static final String LEADING = "Quorate, promise and lease, heartbeat 150 ms";
  private static final Target OF_A_CORE = Target.atMost(1);

  private final Options options;
  private final Report report;
  private final Map<String, List<Double>> percent = new LinkedHashMap<>();
  private final Map<String, List<Double>> allocated = new LinkedHashMap<>();

  private Steady(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  public static void run(Options options) throws Exception {
    try (var report =
        new Report(options.results(), "steady", "What servers cost while nothing happens")) {
      for (int servers : options.sizes(SIZES, SIZES)) {
        new Steady(options, report).measure(servers);
      }
    }
  }

  private interface Meanwhile {
    void run(long nanos) throws IOException, InterruptedException;
  }

  private void measure(int servers) throws IOException, InterruptedException {
    Places places = Places.of(servers);
    for (int round = 0; round < options.rounds(ROUNDS, QUICK_ROUNDS); round++) {
      measure("nothing: this JVM", servers, Steady::pass);
      try (var directory = new TemporaryDirectory(options.results());
          var ours =
              new OurEnsemble(places, Granted.data(directory.path()), OurEnsemble::nobodyListens)) {
        ours.cold();
        ours.link();
        ours.awaitConfirmed();
        measure(LEADING, servers, Steady::pass);
      }
      try (OurEnsemble electing = OurEnsemble.electing(places)) {
        electing.cold();
        electing.link();
        measure("Quorate, election only", servers, Steady::pass);
      }
      try (var bare = new BareEnsemble(places)) {
        bare.cold();
        measure("bare: a message and its answer, each 150 ms", servers, nanos -> beat(bare, nanos));
      }
      try (var real = new RealEnsemble(places)) {
        real.cold();
        real.link();
        measure("ZooKeeper's classes, which say nothing", servers, Steady::pass);
      }
    }
    percent.forEach(
        (who, values) ->
            report.figure(servers + " servers, each", who, Samples.of(values), "% of a processor"));
    allocated.forEach(
        (who, values) ->
            report.figure(servers + " servers, all", who, Samples.of(values), "kB allocated/s"));
    report.value(
        servers + " servers with a heartbeat of 150 ms, each",
        Samples.of(percent.getOrDefault(LEADING, List.of())).median(),
        "% of a processor",
        OF_A_CORE);
  }

  private long nanos() {
    return options.quick() ? QUICK_NANOS : NANOS;
  }

  private void measure(String who, int servers, Meanwhile meanwhile)
      throws IOException, InterruptedException {
    meanwhile.run(SETTLE_NANOS);
    var threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    long bytes = threads.getTotalThreadAllocatedBytes();
    long cpu = Machine.cpuNanos();
    long start = System.nanoTime();
    meanwhile.run(nanos());
    double nanos = (double) (System.nanoTime() - start);
    double seconds = nanos / TimeUnit.SECONDS.toNanos(1);
    percent
        .computeIfAbsent(who, _ -> new ArrayList<>())
        .add((Machine.cpuNanos() - cpu) / nanos / servers * PERCENT);
    allocated
        .computeIfAbsent(who, _ -> new ArrayList<>())
        .add((threads.getTotalThreadAllocatedBytes() - bytes) / seconds / KB);
  }

  private static void beat(BareEnsemble bare, long nanos) throws IOException, InterruptedException {
    long every = LeaseTimings.lan().heartbeat().toNanos();
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      bare.beat();
      pass(every);
    }
  }

  /** Lets time pass, which is what is measured here. */
  private static void pass(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
