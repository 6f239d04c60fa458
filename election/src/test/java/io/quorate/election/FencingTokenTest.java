package io.quorate.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import org.junit.jupiter.api.Test;

final class FencingTokenTest {

  @Test
  void laterTermIsLargerWhoeverLeads() {
    var earlier = new FencingToken(1, ServerId.of(9));
    var later = new FencingToken(2, ServerId.of(1));
    assertTrue(earlier.compareTo(later) < 0);
    assertTrue(later.compareTo(earlier) > 0);
    assertEquals(0, later.compareTo(new FencingToken(2, ServerId.of(1))));
  }

  @Test
  void epochsStartAtOne() {
    var leader = ServerId.of(1);
    assertThrows(IllegalArgumentException.class, () -> new FencingToken(0, leader));
  }
}
