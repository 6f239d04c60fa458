package io.quorate.election.engine;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionEvent;
import io.quorate.election.Ensembles;
import io.quorate.election.LeaderView;
import io.quorate.election.engine.Timer.OfAlgorithm;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.UnknownExtension;
import io.quorate.protocol.Vote;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the engine makes of inputs and of the algorithm's actions. */
final class EngineTest {
  private static final Vote FOR_2 = new Vote(id(2), 9, 4);
  private static final Action NOMINATE_2 = new Action.Nominate(FOR_2, 1);

  private final EngineRig rig = new EngineRig(1, EngineTest::lookInRound1).start();

  private static List<Action> lookInRound1(Event event) {
    return event instanceof Event.Look ? List.of(new Action.Looking(1)) : List.of();
  }

  // ---- looking and settling ----

  @Test
  void the_first_event_is_to_look_from_the_present_position() {
    assertEquals(List.of(new Event.Look(EngineRig.HERE)), rig.algorithm().told);
    assertEquals(List.of(new ElectionEvent.Looking(1)), rig.told());
    assertEquals(1, rig.view().round());
  }

  @Test
  void a_nomination_is_shown_before_it_is_told() {
    rig.algorithm().answer(_ -> List.of(NOMINATE_2));
    rig.linkUp(2);
    LeaderView following =
        new LeaderView(
            id(1),
            ServerState.FOLLOWING,
            Optional.of(id(2)),
            1,
            4,
            false,
            Set.of(id(1), id(2)),
            Optional.empty());
    assertEquals(following, rig.view());
    int told = rig.outputs.indexOf(new Output.Tell(new ElectionEvent.Following(id(2), 4, false)));
    assertTrue(rig.outputs.indexOf(new Output.Show(following)) < told);
    assertEquals(
        new Output.Tell(new ElectionEvent.Elected(id(2), 1, 9, 4)), rig.outputs.get(told - 1));
    assertEquals(1, rig.counters.get(ElectionCounter.ELECTIONS_DECIDED));
  }

  @Test
  void the_same_nomination_again_is_no_news() {
    rig.algorithm().answer(_ -> List.of(NOMINATE_2));
    rig.linkUp(2);
    rig.on(new TransportEvent.Unreachable(id(3), UnreachableKind.REFUSED, "refused"));
    assertEquals(List.of(), rig.told());
    assertEquals(1, rig.counters.get(ElectionCounter.ELECTIONS_DECIDED));
  }

  @Test
  void our_own_nomination_makes_us_lead() {
    rig.algorithm().answer(_ -> List.of(new Action.Nominate(new Vote(id(1), 5, 2), 1)));
    rig.linkUp(2);
    assertEquals(ServerState.LEADING, rig.view().state());
    assertTrue(rig.told().contains(new ElectionEvent.Leading(id(1), 2, false)));
  }

  @Test
  void a_non_voter_observes_whoever_is_nominated() {
    var observer = new EngineRig(4, EngineTest::lookInRound1).start();
    observer.algorithm().answer(_ -> List.of(NOMINATE_2));
    observer.linkUp(2);
    assertEquals(ServerState.OBSERVING, observer.view().state());
    assertTrue(observer.told().contains(new ElectionEvent.Observing(id(2), 4, false)));
  }

  @Test
  void whoever_has_no_vote_cannot_be_nominated_nor_can_we_if_we_observe() {
    var observer = new EngineRig(4, EngineTest::lookInRound1).start();
    for (EngineRig each : List.of(rig, observer)) {
      ScriptedAlgorithm algorithm = each.algorithm();
      algorithm.answer(
          event ->
              event instanceof Event.LinkUp
                  ? List.of(new Action.Nominate(new Vote(id(4), 5, 2), 1))
                  : List.of());
      each.linkUp(2);
      assertEquals(List.of("nominationRefused"), each.warnings());
      assertEquals(ServerState.LOOKING, each.view().state());
      assertEquals(1, each.counters.get(ElectionCounter.NOMINATIONS_REFUSED));
      assertEquals(new Event.Look(EngineRig.HERE), algorithm.told.getLast());
    }
  }

