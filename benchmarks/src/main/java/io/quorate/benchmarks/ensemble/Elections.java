package io.quorate.benchmarks.ensemble;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Machine;
import io.quorate.benchmarks.report.Ratio;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long an election takes and what it costs, by the number of servers: all of them started at
 * once, and again while all links are up.
 */
public final class Elections {
  private static final List<Integer> SIZES = List.of(3, 5, 7, 9, 15, 25, 51, 75, 101);
  private static final List<Integer> QUICK_SIZES = List.of(3, 5, 9);

  /** Both ends of its connection, and some of those that are for nothing; 3.4 were seen. */
  private static final double FILES_OF_A_PAIR = 3.5;

  /** From here on a round takes so long that there are fewer. */
  private static final int MANY = 15;

  private static final int ROUNDS = 20;
  private static final int QUICK_ROUNDS = 5;
  private static final int ROUNDS_OF_MANY = 5;

  /** ZooKeeper's classes wait 200 ms by design, and so vary little. */
  private static final int ROUNDS_OF_ZOOKEEPER = 3;

  private static final int QUICK_ROUNDS_OF_ZOOKEEPER = 1;

  private static final int AGAIN = 10;
  private static final int AGAIN_OF_MANY = 3;

  /** Whoever has ten times the code needs more rounds before all of it is compiled. */
  private static final List<Integer> WARM_UP_SIZES = List.of(9, 3);

  private static final int WARM_UP = 1000;

  /** And these of each size. */
  private static final int FIRST_ROUNDS = 100;

  private static final int FIRST_ROUNDS_OF_MANY = 10;

  /** Beyond, ZooKeeper's classes take minutes and 20,000 threads. */
  private static final int MOST_OF_ZOOKEEPER = 51;

  private static final int LARGEST_WITH_TARGET = 51;

  /** Votes may still be on their way when all have decided. */
  private static final long TAIL_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  private static final Target AGAIN_TO_BARE = Target.atMost(2.5);
  private static final Target COLD_TO_BARE = Target.atMost(3);
  private static final Target MANY_TO_BARE = Target.atMost(4);
  private static final Target ZOOKEEPER_TO_OURS = Target.atLeast(20);
  private static final Target VOTES_TO_BARE = Target.atMost(1.2);

  private static final String MILLIS = "ms";

  private enum Contestant {
    OURS("Quorate, election only") {
      @Override
      Ensemble of(Places places) {
        return OurEnsemble.electing(places);
      }
    },
    BARE("bare exchange of votes") {
      @Override
      Ensemble of(Places places) {
        return new BareEnsemble(places);
      }
    },
    ZOOKEEPER("ZooKeeper's classes") {
      @Override
      Ensemble of(Places places) {
        return new RealEnsemble(places);
      }
    };

    private final String title;

    Contestant(String title) {
      this.title = title;
    }

    abstract Ensemble of(Places places);
  }

  /** What one contestant's rounds took: milliseconds, milliseconds of a processor, and votes. */
  private static final class Rounds {
    private final List<Double> cold = new ArrayList<>();
    private final List<Double> coldCpu = new ArrayList<>();
    private final List<Double> again = new ArrayList<>();
    private final List<Double> againCpu = new ArrayList<>();
    private final List<Double> votes = new ArrayList<>();

    /** Two exchanges: nobody knows the best candidate before the first one. */
    private final List<Double> twice = new ArrayList<>();

    private long disagreements;
  }

  private final Options options;
  private final Report report;

