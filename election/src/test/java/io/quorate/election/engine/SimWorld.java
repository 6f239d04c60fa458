package io.quorate.election.engine;

import io.quorate.election.ElectionTimings;
import io.quorate.election.LeaderView;
import io.quorate.protocol.ConfigDigest;
import io.quorate.protocol.ServerId;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** An ensemble of real engines, one network, and one true time. The same seed, the same run. */
final class SimWorld {
  static final ConfigDigest DIGEST = new ConfigDigest("00");

  private static final long MILLION = 1_000_000;

  final SimSetup setup;
  final Random random;
  final SimTime time = new SimTime();
  final ElectionTimings electionTimings = ElectionTimings.lan();
  final SimFaults faults;
  final SimHistory history;
  final SimNetwork network;
  private final TreeMap<ServerId, SimServer> servers = new TreeMap<>();
  private long instances;

  SimWorld(SimSetup setup, long seed) {
    this.setup = setup;
    this.random = new Random(seed);
    this.instances = random.nextLong();
    this.faults = new SimFaults(this);
    this.history = new SimHistory(this);
    this.network = new SimNetwork(this);
    for (ServerId id : setup.priorities().keySet()) {
      network.add(id, List.copyOf(servers.keySet()));
      servers.put(id, new SimServer(this, id));
    }
  }

  /** Any two clocks differ by {@code drift} at most. */
  SimClock drawClock() {
    double drift = setup.timings().drift();
    long slowest = -(long) (drift / 2 * MILLION);
    long fastest = (long) ((MILLION + slowest) * (1 + drift)) - MILLION;
    long ppm =
        switch (random.nextInt(4)) {
          case 0 -> slowest;
          case 1 -> fastest;
          default -> slowest + random.nextLong(fastest - slowest + 1);
        };
    long offset =
        switch (random.nextInt(3)) {
          case 0 -> Long.MAX_VALUE - upTo(30 * SimTime.SECOND);
          case 1 -> -upTo(30 * SimTime.SECOND);
          default -> random.nextLong();
        };
    return new SimClock(offset, ppm);
  }

  long nextInstance() {
    return instances++;
  }

  SimServer server(ServerId id) {
    return Objects.requireNonNull(servers.get(id));
  }

  Collection<SimServer> servers() {
    return servers.values();
  }

  List<ServerId> ids() {
    return List.copyOf(servers.keySet());
  }

  ServerId any() {
    return anyOf(ids());
  }

  <T> T anyOf(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  long upTo(long most) {
    return most == 0 ? 0 : random.nextLong(most + 1);
  }

  // ---- what is so ----

  /** Returns the process of the latest term, if that goes on. */
  Optional<SimProcess> leader() {
    return history.latest().filter(SimHistory.Term::isOpen).map(SimHistory.Term::process);
  }

  /** Whether the latest term goes on and all of these show it as confirmed. */
  boolean agree(Collection<ServerId> ids) {
    Optional<SimProcess> leader = leader();
    if (leader.isEmpty()) {
      return false;
    }
    long epoch = history.latest().orElseThrow().token().epoch();
    return ids.stream().allMatch(id -> shows(id, leader.get().id(), epoch));
  }

  private boolean shows(ServerId id, ServerId leader, long epoch) {
    Optional<LeaderView> view = server(id).life().map(SimProcess::view);
    return view.filter(it -> it.confirmed() && it.epoch() == epoch)
        .flatMap(LeaderView::leader)
        .filter(leader::equals)
        .isPresent();
  }
}