  @Test
  void withdrawing_shows_at_once_that_we_look_and_is_answered_before_anything_else() {
    rig.algorithm().answer(_ -> List.of(NOMINATE_2));
    rig.linkUp(2);
    rig.algorithm()
        .answer(
            event ->
                event instanceof Event.Look
                    ? List.of(new Action.Looking(2))
                    : List.of(new Action.Withdraw("the link broke")));
    rig.linkDown(2, DownCause.CLOSED_BY_PEER);
    assertEquals(
        List.of(new Event.LinkDown(id(2)), new Event.Look(EngineRig.HERE)),
        rig.algorithm().told.subList(2, 4));
    assertEquals(
        List.of(
            new ElectionEvent.LinkDown(id(2), DownCause.CLOSED_BY_PEER),
            new ElectionEvent.Looking(2)),
        rig.told());
    List<LeaderView> shown =
        rig.outputs.stream()
            .filter(Output.Show.class::isInstance)
            .map(output -> ((Output.Show) output).view())
            .toList();
    assertEquals(List.of(1L, 1L, 2L), shown.stream().map(LeaderView::round).toList());
    assertEquals(ServerState.LOOKING, shown.get(1).state());
    assertTrue(
        rig.outputs.indexOf(new Output.Show(shown.get(1)))
            < rig.outputs.indexOf(new Output.AskPosition()));
  }

  @Test
  void an_algorithm_that_never_says_that_it_looks_is_shown_looking_all_the_same() {
    rig.algorithm().answer(_ -> List.of(NOMINATE_2));
    rig.linkUp(2);
    rig.algorithm().answer(_ -> List.of());
    rig.on(new Input.LookAgain());
    assertEquals(List.of(new ElectionEvent.Looking(1)), rig.told());
    assertEquals(Optional.empty(), rig.view().leader());
  }

  @Test
  void an_operator_can_make_it_look_again() {
    rig.algorithm().answer(_ -> List.of(NOMINATE_2));
    rig.linkUp(2);
    rig.on(new Input.LookAgain());
    assertEquals(new Event.Look(EngineRig.HERE), rig.algorithm().told.getLast());
    assertEquals(
        List.of(
            new ElectionEvent.Looking(1),
            new ElectionEvent.Elected(id(2), 1, 9, 4),
            new ElectionEvent.Following(id(2), 4, false)),
        rig.told());
  }

  @Test
  void an_application_that_cannot_tell_its_position_does_not_stand_and_is_asked_again() {
    rig.failPosition(new IllegalStateException("the store is shut"));
    rig.on(new Input.LookAgain());
    assertEquals(List.of("positionFailed"), rig.warnings());
    assertEquals(new Event.Look(Position.NO_STATE), rig.algorithm().told.getLast());
    assertTrue(
        rig.outputs.contains(new Output.SetTimer(Timer.OfEngine.POSITION, Engine.POSITION_RETRY)));
    int asked = rig.positionsAsked();
    rig.fire(Timer.OfEngine.POSITION);
    assertEquals(asked + 1, rig.positionsAsked());
    rig.algorithm().answer(_ -> List.of(NOMINATE_2));
    rig.linkUp(2);
    rig.fire(Timer.OfEngine.POSITION);
    assertEquals(asked + 1, rig.positionsAsked(), "who follows need not stand");
  }

  @Test
  void a_position_that_nobody_asked_for_is_a_broken_driver() {
    assertThrows(IllegalStateException.class, () -> rig.on(new Input.Positioned(EngineRig.HERE)));
  }

  // ---- links and messages ----

  @Test
  void a_new_link_is_greeted_first_of_all() {
    Notification vote = rig.config.context().notification(ServerState.LOOKING, FOR_2, 1);
    rig.algorithm().answer(_ -> List.of(new Action.Send(id(2), vote)));
    rig.linkUp(2);
    assertEquals(
        List.of(new Output.Transmit(id(2), EngineRig.HELLO), new Output.Transmit(id(2), vote)),
        rig.outputs.stream().filter(Output.Transmit.class::isInstance).toList());
    assertEquals(Set.of(id(1), id(2)), rig.view().reachableVoters());
  }

