package io.quorate.faults.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.faults.ensemble.Told;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TermsTest {

  private static Told told(long nanos, Told.What what) {
    return new Told(1, 1, nanos, what);
  }

  private static Told late(long nanos, long epoch) {
    return told(
        nanos,
        new Told.Other(
            "{\"nanos\":1,\"server\":1,\"event\":\"grantedLate\",\"epoch\":" + epoch + "}"));
  }

  @Test
  void theTimeWithoutALeaderIsThatBetweenTwoTerms() {
    List<Told> merged =
        List.of(
            told(10, new Told.Granted(1)),
            told(20, new Told.Valid(1, 100)),
            told(25, new Told.Revoked(1, "closed")),
            told(50, new Told.Granted(2)),
            told(60, new Told.Valid(2, 100)),
            told(160, new Told.Valid(4, 100)),
            told(170, new Told.Granted(4)));
    Terms terms = Terms.of(merged);
    assertEquals(List.of(30L, 100L), terms.outages());
    assertEquals(Duration.ofNanos(100), terms.longestOutage());
    assertEquals(3, terms.granted());
    assertEquals(Map.of("closed", 1), terms.ends());
    assertEquals(List.of(), Terms.violations(merged));
  }

  @Test
  void aTermThatIsToldTooLateIsCountedAndStillComesOnlyOnce() {
    List<Told> merged =
        List.of(told(10, new Told.Granted(1)), told(20, new Told.Granted(3)), late(30, 2));
    assertEquals(1, Terms.of(merged).grantedLate());
    assertEquals(List.of(), Terms.violations(merged));
    assertEquals(1, Terms.violations(List.of(told(10, new Told.Granted(2)), late(30, 2))).size());
  }

  @Test
  void aTaskThatFailsIsFound() {
    assertEquals(1, Terms.violations(List.of(told(1, new Told.Revoked(1, "taskFailed")))).size());
  }
}
