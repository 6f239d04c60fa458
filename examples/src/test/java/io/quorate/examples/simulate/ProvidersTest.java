package io.quorate.examples.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Event;
import io.quorate.examples.bully.BullyProvider;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import io.quorate.testkit.Report;
import io.quorate.testkit.Simulation;
import io.quorate.testkit.Violation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our providers keep what they claim in the simulator, and bad ones are found out. */
@Timeout(120)
final class ProvidersTest {

  private static final int FEW = 20;

  /** In the end 4, the largest, has a link to 3 alone. */
  static final String LARGEST_REACHES_TOO_FEW =
      """
      seed 186
      algorithm GIVEN
      voters 4
      priorities 1=0 2=1 3=1 4=1
      timings 1000 150 1200 ms, drift 0.01
      at 13637842 us CHAIN of 3 with 2 for 2341332 us, seed 129053739
      at 23000000 us well 1 2 3, the rest HALF_CONNECTED
      """;

  /** One that nominates, when it is to look, whom it is told to. */
  private record Nominates(String name, Function<ElectionContext, ServerId> whom)
      implements ElectionProvider {

    @Override
    public ElectionAlgorithm create(ElectionContext context) {
      return event ->
          event instanceof Event.Look
              ? List.of(new Action.Nominate(new Vote(whom.apply(context), 0, 0), 1))
              : List.of();
    }
  }

  private static Report tried(Simulation simulation) {
    return simulation.runAll(1, FEW, _ -> {});
  }

  @Test
  void fastClaimsEverything() {
    Report report = tried(Simulation.of(ElectionProvider.named("fast")));
    report.requireNoViolation();
    assertEquals(FEW, report.runs());
  }

  @Test
  void bullyClaimsAllButLiveness() {
    Report report = tried(Simulation.of(new BullyProvider()).withoutLiveness());
    report.requireNoViolation();
    assertEquals(FEW, report.runs());
  }

  @Test
  void bullyMayWaitForALargestThatReachesTooFew() {
    var outcome = Simulation.of(new BullyProvider()).play(LARGEST_REACHES_TOO_FEW);
    assertEquals(
        "L1 (a quorum finds a leader)", outcome.violation().map(Violation::property).orElse(""));
    var fast = Simulation.of(ElectionProvider.named("fast")).play(LARGEST_REACHES_TOO_FEW);
    assertEquals(Optional.empty(), fast.violation());
  }

  @Test
  void oneThatNominatesItselfFindsNoLeaderAndTheScriptShowsIt() {
    Simulation selfish = Simulation.of(new Nominates("selfish", ElectionContext::self)).voters(3);
    Report report = tried(selfish);
    Violation found = report.violations().getFirst();
    assertEquals("L1 (a quorum finds a leader)", found.property());

    var again = selfish.play(found.script());
    assertEquals(found.property(), again.violation().orElseThrow().property());
    assertEquals(found.hash(), again.hash());
    assertTrue(again.story().getLast().contains(found.property()), again.story()::getLast);

    var failure = assertThrows(AssertionError.class, report::requireNoViolation);
    assertTrue(failure.toString().contains(found.script()), failure::toString);
  }

  @Test
  void oneThatDrawsLotsIsNotDeterministic() {
    var random =
        new Nominates(
            "random",
            context -> {
              var voters = List.copyOf(context.voters().voters());
              return voters.get(ThreadLocalRandom.current().nextInt(voters.size()));
            });
    Violation found = tried(Simulation.of(random)).violations().getFirst();
    assertEquals("determinism (the same events, the same actions)", found.property());
  }

  @Test
  void oneThatThrowsIsNotRobust() {
    var absent =
        new Nominates(
            "absent",
            _ -> {
              throw new IllegalStateException("it is not there");
            });
    Violation found = tried(Simulation.of(absent)).violations().getFirst();
    assertEquals("robustness (an algorithm does not throw)", found.property());
  }
}
