package io.quorate.faults.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.ensemble.Told;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClocksTest {

  private static final long SECOND = 1_000_000_000;

  private static Told line(int life, long nanos, long own, long waited) {
    String text =
        "{\"nanos\":%d,\"server\":1,\"event\":\"clock\",\"own\":%d,\"waited\":%d}"
            .formatted(nanos, own, waited);
    return Told.parse(life, text);
  }

  private static List<Told> life(double rate, long waited) {
    return List.of(
        line(1, 5 * SECOND, 77, waited),
        line(1, 15 * SECOND, 77 + (long) (10 * SECOND * rate), waited));
  }

  private static List<String> violations(List<Told> told, double rate) {
    return Clocks.look(told, Map.of(1, rate)).violations();
  }

  @Test
  void aClockThatRunsAsAskedIsFine() {
    Clocks.Seen seen = Clocks.look(life(1.05, 953_000_000), Map.of(1, 1.05));
    assertEquals(List.of(), seen.violations());
    assertEquals(1, seen.lives());
    assertEquals(953_000_000, seen.shortestOfFast());
  }

  @Test
  void aClockThatRunsAsTheMachinesIsFound() {
    assertTrue(violations(life(1, 953_000_000), 1.05).toString().contains("rate 1.0, not 1.05"));
  }

  @Test
  void waitsByTheMachinesClockAreFound() {
    assertTrue(violations(life(0.95, SECOND), 0.95).toString().contains("did not wait"));
    List<Told> many = Collections.nCopies(10, line(1, 5 * SECOND, 77, SECOND));
    assertTrue(violations(many, 1.05).toString().contains("no wait by a fast clock"));
  }
}
