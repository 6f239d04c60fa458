package io.quorate.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class LeaseTimingsTest {
  private static final Duration TOO_LONG = ElectionTimings.MAX_DURATION.plusNanos(1);

  private static LeaseTimings timings(long lease, long heartbeat, long suspectAfter, double drift) {
    return new LeaseTimings(
        Duration.ofMillis(lease),
        Duration.ofMillis(heartbeat),
        Duration.ofMillis(suspectAfter),
        drift);
  }

  static List<LeaseTimings> presets() {
    return List.of(LeaseTimings.lan(), LeaseTimings.wan());
  }

  @ParameterizedTest
  @MethodSource("presets")
  void a_preset_survives_two_lost_heartbeats(LeaseTimings preset) {
    assertTrue(preset.heartbeat().multipliedBy(3).compareTo(preset.lease()) < 0);
    assertTrue(preset.grant().compareTo(preset.suspectAfter()) < 0);
  }

  @ParameterizedTest
  @CsvSource({"1000000000, 0.01, 1010000000", "2, 0.01, 3", "1000, 0, 1000", "3, 0.5, 5"})
  void a_grant_is_longer_than_the_lease_by_the_drift_and_rounded_up(
      long lease, double drift, long grant) {
    var timings =
        new LeaseTimings(
            Duration.ofNanos(lease), Duration.ofNanos(1), Duration.ofSeconds(10), drift);
    assertEquals(Duration.ofNanos(grant), timings.grant());
  }

  static List<Arguments> nonsense() {
    return List.of(
        Arguments.of("lease must be positive, not PT0S", 0, 1, 10, 0.0),
        Arguments.of("heartbeat must be positive, not PT0S", 10, 0, 20, 0.0),
        Arguments.of("suspectAfter must be positive, not PT-0.001S", 10, 1, -1, 0.0),
        Arguments.of("lease PT10M0.001S is longer than PT10M", 600_001, 1, 900_000, 0.0),
        Arguments.of("suspectAfter PT1H0.001S is longer than PT1H", 10, 1, 3_600_001, 0.0),
        Arguments.of(
            "heartbeat PT2562047788015H12M55.807S is more than half of the lease PT1S",
            1000,
            Long.MAX_VALUE,
            1200,
            0.0),
        Arguments.of("drift must be 0 to 0.5, not -0.1", 10, 1, 20, -0.1),
        Arguments.of("drift must be 0 to 0.5, not 0.51", 10, 1, 20, 0.51),
        Arguments.of("drift must be 0 to 0.5, not NaN", 10, 1, 20, Double.NaN),
        Arguments.of(
            "heartbeat PT0.501S is more than half of the lease PT1S", 1000, 501, 9999, 0.0),
        Arguments.of(
            "lease * (1 + drift) is PT1.1S and must be less than suspectAfter PT1.1S",
            1000,
            100,
            1100,
            0.1));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsense_is_refused_with_the_reason_in_one_line(
      String reason, long lease, long heartbeat, long suspectAfter, double drift) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> timings(lease, heartbeat, suspectAfter, drift));
    assertEquals(reason, refusal.getMessage());
  }

  @Test
  void an_election_waits_for_a_leader_longer_than_that_one_takes_to_decide() {
    assertRefused("confirmWait PT1S must be longer than finalizeWait PT1S", Duration.ofSeconds(1));
    assertRefused("confirmWait must be positive, not PT0S", Duration.ZERO);
    assertRefused("confirmWait PT8760H0.000000001S is longer than PT8760H", TOO_LONG);
  }

  private static void assertRefused(String reason, Duration confirmWait) {
    ElectionTimings wan = ElectionTimings.wan();
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new ElectionTimings(
                    wan.finalizeWait(),
                    wan.resendMin(),
                    wan.resendMax(),
                    confirmWait,
                    wan.sitOutMin(),
                    wan.sitOutMax()));
    assertEquals(reason, refusal.getMessage());
  }
}
