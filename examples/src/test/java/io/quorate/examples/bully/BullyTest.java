package io.quorate.examples.bully;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionTimings;
import io.quorate.election.Majority;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.examples.Ensembles;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One server of three as a table: events in, actions out. */
final class BullyTest {

  private static final ServerId ONE = ServerId.of(1);
  private static final ServerId TWO = ServerId.of(2);
  private static final ServerId THREE = ServerId.of(3);
  private static final ServerId WATCHER = ServerId.of(9);
  private static final Event LOOK = new Event.Look(new Position(5, 1));
  private static final Event WAITED = new Event.TimerFired("wait");

  private final QuorumVerifier voters = new Majority(Set.of(ONE, TWO, THREE));

  private ElectionContext context(ServerId self) {
    var text = ConfigText.of(Ensembles.of("1=a:1,2=b:2,3=c:3"));
    return new ElectionContext(self, voters, ElectionTimings.lan(), text);
  }

  private ElectionAlgorithm server(ServerId self, ServerId... peers) {
    var server = new BullyProvider().create(context(self));
    server.on(LOOK);
    for (ServerId peer : peers) {
      server.on(new Event.LinkUp(peer));
    }
    return server;
  }

  private Event says(ServerId from, ServerState state, ServerId leader) {
    return new Event.Heard(from, context(from).notification(state, new Vote(leader, 7, 2), 1));
  }

  private Event looks(ServerId from) {
    return says(from, ServerState.LOOKING, from);
  }

  private static List<Vote> nominated(List<Action> actions) {
    return actions.stream()
        .filter(Action.Nominate.class::isInstance)
        .map(action -> ((Action.Nominate) action).vote())
        .toList();
  }

  private static boolean withdraws(List<Action> actions) {
    return actions.stream().anyMatch(Action.Withdraw.class::isInstance);
  }

  private static List<Notification> sentTo(ServerId peer, List<Action> actions) {
    var sent = new ArrayList<Notification>();
    for (Action action : actions) {
      if (action instanceof Action.Send(ServerId to, Notification said) && to.equals(peer)) {
        sent.add(said);
      }
    }
    return sent;
  }

  @Test
  void theProviderIsFoundByItsName() {
    assertEquals(BullyProvider.class, ElectionProvider.named("bully").getClass());
  }

  @Test
  void itSaysWhoItIsOnANewLink() {
    var sent = sentTo(TWO, server(ONE).on(new Event.LinkUp(TWO)));
    assertEquals(1, sent.size());
    assertEquals(ServerState.LOOKING, sent.getFirst().state());
    assertEquals(new Vote(ONE, 5, 1), sent.getFirst().vote());
  }

  @Test
  void theLargestLeadsOnceAllHaveSpoken() {
    var one = server(ONE, TWO, THREE);
    assertEquals(List.of(), nominated(one.on(looks(TWO))));
    var actions = one.on(looks(THREE));
    assertEquals(List.of(new Vote(THREE, 7, 2)), nominated(actions));
    assertEquals(ServerState.FOLLOWING, sentTo(TWO, actions).getFirst().state());

    var three = server(THREE, ONE, TWO);
    three.on(looks(ONE));
    actions = three.on(looks(TWO));
    assertEquals(List.of(new Vote(THREE, 5, 1)), nominated(actions));
    assertEquals(ServerState.LEADING, sentTo(ONE, actions).getFirst().state());
  }

  @Test
  void aQuorumDecidesAfterTheWait() {
    var one = server(ONE, TWO);
    one.on(looks(TWO));
    assertEquals(TWO, nominated(one.on(WAITED)).getFirst().leader());
  }

  @Test
  void aMinorityWaitsOn() {
    var one = server(ONE);
    var actions = one.on(WAITED);
    assertEquals(List.of(), nominated(actions));
    assertTrue(actions.getFirst() instanceof Action.SetTimer, actions.toString());
  }

  @Test
  void aLinkThatIsUpAndSilentDoesNotCount() {
    assertEquals(List.of(), nominated(server(ONE, TWO, THREE).on(WAITED)));
  }

  @Test
  void aLargerOneTakesOver() {
    var one = server(ONE, TWO);
    one.on(looks(TWO));
    one.on(WAITED);
    one.on(new Event.LinkUp(THREE));
    assertTrue(withdraws(one.on(looks(THREE))));
    assertEquals(THREE, nominated(one.on(LOOK)).getFirst().leader());
  }

  @Test
  void aSmallerOneDoesNotDisturbAndIsAnswered() {
    var three = server(THREE, TWO);
    three.on(looks(TWO));
    three.on(WAITED);
    three.on(new Event.LinkUp(ONE));
    var actions = three.on(looks(ONE));
    assertEquals(ServerState.LEADING, sentTo(ONE, actions).getFirst().state());
    assertEquals(1, actions.size());
  }

  @Test
  void onlyTheLossOfTheLeaderIsALoss() {
    var one = server(ONE, TWO, THREE);
    one.on(looks(TWO));
    one.on(looks(THREE));
    assertEquals(List.of(), one.on(new Event.LinkDown(TWO)));
    assertTrue(withdraws(one.on(new Event.LinkDown(THREE))));
  }

