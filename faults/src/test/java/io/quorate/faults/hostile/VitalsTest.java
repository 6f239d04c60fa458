package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class VitalsTest {

  @Test
  void theHeapIsWhatTheOldGenerationHolds() {
    assertEquals(
        3539,
        Vitals.heapKib(
            """
            19801:
            DefNew     total 116224K, used 12K [0x0000000687400000, 0x000000068f210000)
             eden space 103360K,   0% used [0x0000000687400000, 0x000000068d8f0000)
            Tenured    total 258048K, used 3539K [0x0000000704d50000, 0x0000000714950000)
             the  space 258048K,   1% used [0x0000000704d50000, 0x00000007050c4c78)
            """));
    assertThrows(IllegalArgumentException.class, () -> Vitals.heapKib("garbage-first heap"));
  }

  @Test
  void whatHoldsMoreThanBeforeIsNotBack() {
    var before = new Vitals(16, 20, 13, 3500);
    assertTrue(before.isBackTo(before));
    assertTrue(new Vitals(20, 26, 17, 3500 + Vitals.LITTLE_HEAP_KIB).isBackTo(before));
    assertFalse(new Vitals(21, 20, 13, 3500).isBackTo(before));
    assertFalse(new Vitals(16, 27, 13, 3500).isBackTo(before));
    assertFalse(new Vitals(16, 20, 18, 3500).isBackTo(before));
    assertFalse(new Vitals(16, 20, 13, 3501 + Vitals.LITTLE_HEAP_KIB).isBackTo(before));
  }
}
