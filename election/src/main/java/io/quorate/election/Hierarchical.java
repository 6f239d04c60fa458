package io.quorate.election;

import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.ServerId;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Voters in groups, each vote with a weight. A quorum has more than half of the weight in more than
 * half of the groups; a group without weight does not count as one. Immutable.
 *
 * <p>Two quorums share a group, because each has more than half of them, and in that group a voter,
 * because each has more than half of its weight.
 *
 * @param voters who votes, those of weight 0 included
 * @param groups the voters of each group by its number; empty groups are left out
 * @param weights the weight of each voter: 1 unless given, and 0 for a voter of no group
 */
public record Hierarchical(
    Set<ServerId> voters, Map<Long, Set<ServerId>> groups, Map<ServerId, Long> weights)
    implements QuorumVerifier {

  /**
   * Checks, completes and copies.
   *
   * @throws IllegalArgumentException if a voter is in two groups, a weight is negative, their sum
   *     is too large for a long, or a group or a weight names an id of no voter
   */
  public Hierarchical {
    voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
    groups = copyOfGroups(voters, groups);
    weights = completeWeights(voters, groups, weights);
  }

  /**
   * Returns how the votes of a configuration with groups are counted.
   *
   * @param participants who votes
   * @param hierarchy the groups and weights
   * @return the verifier
   * @throws IllegalArgumentException as the constructor
   */
  public static Hierarchical of(Set<ServerId> participants, EnsembleConfig.Hierarchy hierarchy) {
    return new Hierarchical(participants, hierarchy.groups(), hierarchy.weights());
  }

  @Override
  public long weight(ServerId id) {
    return weights.getOrDefault(id, 0L);
  }

  @Override
  public boolean isQuorum(Set<ServerId> ids) {
    int counting = 0;
    int won = 0;
    for (Set<ServerId> group : groups.values()) {
      long total = 0;
      long ours = 0;
      for (ServerId voter : group) {
        total += weight(voter);
        ours += ids.contains(voter) ? weight(voter) : 0;
      }
      counting += total > 0 ? 1 : 0;
      won += ours > total / 2 ? 1 : 0;
    }
    return won > counting / 2;
  }

  private static SortedMap<Long, Set<ServerId>> copyOfGroups(
      Set<ServerId> voters, Map<Long, Set<ServerId>> groups) {
    var copy = new TreeMap<Long, Set<ServerId>>();
    var seen = new HashSet<ServerId>();
    groups.forEach(
        (number, ids) -> {
          for (ServerId id : ids) {
            requireVoter(voters, id, "group " + number);
            if (!seen.add(id)) {
              throw new IllegalArgumentException("server " + id + " is in two groups");
            }
          }
          if (!ids.isEmpty()) {
            copy.put(number, Collections.unmodifiableSortedSet(new TreeSet<>(ids)));
          }
        });
    return Collections.unmodifiableSortedMap(copy);
  }

  private static SortedMap<ServerId, Long> completeWeights(
      Set<ServerId> voters, Map<Long, Set<ServerId>> groups, Map<ServerId, Long> given) {
    given.forEach(
        (id, weight) -> {
          requireVoter(voters, id, "a weight");
          if (weight < 0) {
            throw new IllegalArgumentException("the weight of server " + id + " is negative");
          }
        });
    var complete = new TreeMap<ServerId, Long>();
    voters.forEach(id -> complete.put(id, 0L));
    groups.values().forEach(ids -> ids.forEach(id -> complete.put(id, given.getOrDefault(id, 1L))));
    long sum = 0;
    for (long weight : complete.values()) {
      if (weight > Long.MAX_VALUE - sum) {
        throw new IllegalArgumentException("the weights are too large to be added up");
      }
      sum += weight;
    }
    return Collections.unmodifiableSortedMap(complete);
  }

  private static void requireVoter(Set<ServerId> voters, ServerId id, String where) {
    if (!voters.contains(id)) {
      throw new IllegalArgumentException(where + " names server " + id + ", which does not vote");
    }
  }
}
