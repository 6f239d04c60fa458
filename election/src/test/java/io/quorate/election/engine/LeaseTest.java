package io.quorate.election.engine;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.Hierarchical;
import io.quorate.election.Majority;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a lease lasts, from what was said and acknowledged. */
final class LeaseTest {
  private static final Duration LENGTH = Duration.ofNanos(1000);

  private final Lease lease = of(1, 2, 3);

  private static Lease of(long... voters) {
    var ids = new TreeSet<ServerId>();
    for (long voter : voters) {
      ids.add(id(voter));
    }
    return new Lease(new Majority(ids), LENGTH);
  }

  @Test
  void it_has_not_begun_before_a_quorum_has_acknowledged() {
    lease.say(1, 0);
    assertFalse(lease.isValid(0));
    assertFalse(lease.acknowledge(id(1), 1));
    assertFalse(lease.isValid(0));
    assertEquals(-1, lease.covered());
    assertTrue(lease.acknowledge(id(3), 1));
    assertTrue(lease.isValid(0));
    assertEquals(1, lease.covered());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -500, Long.MAX_VALUE - 500, Long.MAX_VALUE, Long.MIN_VALUE, -1000})
  void it_counts_from_when_it_was_said_wherever_the_clock_stands(long begin) {
    lease.say(1, begin);
    lease.say(2, begin + 400);
    lease.acknowledge(id(1), 1);
    lease.acknowledge(id(2), 1);
    assertEquals(begin + 1000, lease.until());
    assertTrue(lease.isValid(begin));
    assertTrue(lease.isValid(begin + 999));
    assertFalse(lease.isValid(begin + 1000));
    assertFalse(lease.isValid(begin + 1001));
    lease.acknowledge(id(1), 2);
    lease.acknowledge(id(2), 2);
    assertEquals(begin + 1400, lease.until());
  }

  @Test
  void the_quorum_may_have_acknowledged_different_things_and_the_oldest_counts() {
    lease.say(1, 0);
    lease.say(2, 100);
    lease.say(3, 200);
    lease.acknowledge(id(1), 3);
    assertTrue(lease.acknowledge(id(2), 1));
    assertEquals(1000, lease.until());
    assertTrue(lease.acknowledge(id(3), 2));
    assertEquals(1100, lease.until());
    assertTrue(lease.acknowledge(id(3), 3));
    assertEquals(1200, lease.until());
  }

  @Test
  void what_comes_late_twice_or_out_of_order_changes_nothing() {
    lease.say(1, 0);
    lease.say(2, 100);
    lease.acknowledge(id(1), 2);
    assertTrue(lease.acknowledge(id(2), 2));
    assertFalse(lease.acknowledge(id(2), 2));
    assertFalse(lease.acknowledge(id(2), 1));
    assertFalse(lease.acknowledge(id(3), 1));
    assertEquals(1100, lease.until());
    assertEquals(Set.of(id(1), id(2)), lease.acknowledging(2));
    assertEquals(Set.of(id(1), id(2), id(3)), lease.acknowledging(1));
  }

  @Test
  void one_voter_that_acknowledges_again_and_again_is_no_quorum() {
    lease.say(1, 0);
    lease.say(2, 0);
    lease.acknowledge(id(2), 1);
    lease.acknowledge(id(2), 2);
    assertFalse(lease.isValid(0));
  }

  @Test
  void what_was_never_said_counts_for_nothing() {
    lease.say(1, 0);
    assertFalse(lease.acknowledge(id(1), 7));
    assertFalse(lease.acknowledge(id(2), 7));
    assertFalse(lease.acknowledge(id(3), -1));
    assertFalse(lease.isValid(0));
    lease.say(7, 10);
    assertFalse(lease.acknowledge(id(3), 7));
    assertFalse(lease.isValid(10));
  }

  @Test
  void strangers_do_not_count() {
    lease.say(1, 0);
    lease.acknowledge(id(1), 1);
    assertFalse(lease.acknowledge(id(9), 1));
    assertFalse(lease.isValid(0));
  }

  @Test
  void half_of_four_is_no_quorum() {
    Lease four = of(1, 2, 3, 4);
    four.say(1, 0);
    four.acknowledge(id(1), 1);
    four.acknowledge(id(2), 1);
    assertFalse(four.isValid(0));
    four.acknowledge(id(4), 1);
    assertTrue(four.isValid(0));
  }

  @Test
  void groups_and_weights_count_as_in_an_election() {
    var voters =
        new Hierarchical(
            Set.of(id(1), id(2), id(3), id(4), id(5)),
            Map.of(1L, Set.of(id(1), id(2), id(3)), 2L, Set.of(id(4), id(5))),
            Map.of(id(1), 5L, id(5), 0L));
    var grouped = new Lease(voters, LENGTH);
    grouped.say(1, 0);
    grouped.acknowledge(id(2), 1);
    grouped.acknowledge(id(3), 1);
    grouped.acknowledge(id(5), 1);
    grouped.acknowledge(id(4), 1);
    assertFalse(grouped.isValid(0), "most servers, and not most of the weight of both groups");
    grouped.acknowledge(id(1), 1);
    assertTrue(grouped.isValid(0));
  }

  @Test
  void what_is_older_than_a_lease_is_forgotten() {
    lease.say(1, 0);
    lease.say(2, 1001);
    assertFalse(lease.acknowledge(id(1), 1));
    assertFalse(lease.acknowledge(id(2), 1));
    assertEquals(-1, lease.covered());
  }

  @Test
  void only_so_much_is_remembered() {
    for (int i = 0; i <= Lease.MAX_SAID; i++) {
      lease.say(i, 0);
    }
    assertFalse(lease.acknowledge(id(1), 0));
    assertFalse(lease.acknowledge(id(2), 0));
    assertEquals(-1, lease.covered());
    lease.acknowledge(id(1), 1);
    assertTrue(lease.acknowledge(id(2), 1));
  }

  @Test
  void with_another_epoch_everything_begins_anew() {
    lease.say(1, 0);
    lease.acknowledge(id(1), 1);
    lease.acknowledge(id(2), 1);
    lease.begin();
    assertFalse(lease.isValid(0));
    assertEquals(Set.of(), lease.acknowledging(1));
    assertFalse(lease.acknowledge(id(3), 1));
    lease.say(2, 50);
    lease.acknowledge(id(1), 2);
    assertFalse(lease.isValid(50));
    lease.acknowledge(id(2), 2);
    assertEquals(1050, lease.until());
  }
}