  @Test
  void aLeaderWithoutAQuorumWithdraws() {
    var three = server(THREE, ONE, TWO);
    three.on(looks(ONE));
    three.on(looks(TWO));
    assertEquals(List.of(), three.on(new Event.LinkDown(ONE)));
    assertTrue(withdraws(three.on(new Event.LinkDown(TWO))));
  }

  @Test
  void aFollowerThatSpeaksFirstIsAliveToo() {
    var one = server(ONE, TWO);
    one.on(says(TWO, ServerState.FOLLOWING, THREE));
    assertEquals(TWO, nominated(one.on(WAITED)).getFirst().leader());
  }

  @Test
  void anObserverIsAnsweredAndNeverCounted() {
    var one = server(ONE, WATCHER);
    assertEquals(1, sentTo(WATCHER, one.on(looks(WATCHER))).size());
    assertEquals(List.of(), nominated(one.on(WAITED)));
  }

  @Test
  void anObserverLearnsTheLeaderAndStaysSilentToOthers() {
    var watcher = server(WATCHER, TWO, THREE, ServerId.of(8));
    assertEquals(List.of(), watcher.on(looks(ServerId.of(8))));
    watcher.on(looks(TWO));
    watcher.on(looks(THREE));
    var actions = watcher.on(WAITED);
    assertEquals(THREE, nominated(actions).getFirst().leader());
    assertEquals(ServerState.OBSERVING, sentTo(TWO, actions).getFirst().state());
  }

  @Test
  void newVotersBeginANewElection() {
    var one = server(ONE, TWO, THREE);
    one.on(looks(TWO));
    one.on(looks(THREE));
    var changed = new Event.Reconfigured(new Majority(Set.of(ONE, TWO)));
    assertTrue(withdraws(one.on(changed)));
    assertEquals(TWO, nominated(one.on(LOOK)).getFirst().leader());
  }

  @Test
  void oneThatCouldNotLeadBeginsAnew() {
    assertTrue(withdraws(server(ONE).on(new Event.NominationFailed())));
  }

  private Event saysNobody(ServerId from, ServerState state) {
    return new Event.Heard(from, context(from).notification(state, Vote.NOBODY, 1));
  }

  @Test
  void oneThatMayNotLeadVotesForNobodyEvenWhileItFollows() {
    var three = new BullyProvider().create(context(THREE));
    assertEquals(List.of(), three.on(new Event.Eligible(false)));
    three.on(LOOK);
    assertEquals(Vote.NOBODY, sentTo(ONE, three.on(new Event.LinkUp(ONE))).getFirst().vote());
    three.on(new Event.LinkUp(TWO));
    three.on(looks(ONE));
    var actions = three.on(looks(TWO));
    assertEquals(TWO, nominated(actions).getFirst().leader());
    var sent = sentTo(ONE, actions).getFirst();
    assertEquals(ServerState.FOLLOWING, sent.state());
    assertEquals(Vote.NOBODY, sent.vote());
    assertTrue(withdraws(three.on(new Event.LinkDown(TWO))));
  }

  @Test
  void oneThatMayNotLeadCountsAndIsNotNominated() {
    var two = server(TWO, THREE);
    two.on(saysNobody(THREE, ServerState.FOLLOWING));
    assertEquals(TWO, nominated(two.on(WAITED)).getFirst().leader());
    assertEquals(List.of(), two.on(saysNobody(THREE, ServerState.FOLLOWING)));
  }

  @Test
  void whereNobodyMayLeadNobodyIsNominated() {
    var two = server(TWO, THREE);
    two.on(saysNobody(THREE, ServerState.LOOKING));
    assertTrue(withdraws(two.on(new Event.Eligible(false))) && nominated(two.on(LOOK)).isEmpty());
    var actions = two.on(WAITED);
    assertEquals(List.of(), nominated(actions));
    assertTrue(actions.getFirst() instanceof Action.SetTimer, actions.toString());
  }

  @Test
  void aLeaderThatMayNotLeadAnyMoreIsReplacedAndTakesOverWhenItMay() {
    var one = server(ONE, TWO, THREE);
    one.on(looks(TWO));
    one.on(looks(THREE));
    assertTrue(withdraws(one.on(saysNobody(THREE, ServerState.LOOKING))));
    assertEquals(TWO, nominated(one.on(LOOK)).getFirst().leader());
    assertTrue(withdraws(one.on(looks(THREE))));
    assertEquals(THREE, nominated(one.on(LOOK)).getFirst().leader());

    var three = server(THREE, TWO);
    three.on(looks(TWO));
    three.on(WAITED);
    assertEquals(List.of(), three.on(new Event.Eligible(true)));
    assertTrue(withdraws(three.on(new Event.Eligible(false))));
    assertEquals(List.of(), nominated(three.on(LOOK)));
    assertEquals(TWO, nominated(three.on(WAITED)).getFirst().leader());
    assertTrue(withdraws(three.on(new Event.Eligible(true))));
  }

  @Test
  void whoElseIsSaidToLeadIsIgnored() {
    assertEquals(List.of(), server(ONE, TWO).on(new Event.Led(TWO)));
  }
}
