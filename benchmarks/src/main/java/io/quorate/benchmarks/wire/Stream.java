package io.quorate.benchmarks.wire;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Ratio;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** As many messages one way as go through, every one of them checked. */
public final class Stream {
  private static final List<Integer> BYTES = List.of(100, 512);
  private static final int TARGET_BYTES = 100;
  private static final int WARM_UP_ROUNDS = 10;
  private static final int ROUNDS = 10;
  private static final int QUICK_ROUNDS = 3;

  /** So many that a round takes some tenths of a second. */
  private static final int MESSAGES = 500_000;

  private static final int QUICK_MESSAGES = 300_000;

  /** ZooKeeper's send queue holds one message. */
  private static final int FEWER = 25;

  private static final String UNIT = "messages/s";

  private static final Target TO_BARE = Target.atLeast(0.8);
  private static final Target TO_NETTY = Target.atLeast(2);
  private static final Target TO_ZOOKEEPER = Target.atLeast(10);

  private Stream() {}

  public static void run(Options options) throws Exception {
    try (var report = new Report(options.results(), "stream", "One-way stream, none lost")) {
      Map<Contestant, Pair> pairs = new EnumMap<>(Contestant.class);
      try {
        for (Contestant each : Contestant.values()) {
          pairs.put(each, each.connect());
        }
        for (int bytes : BYTES) {
          show(report, bytes, measure(pairs, bytes, options));
        }
      } finally {
        for (Pair pair : pairs.values()) {
          pair.close();
        }
      }
    }
  }

  private static Map<Contestant, Samples> measure(
      Map<Contestant, Pair> pairs, int bytes, Options options) throws Exception {
    int rounds = options.rounds(ROUNDS, QUICK_ROUNDS);
    int messages = options.quick() ? QUICK_MESSAGES : MESSAGES;
    Map<Contestant, List<Double>> rates = new EnumMap<>(Contestant.class);
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (var entry : pairs.entrySet()) {
        int count = entry.getKey() == Contestant.ZOOKEEPER ? messages / FEWER : messages;
        long nanos = entry.getValue().stream(count, bytes);
        if (round >= 0) {
          rates
              .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
              .add((double) count * TimeUnit.SECONDS.toNanos(1) / nanos);
        }
      }
    }
    Map<Contestant, Samples> samples = new EnumMap<>(Contestant.class);
    rates.forEach((each, values) -> samples.put(each, Samples.of(values)));
    return samples;
  }

  private static void show(Report report, int bytes, Map<Contestant, Samples> rates) {
    String what = bytes + " B";
    rates.forEach((each, samples) -> report.figure(what, each.toString(), samples, UNIT));
    Samples ours = rates.get(Contestant.OURS);
    for (Contestant other : EnumSet.complementOf(EnumSet.of(Contestant.OURS))) {
      Samples theirs = rates.get(other);
      if (ours == null || theirs == null) {
        throw new IllegalStateException("somebody did not take part");
      }
      Ratio ratio = Ratio.of(ours, theirs);
      String title = what + ", to " + other;
      if (bytes == TARGET_BYTES) {
        report.ratio(title, ratio, target(other));
      } else {
        report.ratio(title, ratio);
      }
    }
  }

  private static Target target(Contestant other) {
    return switch (other) {
      case BARE, BARE_DIRECT -> TO_BARE;
      case NETTY -> TO_NETTY;
      case ZOOKEEPER -> TO_ZOOKEEPER;
      case OURS -> throw new IllegalArgumentException("nobody is measured by itself");
    };
  }
}
