package io.quorate.testkit.world;

import io.quorate.election.ElectionTimings;
import io.quorate.election.LeaderView;
import io.quorate.election.engine.ElectionCounter;
import io.quorate.protocol.ConfigDigest;
import io.quorate.protocol.ServerId;
import io.quorate.testkit.world.Setup.AlgorithmKind;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An ensemble of real engines, one network, and one true time. The same seed, the same run. */
final class World {
  static final ConfigDigest DIGEST = new ConfigDigest("00");
  static final ConfigDigest OTHER_DIGEST = new ConfigDigest("01");

  private static final long MILLION = 1_000_000;

  final Setup setup;
  final VirtualTime time;

  /** What is drawn for one purpose does not shift what is drawn for another. */
  final SplittableRandom delays;

  final SplittableRandom disks;
  final SplittableRandom tasks;
  private final SplittableRandom clocks;
  final ElectionTimings electionTimings = ElectionTimings.lan();
  final Faults faults;
  final History history;
  final Network network;
  final Tried tried;
  final SplittableRandom algorithms;
  private final TreeMap<ServerId, Machine> servers = new TreeMap<>();
  private long instances;
  private long refused;
  private @Nullable ViolationException pending;
  private long elections;

  World(Setup setup, long seed, Tried tried, VirtualTime time) {
    this.setup = setup;
    this.tried = tried;
    this.time = time;
    var purposes = new SplittableRandom(~seed);
    this.delays = purposes.split();
    this.disks = purposes.split();
    this.tasks = purposes.split();
    this.clocks = purposes.split();
    this.algorithms = purposes.split();
    this.instances = clocks.nextLong();
    this.faults = new Faults(this);
    this.history = new History(this);
    this.network = new Network(this);
    for (ServerId id : setup.priorities().keySet()) {
      network.add(id, List.copyOf(servers.keySet()));
      servers.put(id, new Machine(this, id));
    }
  }

  /** Any two clocks differ by {@code drift} at most. */
  DriftingClock drawClock() {
    long slowest = rateAtTheBound(false);
    long fastest = rateAtTheBound(true);
    long ppm =
        switch (clocks.nextInt(4)) {
          case 0 -> slowest;
          case 1 -> fastest;
          default -> slowest + clocks.nextLong(fastest - slowest + 1);
        };
    long offset =
        switch (clocks.nextInt(3)) {
          case 0 -> Long.MAX_VALUE - upTo(clocks, 30 * VirtualTime.SECOND);
          case 1 -> -upTo(clocks, 30 * VirtualTime.SECOND);
          default -> clocks.nextLong();
        };
    return new DriftingClock(offset, ppm, 0);
  }

  /** Returns the fastest or the slowest rate, in millionths too fast. */
  long rateAtTheBound(boolean fast) {
    double drift = setup.timings().drift();
    long slowest = -(long) (drift / 2 * MILLION);
    return fast ? (long) ((MILLION + slowest) * (1 + drift)) - MILLION : slowest;
  }

  long nextInstance() {
    return instances++;
  }

  Machine server(ServerId id) {
    return Objects.requireNonNull(servers.get(id));
  }

  Collection<Machine> servers() {
    return servers.values();
  }

  List<ServerId> ids() {
    return List.copyOf(servers.keySet());
  }

  long upTo(SplittableRandom random, long most) {
    return most == 0 ? 0 : random.nextLong(most + 1);
  }

  /** The engine contains what an algorithm throws, so this is told when the step is over. */
  void violated(ViolationException violation) {
    pending = pending == null ? violation : pending;
  }

  void throwPending() {
    if (pending != null) {
      throw pending;
    }
  }

  /** Nothing that an algorithm is told makes a good one throw. */
  void blamed(String what, Throwable cause) {
    if (setup.kind() == AlgorithmKind.GIVEN && what.contains("algorithm")) {
      violated(
          new ViolationException("robustness (an algorithm does not throw)", cause.toString()));
    }
  }

  void counted(ElectionCounter counter) {
    if (counter == ElectionCounter.NOMINATIONS_REFUSED) {
      refused++;
    } else if (counter == ElectionCounter.ELECTIONS_STARTED) {
      elections++;
    }
  }

  /** Returns how often somebody was nominated who cannot lead. */
  long refusedNominations() {
    return refused;
  }

  long elections() {
    return elections;
  }

  // ---- what is so ----

  /** Returns the process of the latest term, if that goes on. */
  Optional<ServerProcess> leader() {
    return history.latest().filter(History.Term::isOpen).map(History.Term::process);
  }

  /** Whether the latest term goes on and all of these show it as confirmed. */
  boolean agree(Collection<ServerId> ids) {
    Optional<ServerProcess> leader = leader();
    if (leader.isEmpty()) {
      return false;
    }
    long epoch = history.latest().orElseThrow().token().epoch();
    return ids.stream().allMatch(id -> shows(id, leader.get().id(), epoch));
  }

  private boolean shows(ServerId id, ServerId leader, long epoch) {
    Optional<LeaderView> view = server(id).life().map(ServerProcess::view);
    return view.filter(it -> it.confirmed() && it.epoch() == epoch)
        .flatMap(LeaderView::leader)
        .filter(leader::equals)
        .isPresent();
  }
}