  private Elections(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  public static void run(Options options) throws Exception {
    try (var report =
        new Report(options.results(), "elections", "Elections in one process, by size")) {
      var elections = new Elections(options, report);
      elections.warmUp();
      for (int servers : options.sizes(SIZES, QUICK_SIZES)) {
        elections.measure(servers);
      }
      Soak.run(options, report);
    }
    Granted.run(options);
  }

  private void warmUp() throws IOException, InterruptedException {
    for (int servers : WARM_UP_SIZES) {
      Places places = Places.of(servers);
      // Classes that are loaded later would undo some of what is compiled for the others.
      turn(Contestant.ZOOKEEPER, places, false, new Rounds());
      for (int round = 0; round < WARM_UP; round++) {
        turn(Contestant.OURS, places, false, new Rounds());
        turn(Contestant.BARE, places, false, new Rounds());
      }
    }
  }

  private void measure(int servers) throws IOException, InterruptedException {
    double files = FILES_OF_A_PAIR * servers * (servers - 1) / 2;
    if (files > Machine.maxFiles()) {
      report.note(
          "%d servers are NOT MEASURED: they may need %,.0f open files, and %,d are allowed"
              .formatted(servers, files, Machine.maxFiles()));
      return;
    }
    boolean many = servers >= MANY;
    int rounds = options.rounds(many ? ROUNDS_OF_MANY : ROUNDS, QUICK_ROUNDS);
    int first = many ? FIRST_ROUNDS_OF_MANY : FIRST_ROUNDS;
    Places places = Places.of(servers);
    Map<Contestant, Rounds> all = new EnumMap<>(Contestant.class);
    for (Contestant each : Contestant.values()) {
      if (each != Contestant.ZOOKEEPER || servers <= MOST_OF_ZOOKEEPER) {
        all.put(each, new Rounds());
      }
    }
    for (int round = -first; round < rounds; round++) {
      for (var entry : all.entrySet()) {
        if (takesPart(entry.getKey(), round)) {
          turn(entry.getKey(), places, round >= 0, round >= 0 ? entry.getValue() : new Rounds());
        }
      }
    }
    show(servers, all);
  }

  private boolean takesPart(Contestant who, int round) {
    int most = options.quick() ? QUICK_ROUNDS_OF_ZOOKEEPER : ROUNDS_OF_ZOOKEEPER;
    return who != Contestant.ZOOKEEPER || (round >= 0 && round < most);
  }

  /** One cold election and some with all links up. One that hangs is told, and not counted. */
  private void turn(Contestant who, Places places, boolean counts, Rounds rounds)
      throws IOException, InterruptedException {
    int again = places.voters() >= MANY ? AGAIN_OF_MANY : AGAIN;
    Ensemble ensemble = who.of(places);
    try {
      long cpu = Machine.cpuNanos();
      long cold = ensemble.cold();
      rounds.coldCpu.add(millis(Machine.cpuNanos() - cpu));
      rounds.cold.add(millis(cold));
      ensemble.link();
      ensemble.again();
      rest(counts);
      long votes = ensemble.votesSent();
      cpu = Machine.cpuNanos();
      double sum = 0;
      for (int i = 0; i < again; i++) {
        sum += millis(ensemble.again());
      }
      rounds.againCpu.add(millis(Machine.cpuNanos() - cpu) / again);
      rounds.again.add(sum / again);
      rest(counts);
      rounds.votes.add((double) (ensemble.votesSent() - votes) / again);
      if (who == Contestant.BARE) {
        rounds.twice.add(millis(ensemble.again() + ensemble.again()));
      }
    } catch (Hang hang) {
      report.note(
          "HANG of %s with %d servers: %s"
              .formatted(who.title, places.voters(), hang.write(options.results())));
    } finally {
      if (ensemble instanceof OurEnsemble ours) {
        rounds.disagreements += ours.disagreements().size();
      } else if (ensemble instanceof RealEnsemble real) {
        rounds.disagreements += real.disagreements();
      }
      ensemble.close();
    }
  }

  /** Lets the votes of an election arrive before they are counted. */
  private static void rest(boolean counts) {
    if (counts) {
      LockSupport.parkNanos(TAIL_NANOS);
    }
  }

  private static double millis(long nanos) {
    return (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }

  private void show(int servers, Map<Contestant, Rounds> all) {
    String n = servers + " servers, ";
    all.forEach(
        (who, rounds) -> {
          figure(n + "links up", who, rounds.again, MILLIS);
          figure(n + "cold", who, rounds.cold, MILLIS);
        });
    all.forEach(
        (who, rounds) -> {
          if (servers >= MANY) {
            // A clock that goes in steps of 10 ms says nothing of fewer.
            figure(n + "links up, CPU", who, rounds.againCpu, MILLIS + " of a processor");
            figure(n + "cold, CPU", who, rounds.coldCpu, MILLIS + " of a processor");
          }
          if (who != Contestant.ZOOKEEPER) {
            figure(n + "votes of an election", who, rounds.votes, "messages");
          }
          if (rounds.disagreements > 0) {
            report.note(
                "%s%s: all had decided, and not alike at first, in %d elections"
                    .formatted(n, who.title, rounds.disagreements));
          }
        });
    Rounds ours = all.getOrDefault(Contestant.OURS, new Rounds());
    twice(n, ours, all.getOrDefault(Contestant.BARE, new Rounds()));
    Rounds bare = all.getOrDefault(Contestant.BARE, new Rounds());
    Rounds theirs = all.getOrDefault(Contestant.ZOOKEEPER, new Rounds());
    boolean many = servers >= MANY;
    boolean judged = servers <= LARGEST_WITH_TARGET;
    ratio(
        judged,
        n + "links up, to bare",
        ours.again,
        bare.again,
        many ? MANY_TO_BARE : AGAIN_TO_BARE);
    ratio(judged, n + "cold, to bare", ours.cold, bare.cold, many ? MANY_TO_BARE : COLD_TO_BARE);
    if (many) {
      ratio(judged, n + "links up, CPU, to bare", ours.againCpu, bare.againCpu, MANY_TO_BARE);
      ratio(judged, n + "cold, CPU, to bare", ours.coldCpu, bare.coldCpu, MANY_TO_BARE);
    }
    ratio(many, n + "links up, ZooKeeper to ours", theirs.again, ours.again, ZOOKEEPER_TO_OURS);
    ratio(many, n + "cold, ZooKeeper to ours", theirs.cold, ours.cold, ZOOKEEPER_TO_OURS);
    ratio(judged, n + "votes, to bare", ours.votes, bare.votes, VOTES_TO_BARE);
  }

  private void twice(String n, Rounds ours, Rounds bare) {
    if (!bare.twice.isEmpty()) {
      report.figure(n + "links up", "the same exchange, twice", Samples.of(bare.twice), MILLIS);
      ratio(false, n + "links up, to bare twice", ours.again, bare.twice, AGAIN_TO_BARE);
    }
  }

  private void figure(String what, Contestant who, List<Double> values, String unit) {
    if (!values.isEmpty()) {
      report.figure(what, who.title, Samples.of(values), unit);
    }
  }

  private void ratio(
      boolean judged, String what, List<Double> one, List<Double> other, Target target) {
    if (one.isEmpty() || other.isEmpty()) {
      return;
    }
    Ratio ratio = Ratio.of(Samples.of(one), Samples.of(other));
    if (judged) {
      report.ratio(what, ratio, target);
    } else {
      report.ratio(what, ratio);
    }
  }
}