  @Test
  void a_notification_is_heard_from_whoever_sent_it() {
    Notification vote = rig.config.context().notification(ServerState.LEADING, FOR_2, 3);
    rig.message(-1, vote);
    assertEquals(new Event.Heard(id(-1), vote), rig.algorithm().told.getLast());
    assertEquals(1, rig.counters.get(ElectionCounter.NOTIFICATIONS_RECEIVED));
  }

  @Test
  void malformed_messages_are_counted_and_shown_a_few_times() {
    int shown = 0;
    for (int i = 0; i < 100; i++) {
      rig.bytes(2, new byte[] {1, 2, 3});
      shown += rig.warnings().size();
    }
    assertEquals(WarningBudget.PER_CODE, shown);
    assertEquals(100, rig.counters.get(ElectionCounter.NOTIFICATIONS_MALFORMED));
    rig.fire(Timer.OfEngine.WARNINGS);
    assertEquals(List.of("warningsSuppressed"), rig.warnings());
    assertEquals(1, rig.algorithm().told.size(), "the algorithm heard nothing of them");
  }

  @Test
  void observers_without_an_id_that_come_and_go_are_told_a_few_times_and_always_in_pairs() {
    var told = new ArrayList<ElectionEvent>();
    for (int i = 1; i <= 1000; i++) {
      rig.linkUp(-i);
      told.addAll(rig.told());
      rig.linkDown(-i, DownCause.CLOSED_BY_PEER);
      told.addAll(rig.told());
    }
    assertEquals(2 * Shown.STRANGERS_PER_SPELL, told.size());
    for (int i = 0; i < told.size(); i += 2) {
      ServerId stranger = id(-1 - i / 2);
      assertEquals(new ElectionEvent.LinkUp(stranger), told.get(i));
      assertEquals(new ElectionEvent.LinkDown(stranger, DownCause.CLOSED_BY_PEER), told.get(i + 1));
    }
    rig.linkUp(2);
    assertEquals(List.of(new ElectionEvent.LinkUp(id(2))), rig.told());
    rig.fire(Timer.OfEngine.WARNINGS);
    assertEquals(List.of("warningsSuppressed"), rig.warnings());
    rig.linkUp(-1001);
    assertEquals(List.of(new ElectionEvent.LinkUp(id(-1001))), rig.told());
  }

  @Test
  void frames_of_a_newer_kind_are_counted_and_ignored() {
    rig.message(2, new UnknownExtension(0x51000777, 1, 2, 3, 4));
    assertEquals(1, rig.counters.get(ElectionCounter.UNKNOWN_EXTENSIONS));
    assertEquals(List.of(), rig.told());
    assertEquals(1, rig.algorithm().told.size());
  }

  @Test
  void a_server_of_ours_is_recognized_once_per_link() {
    rig.linkUp(2);
    rig.message(2, EngineRig.HELLO);
    rig.message(2, EngineRig.HELLO);
    assertEquals(
        List.of(new Event.LinkUp(id(2)), new Event.Recognized(id(2))),
        rig.algorithm().told.subList(1, rig.algorithm().told.size()));
  }

  @Test
  void a_replaced_link_is_no_lost_link_but_must_be_recognized_anew() {
    rig.linkUp(2);
    rig.message(2, EngineRig.HELLO);
    rig.linkDown(2, DownCause.REPLACED);
    assertEquals(Set.of(id(1), id(2)), rig.view().reachableVoters());
    assertEquals(List.of(new ElectionEvent.LinkDown(id(2), DownCause.REPLACED)), rig.told());
    rig.linkUp(2);
    rig.message(2, EngineRig.HELLO);
    assertEquals(
        List.of(
            new Event.LinkUp(id(2)),
            new Event.Recognized(id(2)),
            new Event.LinkUp(id(2)),
            new Event.Recognized(id(2))),
        rig.algorithm().told.subList(1, 5));
  }

