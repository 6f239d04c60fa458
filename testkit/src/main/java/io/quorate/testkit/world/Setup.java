package io.quorate.testkit.world;

import io.quorate.election.Hierarchical;
import io.quorate.election.Joint;
import io.quorate.election.LeaseTimings;
import io.quorate.election.Majority;
import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * What an ensemble is made of.
 *
 * @param voters who votes, and with which weight
 * @param priorities of all servers, observers included
 * @param timings of the lease
 * @param fastFailover whether a dead leader's voters are free at once
 * @param kind which algorithm nominates
 * @param text what notifications carry
 */
record Setup(
    QuorumVerifier voters,
    Map<ServerId, Integer> priorities,
    LeaseTimings timings,
    boolean fastFailover,
    AlgorithmKind kind,
    ConfigText text) {

  /** The algorithms: the one that is tried, and what should cost no safety. */
  enum AlgorithmKind {
    /** The provider's. */
    GIVEN,
    /** The same, but it throws now and then. */
    THROWING,
    /** The same, but it throws so often that its server stops. */
    FAILING,
    /** Nominates anybody at each event. */
    RANDOM,
    /** Nominates its own server at each event. */
    SELFISH
  }

  static final int MAX_VOTERS = 7;

  /** Fewer cannot be changed so that some voters are new, some stay and some go. */
  static final int FEWEST_CHANGING = 3;

  /** Fewer cannot be grouped so that one of them weighs nothing. */
  private static final int FEWEST_GROUPED = 4;

  private static final int PORT = 1000;

  private static final List<LeaseTimings> TIMINGS =
      List.of(
          LeaseTimings.lan(),
          timings(1000, 400, 1300, 0.05),
          timings(500, 200, 800, 0.5),
          timings(800, 400, 801, 0));

  static LeaseTimings timings(int lease, int heartbeat, int suspect, double drift) {
    return new LeaseTimings(
        Duration.ofMillis(lease), Duration.ofMillis(heartbeat), Duration.ofMillis(suspect), drift);
  }

  /** Draws one of so many voters. */
  static Setup draw(RandomGenerator random, AlgorithmKind kind, int count) {
    var priorities = new TreeMap<ServerId, Integer>();
    int kinds = 1 + random.nextInt(3);
    for (int id = 1; id <= count; id++) {
      boolean witness = count > 2 && random.nextInt(5) == 0;
      priorities.put(ServerId.of(id), witness ? 0 : 1 + random.nextInt(kinds));
    }
    priorities.put(ServerId.of(1 + random.nextInt(count)), 1);
    if (random.nextInt(3) == 0) {
      priorities.put(ServerId.of(count + 1), 1);
    }
    boolean grouped = count >= FEWEST_GROUPED && random.nextInt(5) == 0;
    if (grouped) {
      // The second one weighs nothing; somebody must be able to lead.
      priorities.put(ServerId.of(1), 1);
    }
    LeaseTimings timings = TIMINGS.get(random.nextInt(TIMINGS.size()));
    return of(count, grouped, priorities, timings).with(kind, false);
  }

  /** Makes one whose algorithm is the given one. */
  static Setup of(
      int count, boolean grouped, Map<ServerId, Integer> priorities, LeaseTimings timings) {
    var all = new TreeSet<ServerId>();
    var members = new ArrayList<Member>();
    for (int id = 1; id <= count; id++) {
      all.add(ServerId.of(id));
      members.add(
          Member.of(
              ServerId.of(id), Role.PARTICIPANT, List.of(new HostPort("simulated", PORT + id))));
    }
    return new Setup(
        grouped ? groups(all) : new Majority(all),
        priorities,
        timings,
        false,
        AlgorithmKind.GIVEN,
        ConfigText.of(EnsembleConfig.majority(members)));
  }

  Setup with(AlgorithmKind other, boolean fast) {
    return new Setup(voters, priorities, timings, fast, other, text);
  }

  Setup withFastFailover() {
    return with(kind, true);
  }

  /** Nobody is to be preferred, so nobody makes room for another. */
  Setup withoutPreference() {
    var equal = new TreeMap<>(priorities);
    equal.replaceAll((_, priority) -> Math.min(1, priority));
    return new Setup(voters, equal, timings, fastFailover, kind, text);
  }

  /** The first two voters, of which one weighs nothing, and the others. */
  private static QuorumVerifier groups(Set<ServerId> all) {
    var first = Set.of(ServerId.of(1), ServerId.of(2));
    var second = new TreeSet<>(all);
    second.removeAll(first);
    return new Hierarchical(
        all, new TreeMap<>(Map.of(1L, first, 2L, second)), Map.of(ServerId.of(2), 0L));
  }

  /** The ensemble is about to change: the first of them voted so far, and the last will. */
  Setup changing() {
    var all = List.copyOf(new TreeSet<>(voters.voters()));
    int each = all.size() / 2 + 1;
    var joint =
        new Joint(
            new Majority(Set.copyOf(all.subList(0, each))),
            new Majority(Set.copyOf(all.subList(all.size() - each, all.size()))));
    return new Setup(joint, priorities, timings, fastFailover, kind, text);
  }

  boolean isGrouped() {
    return voters instanceof Hierarchical;
  }

  boolean isChanging() {
    return voters instanceof Joint;
  }

  int priority(ServerId id) {
    return priorities.getOrDefault(id, 0);
  }

  boolean mayLead(ServerId id) {
    return voters.weight(id) > 0 && priority(id) > 0;
  }

  long lease() {
    return timings.lease().toNanos();
  }
}
