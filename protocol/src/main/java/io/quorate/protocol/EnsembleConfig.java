package io.quorate.protocol;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who belongs to an ensemble, and how its votes are weighed. Immutable.
 *
 * @param members every member by id, in the order of ids, at most {@link #MAX_MEMBERS}; none is
 *     legal, and is what a server says that knows of no ensemble
 * @param hierarchy groups and weights; empty for a plain majority
 * @param version the configuration's version, not negative
 */
public record EnsembleConfig(
    SortedMap<ServerId, Member> members, Optional<Hierarchy> hierarchy, long version) {

  /** How many members an ensemble can have, observers included. */
  public static final int MAX_MEMBERS = 1024;

  /** The heaviest vote; the sum over all members stays far from the end of a long. */
  public static final long MAX_WEIGHT = Integer.MAX_VALUE;

  /**
   * Groups of voters and the weight of each vote. Both maps iterate in the order of their numbers.
   * An id in a group that is not a participant's counts in the weight of its group, as ZooKeeper
   * counts it, although its vote never comes.
   *
   * @param groups the members of each group by its number, at least one group and one member in
   *     each; no id is in two, at most {@link #MAX_MEMBERS} in all
   * @param weights the weight of each id, 0 to {@link #MAX_WEIGHT}; one that is in a group and not
   *     in the given map gets weight 1
   */
  public record Hierarchy(Map<Long, Set<ServerId>> groups, Map<ServerId, Long> weights) {

    /**
     * Checks and copies the maps.
     *
     * @throws IllegalArgumentException if there is no group or an empty one, an id is in two groups
     *     or negative, there are too many, or a weight is out of range
     */
    public Hierarchy {
      var sortedGroups = new TreeMap<Long, Set<ServerId>>();
      var sortedWeights = new TreeMap<ServerId, Long>(weights);
      var grouped = new HashSet<ServerId>();
      groups.forEach(
          (group, ids) -> {
            if (group < 0 || ids.isEmpty()) {
              throw new IllegalArgumentException("a group has a number from 0 up and an id");
            }
            for (ServerId id : ids) {
              if (!grouped.add(id)) {
                throw new IllegalArgumentException("the id " + id + " is in two groups");
              }
              sortedWeights.putIfAbsent(id, 1L);
            }
            sortedGroups.put(group, Collections.unmodifiableSortedSet(new TreeSet<>(ids)));
          });
      if (sortedGroups.isEmpty()) {
        throw new IllegalArgumentException("a hierarchy has a group");
      }
      if (sortedWeights.firstKey().value() < 0) {
        throw new IllegalArgumentException("an id of a hierarchy is not negative");
      }
      if (sortedWeights.size() > MAX_MEMBERS || sortedGroups.size() > MAX_MEMBERS) {
        throw new IllegalArgumentException(
            "a hierarchy has at most " + MAX_MEMBERS + " groups and as many ids");
      }
      for (long weight : sortedWeights.values()) {
        if (weight < 0 || weight > MAX_WEIGHT) {
          throw new IllegalArgumentException("a weight is within 0.." + MAX_WEIGHT);
        }
      }
      groups = Collections.unmodifiableSortedMap(sortedGroups);
      weights = Collections.unmodifiableSortedMap(sortedWeights);
    }

    private Set<ServerId> grouped() {
      var grouped = new HashSet<ServerId>();
      groups.values().forEach(grouped::addAll);
      return grouped;
    }
  }

  /**
   * Checks the fields and copies the map.
   *
   * @throws IllegalArgumentException if a key is not its member's id, there are too many members,
   *     observers without a participant, a participant outside every group of a hierarchy, or the
   *     version is negative
   */
  public EnsembleConfig {
    var sorted = new TreeMap<ServerId, Member>();
    sorted.putAll(members);
    members = Collections.unmodifiableSortedMap(sorted);
    if (members.size() > MAX_MEMBERS) {
      throw new IllegalArgumentException(
          "an ensemble has at most " + MAX_MEMBERS + " members, not " + members.size());
    }
    members.forEach(
        (id, member) -> {
          if (!id.equals(member.id())) {
            throw new IllegalArgumentException("the id " + id + " is not its member's");
          }
        });
    SortedSet<ServerId> voters = idsOf(members, Member.Role.PARTICIPANT);
    if (voters.isEmpty() && !members.isEmpty()) {
      throw new IllegalArgumentException("observers need a participant to observe");
    }
    if (hierarchy.isPresent() && !hierarchy.get().grouped().containsAll(voters)) {
      throw new IllegalArgumentException("a participant is in no group of the hierarchy");
    }
    if (version < 0) {
      throw new IllegalArgumentException("the version " + version + " is negative");
    }
  }

  /**
   * Returns an ensemble that decides by plain majority, in its first version.
   *
   * @param members its members, no two with the same id
   * @return the ensemble, of version 0
   * @throws IllegalArgumentException if two members have the same id, or as the constructor
   */
  public static EnsembleConfig majority(Collection<Member> members) {
    return new EnsembleConfig(byId(members), Optional.empty(), 0);
  }

  /** Returns the members by id; throws IllegalArgumentException if two have the same. */
  static SortedMap<ServerId, Member> byId(Collection<Member> members) {
    var byId = new TreeMap<ServerId, Member>();
    for (Member member : members) {
      if (byId.put(member.id(), member) != null) {
        throw new IllegalArgumentException("two members have the id " + member.id());
      }
    }
    return byId;
  }

  /**
   * Returns the members that vote.
   *
   * @return their ids, immutable
   */
  public SortedSet<ServerId> participants() {
    return idsOf(members, Member.Role.PARTICIPANT);
  }

  /**
   * Returns the members that never vote.
   *
   * @return their ids, immutable
   */
  public SortedSet<ServerId> observers() {
    return idsOf(members, Member.Role.OBSERVER);
  }

  /**
   * Returns the fingerprint by which two servers find out that they are configured alike.
   *
   * @return a SHA-256 of ids, roles, election addresses and hierarchy; the version, the quorum and
   *     client ports and the order of addresses do not count
   */
  public ConfigDigest digest() {
    return ConfigDigest.of(this);
  }

  private static SortedSet<ServerId> idsOf(Map<ServerId, Member> members, Member.Role role) {
    var ids = new TreeSet<ServerId>();
    for (Member member : members.values()) {
      if (member.role() == role) {
        ids.add(member.id());
      }
    }
    return Collections.unmodifiableSortedSet(ids);
  }
}
