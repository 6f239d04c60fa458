package io.quorate.election.engine;

import io.quorate.election.Ensembles;
import io.quorate.election.Hierarchical;
import io.quorate.election.LeaseTimings;
import io.quorate.election.Majority;
import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

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
record SimSetup(
    QuorumVerifier voters,
    Map<ServerId, Integer> priorities,
    LeaseTimings timings,
    boolean fastFailover,
    AlgorithmKind kind,
    ConfigText text) {

  /** The algorithms: a good one, and some that should cost no safety. */
  enum AlgorithmKind {
    /** Fast leader election. */
    FAST,
    /** The same, but it throws now and then. */
    THROWING,
    /** The same, but it throws so often that its server stops. */
    FAILING,
    /** Nominates anybody at each event. */
    RANDOM,
    /** Nominates its own server at each event. */
    SELFISH
  }

  private static final int MAX_VOTERS = 5;
  private static final ConfigText[] TEXTS =
      IntStream.rangeClosed(0, MAX_VOTERS)
          .mapToObj(n -> ConfigText.of(Ensembles.inMemory(Math.max(1, n), 1)))
          .toArray(ConfigText[]::new);

  private static final List<LeaseTimings> TIMINGS =
      List.of(
          LeaseTimings.lan(),
          timings(1000, 400, 1300, 0.05),
          timings(500, 200, 800, 0.5),
          timings(800, 400, 801, 0));

  private static LeaseTimings timings(int lease, int heartbeat, int suspect, double drift) {
    return new LeaseTimings(
        Duration.ofMillis(lease), Duration.ofMillis(heartbeat), Duration.ofMillis(suspect), drift);
  }

  /** Draws one. */
  static SimSetup draw(Random random, AlgorithmKind kind, int minVoters) {
    int count = minVoters + random.nextInt(MAX_VOTERS + 1 - minVoters);
    var priorities = new TreeMap<ServerId, Integer>();
    int kinds = 1 + random.nextInt(3);
    for (int id = 1; id <= count; id++) {
      boolean witness = count > 2 && random.nextInt(5) == 0;
      priorities.put(ServerId.of(id), witness ? 0 : 1 + random.nextInt(kinds));
    }
    var all = new TreeSet<>(priorities.keySet());
    priorities.put(ServerId.of(1 + random.nextInt(count)), 1);
    if (random.nextInt(3) == 0) {
      priorities.put(ServerId.of(count + 1), 1);
    }
    boolean grouped = count > 3 && random.nextInt(5) == 0;
    return new SimSetup(
        grouped ? groups(all) : new Majority(all),
        priorities,
        TIMINGS.get(random.nextInt(TIMINGS.size())),
        false,
        kind,
        TEXTS[count]);
  }

  SimSetup withFastFailover() {
    return new SimSetup(voters, priorities, timings, true, kind, text);
  }

  /** Nobody is to be preferred, so nobody makes room for another. */
  SimSetup withoutPreference() {
    var equal = new TreeMap<>(priorities);
    equal.replaceAll((_, priority) -> Math.min(1, priority));
    return new SimSetup(voters, equal, timings, fastFailover, kind, text);
  }

  /** The first two voters, of which one weighs nothing, and the others. */
  private static QuorumVerifier groups(Set<ServerId> all) {
    var first = Set.of(ServerId.of(1), ServerId.of(2));
    var second = new TreeSet<>(all);
    second.removeAll(first);
    return new Hierarchical(
        all, new TreeMap<>(Map.of(1L, first, 2L, second)), Map.of(ServerId.of(2), 0L));
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
