package io.quorate.testkit.exhaustive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.exhaustive.Explorer.Found;
import io.quorate.testkit.exhaustive.Explorer.Report;
import io.quorate.testkit.exhaustive.Scenario.Algorithm;
import io.quorate.testkit.exhaustive.Scenario.Begin;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every order of what may happen, as far as a few seconds go. */
class SmallWorldsTest {
  private static final int SAMPLES = 50;
  private static final double NANOS_PER_SECOND = 1e9;

  /** A little longer than a lease. */
  private static final Duration FIRST_LEASE = Duration.ofMillis(450);

  /** More than any path has whose time is limited; the world is small, so it ends long before. */
  private static final int ANY_DEPTH = 1000;

  /** Explores, and prints what came out: figures, and the shortest path to a broken rule. */
  static Report explore(Scenario scenario, int depth) {
    return explore(new Explorer(scenario), scenario, depth);
  }

  private static Report explore(Explorer explorer, Scenario scenario, int depth) {
    long began = System.nanoTime();
    Report report = explorer.explore(depth);
    System.out.printf(
        "%d servers, %s, %s, %s: depth %d%s, %,d states, %,d transitions, %,d states of engines,"
            + " up to %d terms, %.1f s%n",
        scenario.servers(),
        scenario.algorithm(),
        scenario.begin(),
        scenario.flaw(),
        report.depth(),
        report.complete() ? ", all of " + scenario.time().toMillis() + " ms" : "",
        report.states(),
        report.transitions(),
        report.engineStates(),
        report.terms(),
        (System.nanoTime() - began) / NANOS_PER_SECOND);
    report.found().ifPresent(found -> System.out.println(Story.of(scenario, found)));
    return report;
  }

  /** Fails if a rule is broken, or if fewer states were seen than there were once. */
  static void requireSound(Scenario scenario, int depth, int states) {
    Report report = explore(scenario, depth);
    assertEquals("", report.found().map(Found::rule).orElse(""));
    assertEquals(depth, report.depth());
    assertTrue(report.states() >= states, report::toString);
  }

  /** The same to the end of some time, however many choices that takes. */
  static void requireSoundToTheEnd(Scenario scenario, int states) {
    Report report = explore(scenario, ANY_DEPTH);
    assertEquals("", report.found().map(Found::rule).orElse(""));
    assertTrue(report.complete(), report::toString);
    assertTrue(report.states() >= states, report::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "2, BULLY, STARTED, 6, 12000",
    "3, BULLY, STARTED, 5, 80000",
    "2, FAST, STARTED, 6, 9000",
    "3, FAST, STARTED, 4, 14000",
    "2, BULLY, LED, 6, 25000",
    "3, BULLY, LED, 4, 5500",
    "2, FAST, LED, 5, 5000",
    "3, FAST, LED, 4, 5500",
  })
  void noOrderOfEventsBreaksARule(
      int servers, Algorithm algorithm, Begin begin, int depth, int states) {
    requireSound(Scenario.of(servers, algorithm, begin), depth, states);
  }

  @Test
  void noOrderOfEventsBreaksARuleWhereTheNewestMessageOfAKindReplacesTheOthers() {
    requireSound(Scenario.of(3, Algorithm.BULLY, Begin.LED).withReplacing(), 4, 5_500);
  }

  @Test
  void aWitnessThatEverybodyNominatesNeverLeads() {
    requireSound(Scenario.of(3, Algorithm.BULLY, Begin.STARTED).withWitness(), 4, 11_000);
  }

  @Test
  void nothingBreaksARuleUntilTheFirstLeaseRunsOutWhenOneServerMayDie() {
    Scenario scenario =
        Scenario.of(2, Algorithm.FAST, Begin.STARTED)
            .with(new Bounds(0, 1, 0, 0, 0))
            .with(FIRST_LEASE);
    requireSoundToTheEnd(scenario, 100_000);
  }

  @Test
  void whatWasReachedIsReachedAgainByNewEngines() {
    Scenario scenario = Scenario.of(3, Algorithm.FAST, Begin.LED);
    var explorer = new Explorer(scenario);
    explore(explorer, scenario, 4);
    int every = Math.max(1, explorer.deepest() / SAMPLES);
    for (int which = 0; which < explorer.deepest(); which += every) {
      assertTrue(explorer.isReachedAgain(which), "state " + which);
    }
  }

  // ---- what is broken is found ----

  @ParameterizedTest
  @CsvSource({
    "NEVER_WRITES, 2, STARTED, 4, durability",
    "COUNTS_ITSELF, 2, STARTED, 1, S4",
    "LETS_TASKS_RUN, 2, LED, 7, S3",
  })
  void aFlawIsFoundByItsShortestPathAndNothingIsFoundWithoutIt(
      Flaw flaw, int servers, Begin begin, int depth, String rule) {
    requireFound(flaw, servers, begin, depth, rule);
  }

  /** Fails if a flaw is not found by a path of this length, or if there is one without it. */
  static void requireFound(Flaw flaw, int servers, Begin begin, int depth, String rule) {
    Scenario control =
        Scenario.of(servers, Algorithm.BULLY, begin).with(besides(flaw)).with(FIRST_LEASE);
    Report report = explore(control.with(flaw), depth);
    String found = report.found().map(Found::rule).orElse("nothing");
    assertTrue(found.startsWith(rule), found);
    assertEquals(depth, report.depth());
    assertEquals("", explore(control, depth).found().map(Found::rule).orElse(""));
  }

  /** Returns what has to go wrong besides. */
  private static Bounds besides(Flaw flaw) {
    return switch (flaw) {
      case NONE, NEVER_WRITES, COUNTS_ITSELF -> Bounds.NOTHING_FAILS;
      case STORE_LIES -> new Bounds(0, 1, 0, 0, 0);
      case BINDS_NOBODY, IGNORES_LEASE -> new Bounds(0, 0, 2, 0, 0);
      case LETS_TASKS_RUN -> new Bounds(0, 0, 0, 0, 1);
    };
  }
}
