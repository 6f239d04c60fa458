package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.zookeeper.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** The leader is closed, the rest agree again, and the closed one comes back and joins. */
@Execution(CONCURRENT)
final class LossOfLeaderTest {
  private static final int ROUNDS = 5;

  @Test
  void restAgreesAgainWhenOurLeaderOrARealOneIsClosed() throws Exception {
    List<Long> leaders = fiveRounds(Layout.ofVoters(5), Set.of(5L));
    assertNotEquals(1, Set.copyOf(leaders).size(), "only one server ever led: " + leaders);
  }

  @Test
  void restAgreesAgainWithOursInTheMiddle() throws Exception {
    fiveRounds(Layout.ofVoters(3), Set.of(2L));
  }

  @Test
  void restAgreesAgainWithOursTheSmallest() throws Exception {
    fiveRounds(Layout.ofVoters(3), Set.of(1L));
  }

  @Test
  void restAgreesAgainWithTwoOfOurs() throws Exception {
    fiveRounds(Layout.ofVoters(3), Set.of(1L, 3L));
  }

  private static List<Long> fiveRounds(Layout layout, Set<Long> ours) throws Exception {
    List<Long> leaders = new ArrayList<>();
    try (var mixed = new Mixed(layout)) {
      layout.ids().forEach(id -> start(mixed, ours, id));
      for (int round = 0; round < ROUNDS; round++) {
        long leader = mixed.awaitAgreement();
        leaders.add(leader);
        mixed.stop(leader);
        mixed.lookAgainReal();
        long next = mixed.awaitAgreement();
        assertNotEquals(leader, next);
        start(mixed, ours, leader);
      }
      leaders.add(mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
    return leaders;
  }

  private static void start(Mixed mixed, Set<Long> ours, long id) {
    if (ours.contains(id)) {
      mixed.startOurs(id);
    } else {
      mixed.startReal(id);
    }
  }
}
