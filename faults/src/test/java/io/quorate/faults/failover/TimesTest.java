package io.quorate.faults.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TimesTest {

  @Test
  void timesAreSummedUp() {
    var times = new Times(List.of(5_000_000L, 1_000_000L, 3_000_000L, 100_000_000L));
    assertEquals(4, times.median());
    assertEquals(1, times.min());
    assertEquals(100, times.max());
    assertEquals(100, times.ninetieth());
  }
}
