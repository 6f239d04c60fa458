package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.protocol.Vote;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The simulator finds nothing wrong with fast leader election, and what is wrong with others.
 * {@code -Dsim.seeds=N} sets how many seeds, {@code -Dsim.first=N} the first one.
 */
class SimulationTest {
  private static final long SEEDS = Long.getLong("sim.seeds", 400);
  private static final long FIRST = Long.getLong("sim.first", 1);

  private final Simulation fast = Simulation.of(ElectionProvider.named("fast"));

  private static Simulation of(Function<ElectionContext, ElectionAlgorithm> algorithms) {
    return Simulation.of(
        new ElectionProvider() {
          @Override
          public String name() {
            return "tried";
          }

          @Override
          public ElectionAlgorithm create(ElectionContext context) {
            return algorithms.apply(context);
          }
        });
  }

  @Test
  void fastLeaderElectionKeepsEveryPromise() {
    Report report = fast.runAll(FIRST, SEEDS, _ -> {});
    report.requireNoViolation();
    assertEquals(SEEDS, report.runs());
    assertTrue(report.terms() > SEEDS, "leaders were granted their terms");
    assertTrue(report.medianNanosToLeader().isPresent());
  }

  @Test
  void everyFaultTakesEffect() {
    Map<Fault, Long> counts = fast.runAll(FIRST, SEEDS, _ -> {}).faults();
    counts.forEach((fault, count) -> assertTrue(count > 0, fault + " never took effect"));
    assertTrue(counts.size() >= 40, "there are " + counts.size() + " faults");
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed = FIRST; seed < FIRST + 20; seed++) {
      Outcome once = fast.replay(seed);
      Outcome again = fast.replay(seed);
      assertFalse(once.story().isEmpty());
      assertEquals(once.story(), again.story());
      assertEquals(once.hash(), again.hash());
    }
  }

  @Test
  void aScriptIsPlayedLikeItsSeed() {
    for (long seed = FIRST; seed < FIRST + 20; seed++) {
      Outcome seeded = fast.replay(seed);
      Outcome played = fast.play("# for people\n" + seeded.script());
      assertEquals(seeded.script(), played.script());
      assertEquals(seeded.hash(), played.hash());
    }
  }

  @Test
  void whatIsNoScriptIsRefused() {
    for (String text :
        List.of("", "seed 1", "nonsense", "at 1 us RAIN of 1 with 2 for 3 us, seed 4")) {
      assertThrows(IllegalArgumentException.class, () -> fast.play(text));
    }
    String script = fast.run(FIRST).script();
    assertThrows(
        IllegalArgumentException.class, () -> fast.play(script.replace("timings ", "timings x")));
  }

  @Test
  void theNumberOfVotersCanBeFixed() {
    for (int voters = 1; voters <= Simulation.MAX_VOTERS; voters++) {
      String script = fast.voters(voters).run(FIRST).script();
      assertTrue(
          script.contains("voters " + voters + "\n") || script.contains(voters + " grouped"));
    }
    assertThrows(IllegalArgumentException.class, () -> fast.voters(0));
    assertThrows(IllegalArgumentException.class, () -> fast.voters(Simulation.MAX_VOTERS + 1));
  }

  @Test
  void anAlgorithmThatNominatesItselfIsFoundWithAShortScript() {
    Simulation selfish =
        of(context -> _ -> List.of(new Action.Nominate(new Vote(context.self(), 0, 0), 1)));
    Report report = selfish.runAll(FIRST, SEEDS, _ -> {});
    Violation found = report.violations().getFirst();
    assertThrows(AssertionError.class, report::requireNoViolation);
    Outcome again = selfish.play(found.script());
    assertEquals(found.property(), again.violation().orElseThrow().property());
    assertEquals(found.hash(), again.hash());
  }

  @Test
  void anAlgorithmThatForgetsItsPromiseOfDeterminismIsFound() {
    var chance = new AtomicLong();
    Simulation moody =
        of(
            context ->
                _ ->
                    List.of(
                        new Action.Nominate(
                            new Vote(context.self(), 0, 0), chance.incrementAndGet())));
    Violation found = moody.runAll(FIRST, SEEDS, _ -> {}).violations().getFirst();
    assertTrue(found.property().startsWith("determinism"), found.property());
  }

  @Test
  void anAlgorithmThatThrowsIsFound() {
    Simulation failing =
        of(
            _ ->
                _ -> {
                  throw new IllegalStateException("by intent");
                });
    Violation found = failing.runAll(FIRST, SEEDS, _ -> {}).violations().getFirst();
    assertTrue(found.property().startsWith("robustness"), found.property());
  }

  @Test
  void withoutAClaimOfLivenessNoLeaderIsAwaited() {
    of(_ -> _ -> List.of()).withoutLiveness().runAll(FIRST, 50, _ -> {}).requireNoViolation();
    Violation found = of(_ -> _ -> List.of()).runAll(FIRST, 50, _ -> {}).violations().getFirst();
    assertTrue(found.property().startsWith("L1"), found.property());
  }
}