  @Test
  void a_server_of_another_ensemble_is_shown_and_not_heard() {
    rig.linkUp(2);
    rig.message(2, new Hello(1, "another", EngineRig.ENSEMBLE.digest(), 1, 0));
    assertEquals(List.of("ensembleMismatch"), rig.warnings());
    assertEquals(1, rig.counters.get(ElectionCounter.ENSEMBLE_MISMATCHES));
    isRefused(2);
  }

  @Test
  void a_server_of_another_configuration_is_shown_and_not_heard() {
    rig.linkUp(2);
    rig.message(2, new Hello(1, "quorate", Ensembles.inMemory(5, 0).digest(), 1, 0));
    assertEquals(List.of("configMismatch"), rig.warnings());
    assertEquals(1, rig.counters.get(ElectionCounter.CONFIG_MISMATCHES));
    isRefused(2);
  }

  /** For the algorithm it is as if it were not there, until it has another link. */
  private void isRefused(long peer) {
    List<Event> told = rig.algorithm().told;
    assertEquals(
        List.of(new Event.LinkDown(id(peer)), new Event.Unreachable(id(peer))),
        told.subList(told.size() - 2, told.size()));
    assertEquals(Set.of(id(1)), rig.view().reachableVoters());
    int before = told.size();
    rig.message(peer, rig.config.context().notification(ServerState.LOOKING, FOR_2, 1));
    assertEquals(before, told.size());
    rig.linkUp(peer);
    assertEquals(new Event.LinkUp(id(peer)), told.getLast());
  }

  @Test
  void another_version_is_shown_and_recognized_all_the_same() {
    rig.linkUp(2);
    rig.message(2, new Hello(2, "quorate", EngineRig.ENSEMBLE.digest(), 1, 0));
    assertEquals(List.of("protocolMismatch"), rig.warnings());
    assertEquals(new Event.Recognized(id(2)), rig.algorithm().told.getLast());
  }

  @Test
  void what_the_transport_tells_about_itself_is_passed_on() {
    var address = InetSocketAddress.createUnresolved("here", 1);
    rig.on(new TransportEvent.Listening(address));
    assertEquals(List.of(new ElectionEvent.Listening(address)), rig.told());
    rig.on(new TransportEvent.Warning(TransportEvent.WarningCode.BIND_FAILED, "in use"));
    assertEquals(List.of(new ElectionEvent.Warning("bindFailed", "in use")), rig.told());
    assertEquals(List.of(), rig.on(new TransportEvent.Nothing()));
  }

  // ---- timers ----

  @Test
  void the_timers_of_the_algorithm_are_its_own() {
    Duration wait = Duration.ofMillis(7);
    rig.algorithm().answer(_ -> List.of(new Action.SetTimer("RESTART", wait)));
    rig.linkUp(2);
    assertTrue(rig.outputs.contains(new Output.SetTimer(new OfAlgorithm("RESTART"), wait)));
    rig.algorithm().answer(_ -> List.of());
    rig.fire(new OfAlgorithm("RESTART"));
    assertEquals(new Event.TimerFired("RESTART"), rig.algorithm().told.getLast());
    int heard = rig.algorithm().told.size();
    rig.fire(new OfAlgorithm("RESTART"));
    assertEquals(heard, rig.algorithm().told.size(), "a timer fires once");
  }

  @Test
  void a_cancelled_timer_never_fires() {
    rig.algorithm()
        .answer(
            _ ->
                List.of(
                    new Action.SetTimer("a", Duration.ofMillis(1)),
                    new Action.CancelTimer("a"),
                    new Action.CancelTimer("unknown")));
    rig.linkUp(2);
    assertEquals(1, rig.outputs.stream().filter(Output.CancelTimer.class::isInstance).count());
    rig.fire(new OfAlgorithm("a"));
    assertFalse(rig.algorithm().told.contains(new Event.TimerFired("a")));
  }

  @Test
  void what_the_algorithm_finds_odd_is_counted_and_told() {
    rig.algorithm().answer(_ -> List.of(new Action.Warn("voteIgnored", "by nobody")));
    rig.linkUp(2);
    assertEquals(List.of("voteIgnored"), rig.warnings());
    assertEquals(1, rig.counters.get(ElectionCounter.VOTES_IGNORED));
  }
}
