package io.quorate.election.engine;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.engine.Timer.OfAlgorithm;
import io.quorate.election.engine.Timer.OfEngine;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.Event;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong algorithm costs its own server's part in the election, and nothing else. */
final class FailingAlgorithmTest {
  private static final Action NOMINATE_2 = new Action.Nominate(new Vote(id(2), 9, 4), 1);

  static List<Function<Event, List<Action>>> faults() {
    return List.of(
        _ -> {
          throw new IllegalStateException("an algorithm of this test");
        },
        _ -> {
          throw new StackOverflowError("an algorithm of this test");
        },
        _ -> nothing(),
        _ -> Arrays.asList(nothing(), nothing()),
        _ -> Collections.nCopies(Engine.MAX_ACTIONS + 1, NOMINATE_2),
        _ -> tooManyTimers());
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  private static List<Action> tooManyTimers() {
    var actions = new ArrayList<Action>();
    for (int i = 0; i <= Engine.MAX_TIMERS; i++) {
      actions.add(new Action.SetTimer("timer " + i, Duration.ofMillis(1)));
    }
    actions.add(NOMINATE_2);
    return actions;
  }

  @ParameterizedTest
  @MethodSource("faults")
  void a_fault_is_told_and_a_new_algorithm_begins(Function<Event, List<Action>> fault) {
    var rig = new EngineRig(1, _ -> List.of()).start();
    rig.linkUp(2);
    rig.message(2, EngineRig.HELLO);
    rig.on(new TransportEvent.Unreachable(id(3), UnreachableKind.REFUSED, "refused"));
    rig.algorithm().answer(_ -> List.of(NOMINATE_2, new Action.SetTimer("a", Duration.ofDays(1))));
    rig.linkUp(4);
    assertEquals(ServerState.FOLLOWING, rig.view().state());

    rig.algorithm().answer(fault);
    rig.linkDown(4, TransportEvent.DownCause.FAILED);
    assertEquals(List.of("algorithmFailed"), rig.warnings());
    assertEquals(ServerState.LOOKING, rig.view().state());
    assertTrue(rig.outputs.contains(new Output.CancelTimer(new OfAlgorithm("a"))));
    assertTrue(rig.outputs.contains(new Output.SetTimer(OfEngine.RESTART, Engine.RESTART_MIN)));
    assertTrue(rig.outputs.stream().anyMatch(Output.Blame.class::isInstance));

    assertEquals(1, rig.algorithms.size(), "not before the wait is over");
    rig.fire(OfEngine.RESTART);
    assertEquals(2, rig.algorithms.size());
    assertEquals(
        List.of(
            new Event.Look(EngineRig.HERE),
            new Event.LinkUp(id(2)),
            new Event.Recognized(id(2)),
            new Event.Unreachable(id(3))),
        rig.algorithm().told);
  }

  @Test
  void what_happens_during_the_wait_is_known_to_the_new_one() {
    var rig = new EngineRig(1, _ -> List.of()).start();
    fail(rig);
    rig.linkUp(2);
    rig.linkUp(3);
    rig.linkDown(3, TransportEvent.DownCause.FAILED);
    rig.on(new Input.LookAgain());
    rig.fire(OfEngine.RESTART);
    assertEquals(
        List.of(new Event.Look(EngineRig.HERE), new Event.LinkUp(id(2))), rig.algorithm().told);
  }

  @Test
  void a_new_algorithm_that_withdraws_is_told_the_other_links_after_it_has_looked() {
    var rig =
        new EngineRig(
            1,
            event ->
                event instanceof Event.LinkUp(var peer) && peer.equals(id(2))
                    ? List.of(new Action.Withdraw("no"))
                    : List.of());
    rig.start();
    rig.linkUp(2);
    rig.linkUp(3);
    fail(rig);
    rig.fire(OfEngine.RESTART);
    assertEquals(
        List.of(
            new Event.Look(EngineRig.HERE),
            new Event.LinkUp(id(2)),
            new Event.Look(EngineRig.HERE),
            new Event.LinkUp(id(3))),
        rig.algorithm().told);
  }

  @Test
  void waits_grow_up_to_a_bound_and_then_the_server_stops() {
    var rig =
        new EngineRig(
            1,
            _ -> {
              throw new IllegalStateException("an algorithm of this test");
            });
    rig.start();
    var waits = new ArrayList<Duration>();
    while (!(rig.outputs.getLast() instanceof Output.Stop)) {
      waits.add(restartWait(rig));
      rig.fire(OfEngine.RESTART);
    }
    assertEquals(Engine.MAX_FAILURES - 1, waits.size());
    assertEquals(Duration.ofMillis(10), waits.getFirst());
    assertEquals(Duration.ofMillis(20), waits.get(1));
    assertEquals(Engine.RESTART_MAX, waits.getLast());
    assertEquals(List.of(), rig.on(new Input.LookAgain()), "the end is the end");
  }

  @Test
  void a_provider_that_cannot_make_an_algorithm_is_a_fault_as_well() {
    var counters = new Tally();
    var rig = new EngineRig(1, _ -> List.of());
    var engine =
        new Engine(
            rig.config,
            () -> {
              throw new IllegalStateException("a provider of this test");
            },
            counters);
    engine.on(new Input.Start(), 0);
    engine.on(new Input.Positioned(EngineRig.HERE), 0);
    assertEquals(1, counters.get(ElectionCounter.ALGORITHM_FAILURES));
  }

  @Test
  void earlier_faults_are_forgotten_after_a_good_while() {
    var rig = new EngineRig(1, _ -> List.of()).start();
    for (int i = 0; i < 3 * Engine.MAX_FAILURES; i++) {
      fail(rig);
      assertEquals(Engine.RESTART_MIN, restartWait(rig));
      rig.fire(OfEngine.RESTART);
      rig.fire(OfEngine.STABLE);
    }
    assertFalse(rig.outputs.stream().anyMatch(Output.Stop.class::isInstance));
  }

  @Test
  void one_that_withdraws_for_ever_is_asked_again_only_after_a_wait_that_grows() {
    var rig = new EngineRig(1, _ -> List.of(new Action.Withdraw("never content")));
    rig.start();
    assertEquals(Engine.MAX_WITHDRAWALS_AT_ONCE, rig.positionsAsked());
    assertEquals(List.of("withdrawnAtOnce"), rig.warnings());
    assertEquals(Engine.RESTART_MIN, restartWait(rig));
    for (int i = 0; i < 100; i++) {
      rig.fire(OfEngine.RESTART);
    }
    assertEquals(101 * Engine.MAX_WITHDRAWALS_AT_ONCE, rig.positionsAsked());
    assertEquals(Engine.RESTART_MAX, restartWait(rig));
    assertFalse(rig.outputs.getLast() instanceof Output.Stop, "it costs liveness, no more");
  }

  @Test
  void one_that_nominates_a_stranger_for_ever_waits_just_so() {
    Action stranger = new Action.Nominate(new Vote(id(77), 1, 1), 1);
    var rig = new EngineRig(1, _ -> List.of(stranger));
    rig.start();
    assertEquals(Engine.MAX_WITHDRAWALS_AT_ONCE, rig.positionsAsked());
    assertEquals(ServerState.LOOKING, rig.view().state());
    assertInstanceOf(Output.SetTimer.class, rig.outputs.getLast());
  }

  private static void fail(EngineRig rig) {
    rig.algorithm()
        .answer(
            _ -> {
              throw new IllegalStateException("an algorithm of this test");
            });
    Vote vote = new Vote(id(2), 9, 4);
    rig.message(2, rig.config.context().notification(ServerState.LOOKING, vote, 1));
    rig.algorithm().answer(_ -> List.of());
  }

  private static Duration restartWait(EngineRig rig) {
    return rig.outputs.stream()
        .filter(Output.SetTimer.class::isInstance)
        .map(Output.SetTimer.class::cast)
        .filter(set -> set.timer() == OfEngine.RESTART)
        .map(Output.SetTimer::after)
        .reduce((_, last) -> last)
        .orElseThrow();
  }
}
