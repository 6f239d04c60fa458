package io.quorate.election.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TimersTest {
  private static final long MS = 1_000_000;
  private final Timers<String> timers = new Timers<>();

  @Test
  void a_timer_fires_once_when_its_time_has_come() {
    timers.set("a", Duration.ofMillis(5), 0);
    assertEquals(Optional.empty(), timers.pollDue(5 * MS - 1));
    assertEquals(Optional.of("a"), timers.pollDue(5 * MS));
    assertEquals(Optional.empty(), timers.pollDue(6 * MS));
  }

  @Test
  void timers_fire_in_the_order_of_their_times_and_else_of_their_setting() {
    timers.set("later", Duration.ofMillis(7), 0);
    timers.set("first", Duration.ofMillis(5), 0);
    timers.set("second", Duration.ofMillis(4), MS);
    assertEquals(Optional.of("first"), timers.pollDue(9 * MS));
    assertEquals(Optional.of("second"), timers.pollDue(9 * MS));
    assertEquals(Optional.of("later"), timers.pollDue(9 * MS));
  }

  @Test
  void setting_again_replaces_and_cancelling_forgets() {
    timers.set("a", Duration.ofMillis(5), 0);
    timers.set("a", Duration.ofMillis(9), 0);
    timers.set("b", Duration.ofMillis(5), 0);
    timers.cancel("b");
    timers.cancel("unknown");
    assertEquals(Optional.empty(), timers.pollDue(8 * MS));
    assertEquals(Optional.of("a"), timers.pollDue(9 * MS));
  }

  @Test
  void the_time_until_the_next_one_is_told() {
    assertEquals(Optional.empty(), timers.untilNext(0));
    timers.set("a", Duration.ofMillis(5), 0);
    timers.set("b", Duration.ofMillis(3), 0);
    assertEquals(Optional.of(Duration.ofMillis(2)), timers.untilNext(MS));
    assertEquals(Optional.of(Duration.ZERO), timers.untilNext(10 * MS));
  }

  @Test
  void waits_out_of_bounds_are_brought_within_them() {
    timers.set("negative", Duration.ofSeconds(-5), 0);
    assertEquals(Optional.of(Timers.SHORTEST), timers.untilNext(0));
    timers.cancel("negative");
    timers.set("for ever", Duration.ofSeconds(Long.MAX_VALUE), 0);
    assertEquals(Optional.of(Timers.LONGEST), timers.untilNext(0));
  }

  @Test
  void a_clock_that_overflows_changes_nothing() {
    long now = Long.MAX_VALUE - MS;
    timers.set("beyond", Duration.ofMillis(5), now);
    timers.set("before", Duration.ofMillis(1), now);
    assertEquals(Optional.empty(), timers.pollDue(now));
    assertEquals(Optional.of("before"), timers.pollDue(now + 2 * MS));
    assertEquals(Optional.empty(), timers.pollDue(now + 2 * MS));
    assertEquals(Optional.of("beyond"), timers.pollDue(now + 5 * MS));
  }
}
