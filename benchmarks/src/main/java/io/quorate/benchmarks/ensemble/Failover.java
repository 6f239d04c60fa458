package io.quorate.benchmarks.ensemble;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Ratio;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.LeaseTimings;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Five servers in one process lose their leader, by kind of loss: how long until the others agree
 * on another one, or until another one is granted its term. Each round has new servers.
 */
public final class Failover {
  private static final List<Integer> SIZES = List.of(5);
  private static final int ROUNDS = 10;
  private static final int QUICK_ROUNDS = 3;
  private static final int WARM_UP = 2;

  /** Of what takes no lease's time: until its code is compiled. */
  private static final int WARM_UP_CLOSED = 1000;

  private static final long PATIENCE_SECONDS = 10;

  /** How long a round goes on undisturbed once nobody is bound to anybody else. */
  private static final Duration MARGIN = Duration.ofMillis(150);

  private static final String OURS = "Quorate, election only";
  private static final String ZOOKEEPER = "ZooKeeper's classes";
  private static final String BARE = "bare exchange of votes";
  private static final String LEADING = "Quorate, promises in files";
  private static final String CLOSED = "closed: the others agree";

  /** As of an election. */
  private static final Target TO_BARE = Target.atMost(2.5);

  private static final Target TO_ZOOKEEPER = Target.atMost(0.05);

  private enum Loss {
    CLOSED("closed: another one is granted"),
    HANDED_OFF("handed off: another one is granted"),
    CRASHED_FAST("connections end, fastFailover: another one is granted"),
    CRASHED("connections end: another one is granted after the lease");

    private final String title;

    Loss(String title) {
      this.title = title;
    }
  }

  private final Options options;
  private final Report report;
  private final Map<String, Map<String, List<Double>>> millis = new LinkedHashMap<>();

  private Failover(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  public static void run(Options options) throws Exception {
    try (var report =
        new Report(options.results(), "failover", "Fail-over in one process, by kind")) {
      for (int servers : options.sizes(SIZES, SIZES)) {
        new Failover(options, report).measure(servers);
      }
    }
  }

  private interface Measure {
    double millis() throws IOException, InterruptedException;
  }

  private void measure(int servers) throws IOException, InterruptedException {
    Places places = Places.of(servers);
    int rounds = options.rounds(ROUNDS, QUICK_ROUNDS);
    for (int round = 0; round < WARM_UP_CLOSED; round++) {
      measure(false, CLOSED, OURS, () -> closed(places));
      measure(false, CLOSED, BARE, () -> bare(places));
    }
    for (int round = -WARM_UP; round < rounds; round++) {
      boolean counts = round >= 0;
      measure(counts, CLOSED, OURS, () -> closed(places));
      measure(counts, CLOSED, BARE, () -> bare(places));
      measure(counts, CLOSED, ZOOKEEPER, () -> closedReal(places));
      for (Loss loss : Loss.values()) {
        measure(counts, loss.title, LEADING, () -> lost(places, loss));
      }
    }
    String n = servers + " servers, ";
    millis.forEach(
        (what, all) ->
            all.forEach((who, values) -> report.figure(n + what, who, Samples.of(values), "ms")));
    report.ratio(n + "closed, to bare", ratio(OURS, BARE), TO_BARE);
    report.ratio(n + "closed, to ZooKeeper", ratio(OURS, ZOOKEEPER), TO_ZOOKEEPER);
  }

  private Ratio ratio(String one, String other) {
    Map<String, List<Double>> all = millis.getOrDefault(CLOSED, Map.of());
    return Ratio.of(
        Samples.of(all.getOrDefault(one, List.of())),
        Samples.of(all.getOrDefault(other, List.of())));
  }

  private void measure(boolean counts, String what, String who, Measure measure)
      throws IOException, InterruptedException {
    try {
      double taken = measure.millis();
      if (counts) {
        millis
            .computeIfAbsent(what, _ -> new LinkedHashMap<>())
            .computeIfAbsent(who, _ -> new ArrayList<>())
            .add(taken);
      }
    } catch (Hang hang) {
      report.note("HANG of %s, %s: %s".formatted(who, what, hang.write(options.results())));
    }
  }

  private static double closed(Places places) throws InterruptedException {
    try (OurEnsemble ensemble = OurEnsemble.electing(places)) {
      ensemble.cold();
      ensemble.link();
      return millis(ensemble.close(ensemble.leader()));
    }
  }

  private static double bare(Places places) throws IOException, InterruptedException {
    try (var ensemble = new BareEnsemble(places)) {
      ensemble.cold();
      return millis(ensemble.closeLast());
    }
  }

  private static double closedReal(Places places) throws InterruptedException {
    try (var ensemble = new RealEnsemble(places)) {
      ensemble.cold();
      ensemble.link();
      return millis(ensemble.closeLeader());
    }
  }

  private double lost(Places places, Loss loss) throws IOException, InterruptedException {
    var transports = new Crashable();
    var granted = new Grants();
    try (var directory = new TemporaryDirectory(options.results());
        var ensemble =
            new OurEnsemble(places, settings(directory, transports, loss), granted::tell)) {
      ensemble.cold();
      ensemble.link();
      ensemble.awaitConfirmed();
      // A nominee that failed at the start may have bound voters to itself until then.
      LockSupport.parkNanos(LeaseTimings.lan().grant().plus(MARGIN).toNanos());
      ensemble.awaitConfirmed();
      LeaderElection leader = ensemble.leader();
      granted.expect(leader.self());
      var losing =
          Thread.ofPlatform().name("losing").unstarted(() -> lose(leader, loss, transports));
      long start = System.nanoTime();
      losing.start();
      long at = granted.await(ensemble);
      losing.join();
      return millis(at - start);
    }
  }

  private static UnaryOperator<LeaderElectionConfig.Builder> settings(
      TemporaryDirectory directory, Crashable transports, Loss loss) {
    UnaryOperator<LeaderElectionConfig.Builder> data = Granted.data(directory.path());
    return it -> {
      LeaderElectionConfig.Builder builder = data.apply(it).transport(transports);
      return loss == Loss.CRASHED_FAST ? builder.fastFailover() : builder;
    };
  }

  private static void lose(LeaderElection leader, Loss loss, Crashable transports) {
    switch (loss) {
      case CLOSED -> leader.close();
      case HANDED_OFF -> leader.handOff(Duration.ofSeconds(PATIENCE_SECONDS));
      case CRASHED, CRASHED_FAST -> transports.crash(leader.self());
    }
  }

  /** Waits for the first term of anybody but the one that is lost. */
  private static final class Grants {
    private final CountDownLatch granted = new CountDownLatch(1);
    private final AtomicLong at = new AtomicLong();
    private volatile ServerId lost = ServerId.NONE;

    void expect(ServerId leader) {
      lost = leader;
    }

    void tell(ServerId server, ElectionEvent event) {
      boolean later = event instanceof ElectionEvent.Granted && lost.isMember();
      if (later && !server.equals(lost)) {
        at.compareAndSet(0, System.nanoTime());
        granted.countDown();
      }
    }

    long await(OurEnsemble ensemble) throws InterruptedException {
      if (!granted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Hang("nobody is granted", Agreement.describe(ensemble.servers()));
      }
      return at.get();
    }
  }

  private static double millis(long nanos) {
    return (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }
}
