package io.quorate.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class VoteTest {

  @Test
  void theOrderIsEpochThenZxidThenIdAllSigned() {
    List<Vote> ascending =
        List.of(
            Vote.NOBODY,
            new Vote(ServerId.of(9), 9, -1),
            new Vote(ServerId.of(9), -1, 0),
            new Vote(ServerId.of(9), 0, 0),
            new Vote(ServerId.of(-1), 5, 0),
            new Vote(ServerId.of(1), 5, 0),
            new Vote(ServerId.of(2), 5, 0),
            new Vote(ServerId.of(0), 0, 1));
    for (int i = 0; i < ascending.size(); i++) {
      for (int j = 0; j < ascending.size(); j++) {
        Vote left = ascending.get(i);
        Vote right = ascending.get(j);
        assertEquals(Integer.compare(i, j), Integer.signum(left.compareTo(right)));
        assertEquals(i > j, left.isBetterThan(right));
      }
    }
  }

  @Test
  void membersHaveIdsFrom0Up() {
    assertTrue(ServerId.of(0).isMember());
    assertTrue(ServerId.of(Long.MAX_VALUE - 1).isMember());
    assertFalse(ServerId.OBSERVER.isMember());
    assertFalse(ServerId.NONE.isMember());
    assertFalse(ServerId.of(-1).isMember());
  }
}
