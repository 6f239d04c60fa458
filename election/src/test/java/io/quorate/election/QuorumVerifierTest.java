package io.quorate.election;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class QuorumVerifierTest {

  /** Small ensembles of every kind; each is searched exhaustively. */
  static List<QuorumVerifier> verifiers() {
    var all = new ArrayList<QuorumVerifier>();
    for (long voters = 1; voters <= 6; voters++) {
      all.add(new Majority(ids(LongStream.rangeClosed(1, voters).toArray())));
    }
    all.addAll(hierarchies());
    all.add(new Joint(new Majority(ids(1, 2, 3)), new Majority(ids(3, 4, 5, 6))));
    all.add(new Joint(new Majority(ids(1, 2, 3)), hierarchies().getFirst()));
    all.add(new Joint(new Majority(ids(1)), new Majority(ids(1, 2))));
    return all;
  }

  private static List<QuorumVerifier> hierarchies() {
    var all = new ArrayList<QuorumVerifier>();
    var shapes =
        List.of(
            Map.of(1L, ids(1, 2, 3), 2L, ids(4, 5), 3L, ids(6)),
            Map.of(1L, ids(1, 2), 2L, ids(3, 4), 3L, ids(5, 6)),
            Map.of(7L, ids(1, 2, 3, 4, 5, 6)),
            Map.of(1L, ids(1, 2), 2L, ids(3, 4, 5)));
    for (Map<Long, Set<ServerId>> groups : shapes) {
      all.add(new Hierarchical(ids(1, 2, 3, 4, 5, 6), groups, Map.of()));
      all.add(
          new Hierarchical(ids(1, 2, 3, 4, 5, 6), groups, Map.of(id(1), 3L, id(2), 0L, id(5), 2L)));
      all.add(new Hierarchical(ids(1, 2, 3, 4, 5, 6), groups, Map.of(id(6), 0L)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("verifiers")
  void any_two_quorums_share_a_voter(QuorumVerifier verifier) {
    List<Set<ServerId>> quorums =
        subsets(verifier.voters()).stream().filter(verifier::isQuorum).toList();
    assertFalse(quorums.isEmpty(), "all voters together are a quorum");
    for (Set<ServerId> one : quorums) {
      for (Set<ServerId> other : quorums) {
        assertTrue(one.stream().anyMatch(other::contains), one + " and " + other);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("verifiers")
  void a_quorum_stays_one_whoever_joins_it(QuorumVerifier verifier) {
    for (Set<ServerId> ids : subsets(verifier.voters())) {
      for (ServerId another : verifier.voters()) {
        if (verifier.isQuorum(ids)) {
          assertTrue(verifier.isQuorum(with(ids, another)), ids + " and " + another);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("verifiers")
  void strangers_weigh_nothing_and_change_nothing(QuorumVerifier verifier) {
    List<ServerId> strangers = List.of(id(99), ServerId.OBSERVER, ServerId.NONE, id(-1));
    for (ServerId stranger : strangers) {
      assertEquals(0, verifier.weight(stranger));
      assertFalse(verifier.voters().contains(stranger));
      for (Set<ServerId> ids : subsets(verifier.voters())) {
        assertEquals(verifier.isQuorum(ids), verifier.isQuorum(with(ids, stranger)));
      }
    }
    assertFalse(verifier.isQuorum(Set.of()));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,2", "4,3", "5,3", "6,4", "7,4"})
  void a_majority_is_more_than_half(int voters, int quorum) {
    var majority = new Majority(ids(LongStream.rangeClosed(1, voters).toArray()));
    assertEquals(quorum, majority.quorumSize());
    assertTrue(majority.isQuorum(ids(LongStream.rangeClosed(1, quorum).toArray())));
    assertFalse(majority.isQuorum(ids(LongStream.range(1, quorum).toArray())));
  }

  @Test
  void without_voters_nothing_is_a_quorum() {
    assertFalse(new Majority(Set.of()).isQuorum(ids(1, 2, 3)));
    var weightless =
        new Hierarchical(ids(1, 2), Map.of(1L, ids(1, 2)), Map.of(id(1), 0L, id(2), 0L));
    assertFalse(weightless.isQuorum(ids(1, 2)));
  }

  @Test
  void a_hierarchy_needs_more_than_half_of_the_weight_in_more_than_half_of_the_groups() {
    var groups = Map.of(1L, ids(1, 2, 3), 2L, ids(4, 5, 6), 3L, ids(7, 8, 9));
    var verifier = new Hierarchical(ids(1, 2, 3, 4, 5, 6, 7, 8, 9), groups, Map.of());
    assertTrue(verifier.isQuorum(ids(1, 2, 4, 5)), "two of three in two of three groups");
    assertFalse(verifier.isQuorum(ids(1, 2, 3, 4, 7)), "six voters, but one group");
    assertFalse(verifier.isQuorum(ids(1, 4, 7)));
  }

  @Test
  void a_group_without_weight_does_not_count_as_a_group() {
    var groups = Map.of(1L, ids(1), 2L, ids(2), 3L, ids(3));
    var verifier = new Hierarchical(ids(1, 2, 3), groups, Map.of(id(3), 0L));
    assertFalse(verifier.isQuorum(ids(1, 3)));
    assertTrue(verifier.isQuorum(ids(1, 2)));
  }

  @Test
  void weights_are_1_unless_given_and_0_outside_every_group() {
    var verifier =
        new Hierarchical(ids(1, 2, 3), Map.of(1L, ids(1, 2)), Map.of(id(1), 5L, id(3), 4L));
    assertEquals(5, verifier.weight(id(1)));
    assertEquals(1, verifier.weight(id(2)));
    assertEquals(0, verifier.weight(id(3)));
    assertEquals(ids(1, 2, 3), verifier.voters());
  }

  @Test
  void a_hierarchy_that_makes_no_sense_is_refused() {
    Set<ServerId> voters = ids(1, 2, 3);
    assertRefused(
        "server 2 is in two groups", voters, Map.of(1L, ids(1, 2), 2L, ids(2, 3)), Map.of());
    assertRefused(
        "the weight of server 1 is negative", voters, Map.of(1L, voters), Map.of(id(1), -1L));
    assertRefused(
        "group 1 names server 4, which does not vote", voters, Map.of(1L, ids(4)), Map.of());
    assertRefused(
        "a weight names server 4, which does not vote",
        voters,
        Map.of(1L, voters),
        Map.of(id(4), 1L));
    assertRefused(
        "the weights are too large to be added up",
        voters,
        Map.of(1L, voters),
        Map.of(id(1), Long.MAX_VALUE, id(2), Long.MAX_VALUE));
  }

  @Test
  void weights_near_the_end_of_a_long_are_counted_right() {
    var verifier =
        new Hierarchical(
            ids(1, 2), Map.of(1L, ids(1, 2)), Map.of(id(1), Long.MAX_VALUE - 1, id(2), 1L));
    assertTrue(verifier.isQuorum(ids(1)));
    assertFalse(verifier.isQuorum(ids(2)));
  }

  @Test
  void while_two_configurations_hold_a_quorum_of_one_is_not_enough() {
    var joint = new Joint(new Majority(ids(1, 2, 3)), new Majority(ids(3, 4, 5)));
    assertEquals(ids(1, 2, 3, 4, 5), joint.voters());
    assertFalse(joint.isQuorum(ids(1, 2)));
    assertFalse(joint.isQuorum(ids(4, 5)));
    assertTrue(joint.isQuorum(ids(1, 3, 4)));
  }

  @Test
  void while_two_configurations_hold_the_candidates_of_both_can_stand() {
    var weightless = new Hierarchical(ids(1, 2), Map.of(1L, ids(1, 2)), Map.of(id(1), 0L));
    var joint = new Joint(weightless, new Majority(ids(2, 3)));
    assertEquals(0, joint.weight(id(1)));
    assertEquals(1, joint.weight(id(2)));
    assertEquals(1, joint.weight(id(3)));
  }

  @Test
  void verifiers_of_equal_content_are_equal() {
    assertEquals(new Majority(ids(3, 1, 2)), new Majority(ids(1, 2, 3)));
    assertNotEquals(new Majority(ids(1, 2)), new Majority(ids(1, 2, 3)));
    var implicit = new Hierarchical(ids(1, 2), Map.of(1L, ids(1, 2)), Map.of());
    var explicit =
        new Hierarchical(
            ids(2, 1), Map.of(1L, ids(2, 1), 2L, Set.of()), Map.of(id(1), 1L, id(2), 1L));
    assertEquals(implicit, explicit);
    assertEquals(implicit.hashCode(), explicit.hashCode());
    assertEquals(new Joint(implicit, explicit), new Joint(explicit, implicit));
  }

  @Test
  void a_verifier_does_not_change_with_what_it_was_made_of() {
    var voters = new HashSet<>(ids(1, 2, 3));
    var majority = new Majority(voters);
    voters.clear();
    assertEquals(3, majority.voters().size());
  }

  @Test
  void an_ensemble_tells_how_its_votes_are_counted() {
    EnsembleConfig plain = Ensembles.inMemory(3, 1);
    assertEquals(new Majority(ids(1, 2, 3)), QuorumVerifier.of(plain));
    Map<Long, Set<ServerId>> groups = Map.of(1L, ids(1), 2L, ids(2), 3L, ids(3));
    var grouped =
        new EnsembleConfig(
            new TreeMap<>(plain.members()),
            Optional.of(new EnsembleConfig.Hierarchy(groups, Map.of(id(2), 4L))),
            0);
    assertEquals(
        new Hierarchical(ids(1, 2, 3), groups, Map.of(id(2), 4L)), QuorumVerifier.of(grouped));
  }

  private static void assertRefused(
      String reason,
      Set<ServerId> voters,
      Map<Long, Set<ServerId>> groups,
      Map<ServerId, Long> weights) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> new Hierarchical(voters, groups, weights));
    assertEquals(reason, refusal.getMessage());
  }

  private static Set<ServerId> ids(long... values) {
    return LongStream.of(values).mapToObj(ServerId::of).collect(Collectors.toUnmodifiableSet());
  }

  private static Set<ServerId> with(Set<ServerId> ids, ServerId another) {
    var more = new HashSet<>(ids);
    more.add(another);
    return more;
  }

  private static List<Set<ServerId>> subsets(Set<ServerId> all) {
    List<ServerId> ids = List.copyOf(all);
    var subsets = new ArrayList<Set<ServerId>>();
    for (int bits = 0; bits < 1 << ids.size(); bits++) {
      var subset = new HashSet<ServerId>();
      for (int i = 0; i < ids.size(); i++) {
        if ((bits & 1 << i) != 0) {
          subset.add(ids.get(i));
        }
      }
      subsets.add(subset);
    }
    return subsets;
  }
}
