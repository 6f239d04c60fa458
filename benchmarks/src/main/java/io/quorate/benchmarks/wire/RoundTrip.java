package io.quorate.benchmarks.wire;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Ratio;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** One message there and back between two servers, again and again. */
public final class RoundTrip {
  private static final List<Contestant> CONTESTANTS =
      List.of(Contestant.OURS, Contestant.BARE, Contestant.NETTY, Contestant.ZOOKEEPER);

  /** A notification without a configuration, and with one of some ten servers. */
  private static final List<Integer> BYTES = List.of(44, 512);

  private static final int WARM_UP_ROUNDS = 5;
  private static final int ROUNDS = 10;
  private static final int QUICK_ROUNDS = 3;
  private static final int TRIPS = 10_000;
  private static final int QUICK_TRIPS = 5_000;
  private static final double P99 = 0.99;
  private static final String UNIT = "µs";

  private static final Target TO_BARE = Target.atMost(1.3);
  private static final Target TO_ZOOKEEPER = Target.atMost(0.7);
  private static final Target P99_TO_BARE = Target.atMost(1.5);

  private RoundTrip() {}

  /** The quantiles of each round, in microseconds. */
  private record Trips(List<Double> p50, List<Double> p99) {}

  public static void run(Options options) throws Exception {
    String where = options.pinned() ? "pinned to one processor" : "on all processors";
    String name = options.pinned() ? "roundtrip-pinned" : "roundtrip";
    try (var report = new Report(options.results(), name, "Round trip, " + where)) {
      Map<Contestant, Pair> pairs = new EnumMap<>(Contestant.class);
      try {
        for (Contestant each : CONTESTANTS) {
          pairs.put(each, each.connect());
        }
        for (int bytes : BYTES) {
          show(report, options.pinned(), bytes, measure(pairs, bytes, options));
        }
      } finally {
        for (Pair pair : pairs.values()) {
          pair.close();
        }
      }
    }
  }

  private static Map<Contestant, Trips> measure(
      Map<Contestant, Pair> pairs, int bytes, Options options) throws Exception {
    int rounds = options.rounds(ROUNDS, QUICK_ROUNDS);
    int trips = options.quick() ? QUICK_TRIPS : TRIPS;
    Map<Contestant, Trips> all = new EnumMap<>(Contestant.class);
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (var entry : pairs.entrySet()) {
        Samples nanos =
            Samples.of(LongStream.of(entry.getValue().roundTrips(trips, bytes)).boxed().toList());
        if (round >= 0) {
          Samples micros = nanos.times(1.0 / TimeUnit.MICROSECONDS.toNanos(1));
          Trips its =
              all.computeIfAbsent(
                  entry.getKey(), _ -> new Trips(new ArrayList<>(), new ArrayList<>()));
          its.p50.add(micros.median());
          its.p99.add(micros.quantile(P99));
        }
      }
    }
    return all;
  }

  private static void show(
      Report report, boolean pinned, int bytes, Map<Contestant, Trips> measured) {
    measured.forEach(
        (each, trips) ->
            report.figure(bytes + " B, p50", each.toString(), Samples.of(trips.p50), UNIT));
    measured.forEach(
        (each, trips) ->
            report.figure(bytes + " B, p99", each.toString(), Samples.of(trips.p99), UNIT));
    Trips ours = measured.get(Contestant.OURS);
    Trips bare = measured.get(Contestant.BARE);
    Trips theirs = measured.get(Contestant.ZOOKEEPER);
    Trips netty = measured.get(Contestant.NETTY);
    if (ours == null || bare == null || theirs == null || netty == null) {
      throw new IllegalStateException("somebody did not take part");
    }
    Ratio toBare = Ratio.of(Samples.of(ours.p50), Samples.of(bare.p50));
    Ratio toZooKeeper = Ratio.of(Samples.of(ours.p50), Samples.of(theirs.p50));
    Ratio p99ToBare = Ratio.of(Samples.of(ours.p99), Samples.of(bare.p99));
    if (pinned) {
      report.ratio(bytes + " B, p50, to bare", toBare, TO_BARE);
      report.ratio(bytes + " B, p50, to ZooKeeper", toZooKeeper, TO_ZOOKEEPER);
      report.ratio(bytes + " B, p99, to bare", p99ToBare, P99_TO_BARE);
    } else {
      report.ratio(bytes + " B, p50, to bare", toBare);
      report.ratio(bytes + " B, p50, to ZooKeeper", toZooKeeper);
      report.ratio(bytes + " B, p99, to bare", p99ToBare);
    }
    report.ratio(
        bytes + " B, p50, to Netty", Ratio.of(Samples.of(ours.p50), Samples.of(netty.p50)));
  }
}
