package io.quorate.faults.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WayTest {

  private static final List<Long> THREE = List.of(1L, 2L, 3L);

  @Test
  void oneIsCutOffInBothDirections() {
    assertEquals(
        Set.of(new Way(2, 1), new Way(2, 3), new Way(1, 2), new Way(3, 2)),
        Set.copyOf(Way.of(2, THREE)));
  }

  @Test
  void whoeverIsInTwoGroupsBridgesThem() {
    assertEquals(
        Set.copyOf(Way.between(1, 3)),
        Set.copyOf(Way.across(THREE, List.of(Set.of(1L, 2L), Set.of(2L, 3L)))));
  }

  @Test
  void groupsOfOneLeaveNothing() {
    assertEquals(
        Set.copyOf(Way.all(THREE)), Set.copyOf(Way.across(THREE, List.of(Set.of(1L), Set.of(2L)))));
  }

  @Test
  void theOtherEndOfAConnectionIsTheHostOfItsAddress() {
    assertEquals(2, Hosts.peer("0      0           10.88.1.2:3888      10.88.2.2:40000 "));
  }
}
