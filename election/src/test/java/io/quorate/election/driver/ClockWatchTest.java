package io.quorate.election.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClockWatchTest {
  private static final long SECOND = 1_000_000_000;
  private final ClockWatch watch = new ClockWatch();

  @Test
  void clocks_that_go_together_are_no_jump_whatever_their_origins() {
    assertEquals(Optional.empty(), watch.look(Long.MAX_VALUE - SECOND, 1_700_000_000_000L));
    assertEquals(Optional.empty(), watch.look(Long.MIN_VALUE + SECOND, 1_700_000_002_000L));
  }

  @Test
  void a_jump_either_way_is_found_once() {
    watch.look(0, 1_700_000_000_000L);
    assertEquals(Optional.of(Duration.ofSeconds(60)), watch.look(SECOND, 1_700_000_061_000L));
    assertEquals(Optional.empty(), watch.look(2 * SECOND, 1_700_000_062_000L));
    assertEquals(Optional.of(Duration.ofSeconds(-62)), watch.look(3 * SECOND, 1_700_000_001_000L));
    assertEquals(Optional.empty(), watch.look(4 * SECOND, 1_700_000_002_000L));
  }

  @Test
  void a_clock_that_is_adjusted_slowly_never_jumps() {
    for (long i = 0; i < 100; i++) {
      assertEquals(Optional.empty(), watch.look(i * SECOND, i * (1000 + 900)));
    }
  }
}
