package io.quorate.faults.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class JudgeTest {

  private static Told one(long nanos, Told.What what) {
    return new Told(1, 1, nanos, what);
  }

  private static Told two(long nanos, Told.What what) {
    return new Told(2, 2, nanos, what);
  }

  private static void assertViolation(String like, Told... merged) {
    List<String> found = Judge.violations(List.of(merged), true);
    assertTrue(found.stream().anyMatch(line -> line.contains(like)), () -> found.toString());
  }

  @Test
  void aHandOffAndAnExpiredLeaseAreFine() {
    List<Told> merged =
        List.of(
            one(10, new Told.Granted(1)),
            one(11, new Told.Valid(1, 100)),
            two(11, new Told.Knows(1, 1, true)),
            one(20, new Told.Valid(1, 100)),
            one(30, new Told.Revoked(1, "closed")),
            two(31, new Told.Granted(2)),
            two(32, new Told.Valid(2, 100)),
            one(200, new Told.Granted(3)),
            two(201, new Told.Revoked(2, "processPaused")));
    assertEquals(List.of(), Judge.violations(merged, true));
  }

  @Test
  void validityAfterALaterGrantIsFound() {
    assertViolation(
        "after the start of epoch 2",
        one(10, new Told.Granted(1)),
        two(20, new Told.Granted(2)),
        one(21, new Told.Valid(1, 0)));
  }

  @Test
  void aLeaseThatADeadLeaderCouldStillCountOnIsFound() {
    Told[] merged = {
      one(10, new Told.Granted(1)), one(11, new Told.Valid(1, 100)), two(110, new Told.Granted(2)),
    };
    assertViolation("valid for 1 ns after the start of epoch 2", merged);
    assertEquals(List.of(), Judge.violations(List.of(merged), false));
  }

  @Test
  void anOverlapWithOtherThanTheNextTermIsFound() {
    assertViolation(
        "after the start of epoch 3",
        one(10, new Told.Granted(1)),
        two(20, new Told.Granted(2)),
        two(21, new Told.Revoked(2, "closed")),
        two(30, new Told.Granted(3)),
        one(31, new Told.Valid(1, 0)));
  }

  @Test
  void anEpochGrantedTwiceIsFound() {
    assertViolation("twice", one(10, new Told.Granted(1)), two(20, new Told.Granted(1)));
    assertViolation("two leaders", one(10, new Told.Granted(1)), two(20, new Told.Granted(1)));
  }

  @Test
  void aSmallerEpochAfterALargerOneIsFound() {
    assertViolation("went back", one(10, new Told.Granted(2)), two(20, new Told.Granted(1)));
  }

  @Test
  void aFollowerThatKnowsAnotherLeaderOfAnEpochIsFound() {
    assertViolation(
        "two leaders", one(10, new Told.Granted(1)), two(20, new Told.Knows(2, 1, true)));
  }

  @Test
  void anotherLifeOfTheLeaderThatIsValidIsFound() {
    assertViolation(
        "two lives", one(10, new Told.Granted(1)), new Told(1, 3, 20, new Told.Valid(1, 0)));
  }

  @Test
  void termsThatAreNotGrantedOnceAndRevokedOnceAreFound() {
    assertViolation("revoked and not granted", one(10, new Told.Revoked(1, "closed")));
    assertViolation(
        "before the last term", one(10, new Told.Granted(1)), one(20, new Told.Granted(2)));
  }

  @Test
  void linesOfTheCommandAreRead() {
    assertEquals(
        new Told(2, 7, 12, new Told.Valid(3, 400)),
        Told.parse(
            7,
            "{\"at\":\"2026-01-01T00:00:00Z\",\"nanos\":12,\"server\":2,\"event\":\"valid\","
                + "\"epoch\":3,\"remainingNanos\":400}"));
    assertEquals(
        new Told(2, 7, 12, new Told.Knows(1, 3, true)),
        Told.parse(
            7,
            "{\"nanos\":12,\"server\":2,\"event\":\"following\",\"leader\":1,\"epoch\":3,"
                + "\"confirmed\":true}"));
  }
}
