package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkEvent;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.TransportEvent.Received;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.TransportEvent.UnreachableKind;
import io.quorate.transport.TransportEvent.WarningCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What every kind of transport promises, seen through its public face only. */
abstract class TransportContract extends TransportFixture {

  private static final int LARGEST = 524_288;
  private static final int LARGE = 262_144;
  private static final Set<Thread.State> WAITS =
      EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  @Test
  void messagesPassBothWays() {
    List<Probe> pair = pair();
    assertEquals(SendResult.QUEUED, pair.get(0).send(2, "to two"));
    assertEquals(SendResult.QUEUED, pair.get(1).latest(1, 7, "to one"));
    pair.get(1).message(1, "to two");
    pair.get(0).message(2, "to one");
    assertEquals(Set.of(ServerId.of(2)), pair.get(0).transport.connected());
    assertEquals(ServerId.of(1), pair.get(0).transport.self());
  }

  @Test
  void messagesOfEverySizeUpToTheLargestPassUnchanged() {
    List<Probe> pair = pair();
    for (int length : List.of(1, 2, 3, 4095, 4096, 65_536, LARGEST)) {
      byte[] message = new byte[length];
      for (int i = 0; i < length; i++) {
        message[i] = (byte) (i * 31 + length);
      }
      pair.get(0).transport.sendInOrder(ServerId.of(2), message.clone());
      Received received = pair.get(1).await(Received.class, _ -> true);
      assertArrayEquals(message, received.message());
    }
  }

  @Test
  void anEmptyOrTooLongMessageIsRejected() {
    Transport one = pair().get(0).transport;
    ServerId two = ServerId.of(2);
    byte[] empty = {};
    byte[] tooLong = new byte[LARGEST + 1];
    assertThrows(IllegalArgumentException.class, () -> one.sendInOrder(two, empty));
    assertThrows(IllegalArgumentException.class, () -> one.sendInOrder(two, tooLong));
    assertThrows(IllegalArgumentException.class, () -> one.sendLatest(two, 1, empty));
    assertThrows(IllegalArgumentException.class, () -> one.sendLatest(two, 1, tooLong));
  }

  @Test
  void everyPairOfAnEnsembleEndsWithOneLink() {
    long[][] ensemble = {{1, 2, 3, 4}, {2, 1, 3, 4}, {3, 1, 2, 4}, {4, 1, 2, 3}};
    var probes = new ArrayList<Probe>();
    for (long[] ids : ensemble) {
      probes.add(open(server(ids[0], Arrays.copyOfRange(ids, 1, ids.length))));
    }
    for (Probe from : probes) {
      for (Probe to : probes) {
        if (from != to) {
          exchange(from, to);
        }
      }
    }
    for (Probe probe : probes) {
      assertEquals(3, probe.transport.connected().size());
      for (ServerId peer : probe.transport.connected()) {
        assertAlternating(probe.links(peer.value()));
        assertInstanceOf(LinkUp.class, probe.links(peer.value()).getLast());
      }
    }
  }

  private static void assertAlternating(List<LinkEvent> links) {
    for (int i = 0; i < links.size(); i++) {
      Class<?> expected = i % 2 == 0 ? LinkUp.class : LinkDown.class;
      assertInstanceOf(expected, links.get(i), () -> "up and down do not alternate: " + links);
    }
  }

  @Test
  void theLinkUpComesBeforeTheFirstMessage() {
    List<Probe> pair = pair();
    List<TransportEvent> ofTwo =
        pair.get(0).history().stream()
            .filter(event -> event instanceof LinkUp || event instanceof Received)
            .toList();
    assertInstanceOf(LinkUp.class, ofTwo.getFirst());
  }

  @Test
  void messagesOfOnePeerComeInTheirOrder() {
    tuning.sendQueue = 1000;
    List<Probe> pair = pair();
    for (int i = 0; i < 1000; i++) {
      assertEquals(SendResult.QUEUED, pair.get(0).send(2, "message " + i));
    }
    for (int i = 0; i < 1000; i++) {
      assertEquals("message " + i, pair.get(1).message(1));
    }
  }

  @Test
  void aFullQueueRefusesTheNewOneAndKeepsTheOlderOnes() {
    tuning.sendQueue = 4;
    tuning.receiveQueue = 4;
    List<Probe> pair = pair();
    var queued = new ArrayList<String>();
    boolean refused = false;
    for (int i = 0; i < 2000 && !refused; i++) {
      SendResult result =
          pair.get(0).transport.sendInOrder(ServerId.of(2), Probe.padded("message " + i, LARGE));
      switch (result) {
        case QUEUED -> queued.add("message " + i);
        case QUEUE_FULL -> refused = true;
        case REPLACED, NOT_CONNECTED, CLOSED -> throw new AssertionError(result);
      }
    }
    assertTrue(refused, "a peer that does not read takes everything");
    assertTrue(pair.get(0).count(TransportCounter.SEND_QUEUE_FULL) > 0);
    for (String message : queued) {
      assertEquals(message, pair.get(1).message(1));
    }
  }

  @Test
  void theLatestOfAKindTakesThePlaceOfAnUnsentOlderOne() {
    tuning.sendQueue = 4;
    tuning.receiveQueue = 4;
    List<Probe> pair = pair();
    var replaced = new ArrayList<Integer>();
    int last = 0;
    for (int i = 1; replaced.size() < 3; i++) {
      assertTrue(i < 2000, "nothing is ever replaced");
      SendResult result =
          pair.get(0).transport.sendLatest(ServerId.of(2), 7, Probe.padded("state " + i, LARGE));
      if (result == SendResult.REPLACED) {
        replaced.add(i - 1);
      } else {
        assertEquals(SendResult.QUEUED, result);
      }
      last = i;
    }
    assertEquals(SendResult.QUEUED, pair.get(0).latest(2, 8, "another kind"));
    assertEquals(3, pair.get(0).count(TransportCounter.REPLACED));
    var states = new ArrayList<Integer>();
    while (states.isEmpty() || states.getLast() != last) {
      String text = pair.get(1).message(1);
      if (text.startsWith("state ")) {
        states.add(Integer.parseInt(text.substring("state ".length())));
      }
    }
    assertEquals(states.stream().sorted().toList(), states);
    assertTrue(Collections.disjoint(states, replaced), () -> states + " " + replaced);
    assertEquals(last, states.size() + replaced.size());
    assertTrue(
        pair.get(1).history(Received.class).stream()
                .anyMatch(received -> Probe.text(received).equals("another kind"))
            || pair.get(1).message(1).equals("another kind"));
  }

  @Test
  void withoutALinkAMessageIsDroppedAndNeverSentLater() {
    Probe one = open(server(1, 2));
    assertEquals(SendResult.NOT_CONNECTED, one.send(2, "stale"));
    assertEquals(SendResult.NOT_CONNECTED, one.latest(2, 7, "stale"));
    assertEquals(SendResult.NOT_CONNECTED, one.send(99, "to nobody"));
    assertEquals(3, one.count(TransportCounter.NOT_CONNECTED));
    Probe two = open(server(2, 1));
    settled(one, two);
    assertTrue(
        two.history(Received.class).stream().noneMatch(got -> Probe.text(got).equals("stale")));
  }

  @Test
  void whatWasQueuedOnAnOldLinkIsNotSentOnTheNext() {
    tuning.sendQueue = 4;
    tuning.receiveQueue = 4;
    // The link may be so young that it counts as the answer when one asks for the next.
    tuning.patience = Duration.ofSeconds(5);
    List<Probe> pair = pair();
    Probe one = pair.get(0);
    for (int i = 0; i < 2000; i++) {
      byte[] stale = Probe.padded("stale", LARGE);
      if (one.transport.sendInOrder(ServerId.of(2), stale) == SendResult.QUEUE_FULL) {
        break;
      }
    }
    one.latest(2, 7, "stale");
    one.transport.softHalt();
    assertEquals(DownCause.CLOSED_BY_US, one.linkLost(2).cause());
    one.linkUp(2);
    String fresh = "fresh";
    Await.until("a message is taken", () -> one.send(2, fresh) == SendResult.QUEUED);
    Probe two = pair.get(1);
    two.linkDown(1);
    LinkUp again = two.linkUp(1);
    two.message(1, fresh);
    List<TransportEvent> after = two.history();
    after = after.subList(after.lastIndexOf(again) + 1, after.size());
    assertTrue(
        after.stream()
            .noneMatch(event -> event instanceof Received got && Probe.text(got).equals("stale")),
        "a message of the old link was sent again");
  }

  @Test
  void aFloodOfOnePeerDoesNotHoldUpAnother() {
    tuning.sendQueue = 8;
    tuning.receiveQueue = 8;
    Probe one = openPatient(server(1, 2, 3));
    one.unreachable(2);
    one.unreachable(3);
    Probe two = open(server(2, 1));
    Probe three = open(server(3, 1));
    settled(one, two);
    settled(one, three);
    var stop = new AtomicBoolean();
    Thread flood =
        started(
            () -> {
              while (!stop.get()) {
                two.send(1, "flood");
              }
            });
    one.awaitCount(TransportCounter.RECEIVE_BACKPRESSURE, 1);
    three.send(1, "important");
    int ahead = 0;
    for (boolean found = false; !found; ) {
      TransportEvent event = one.poll(Await.HANG).orElseThrow();
      found = event instanceof Received got && Probe.text(got).equals("important");
      ahead += found ? 0 : 1;
      assertTrue(ahead < 50_000, "the flood keeps the other peer out");
    }
    stop.set(true);
    Await.end(flood);
  }

  @Test
  void peersTakeTurnsInTheReceiveQueue() {
    tuning.receiveQueue = 8;
    Probe one = openPatient(server(1, 2, 3));
    one.unreachable(2);
    one.unreachable(3);
    Probe two = open(server(2, 1));
    Probe three = open(server(3, 1));
    settled(one, two);
    settled(one, three);
    long before = one.count(TransportCounter.RECEIVED);
    for (int i = 0; i < 8; i++) {
      two.send(1, "two");
    }
    one.awaitCount(TransportCounter.RECEIVED, before + 8);
    three.send(1, "three");
    one.awaitCount(TransportCounter.RECEIVED, before + 9);
    int ahead = 0;
    while (one.poll(Await.HANG).orElseThrow() instanceof Received got
        && !Probe.text(got).equals("three")) {
      ahead++;
    }
    assertTrue(ahead <= 2, "not in turns: " + ahead + " messages of the other peer came first");
  }

  @Test
  void aLinkThatGoesDownIsToldWithItsCauseAfterItsLastMessage() {
    List<Probe> pair = pair();
    Probe one = pair.get(0);
    Probe two = pair.get(1);
    long sent = two.count(TransportCounter.SENT);
    for (int i = 0; i < 3; i++) {
      two.send(1, "last words " + i);
    }
    two.awaitCount(TransportCounter.SENT, sent + 3);
    two.close();
    assertEquals(DownCause.CLOSED_BY_PEER, one.linkLost(2).cause());
    List<String> words =
        one.history(Received.class).stream()
            .map(Probe::text)
            .filter(text -> text.startsWith("last words"))
            .toList();
    assertEquals(List.of("last words 0", "last words 1", "last words 2"), words);
    Await.until("the link is gone", () -> !one.isConnectedTo(2));
    assertEquals(SendResult.NOT_CONNECTED, one.send(2, "too late"));
  }

  @Test
  void aServerThatComesBackIsLinkedAgain() {
    List<Probe> pair = pair();
    Probe one = pair.get(0);
    pair.get(1).close();
    one.linkDown(2);
    Probe again = open(server(2, 1));
    one.linkUp(2);
    settled(one, again);
  }

  @Test
  void aPeerThatIsNotThereIsToldAsUnreachableOnce() {
    Probe one = open(server(1, 2));
    one.unreachable(2);
    one.keepReceiving(Duration.ofMillis(300));
    assertEquals(
        List.of(UnreachableKind.REFUSED),
        one.history(Unreachable.class).stream().map(Unreachable::kind).toList());
    assertTrue(one.transport.connected().isEmpty());
  }

  @Test
  void theListenerIsTold() {
    Probe one = open(server(1));
    var told = one.listening().address();
    assertEquals(told, one.transport.localAddress().orElseThrow());
    var address = assertInstanceOf(InetSocketAddress.class, told);
    assertEquals(address(1).port(), address.getPort());
  }

  @Test
  void wakeupEndsTheNextReceiveOrThePresentOne() throws InterruptedException {
    Probe one = open(server(1));
    one.listening();
    one.transport.wakeup();
    long start = System.nanoTime();
    assertTrue(one.poll(Duration.ofMinutes(1)).isEmpty());
    var returned = new ArrayBlockingQueue<Boolean>(1);
    Thread receiver = started(() -> returned.add(one.poll(Duration.ofMinutes(1)).isEmpty()));
    Await.until("it waits", () -> WAITS.contains(receiver.getState()));
    one.transport.wakeup();
    assertEquals(true, returned.poll(Await.HANG.toSeconds(), TimeUnit.SECONDS));
    assertTrue(Await.since(start).compareTo(Duration.ofMinutes(1)) < 0);
    Await.end(receiver);
  }

  @Test
  void receiveWaitsForItsTimeoutAndNotWithoutOne() throws InterruptedException {
    Probe one = open(server(1));
    one.listening();
    assertInstanceOf(Nothing.class, one.transport.receive(Duration.ZERO));
    assertInstanceOf(Nothing.class, one.transport.receive(Duration.ofSeconds(-5)));
    long start = System.nanoTime();
    assertInstanceOf(Nothing.class, one.transport.receive(Duration.ofMillis(5)));
    assertTrue(Await.since(start).compareTo(Duration.ofMillis(5)) >= 0);
  }

  @Test
  void anInterruptEndsReceive() {
    Probe one = open(server(1));
    one.listening();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> one.transport.receive(Duration.ofMinutes(1)));
    assertFalse(Thread.interrupted());
  }

  @Test
  void afterASoftHaltTheLinksReturn() {
    List<Probe> pair = pair();
    Probe one = pair.get(0);
    Probe two = pair.get(1);
    sendUnread(two, one, "kept");
    one.transport.softHalt();
    assertEquals(DownCause.CLOSED_BY_US, one.linkLost(2).cause());
    two.linkLost(1);
    one.linkUp(2);
    two.linkUp(1);
    settled(one, two);
    assertTrue(
        one.history(Received.class).stream().anyMatch(got -> Probe.text(got).equals("kept")),
        "the receive queue was not kept");
  }

  @Test
  void closeEndsReceiveAndSendsNothingMore() throws InterruptedException {
    List<Probe> pair = pair();
    Probe one = pair.get(0);
    sendUnread(pair.get(1), one, "unread");
    one.close();
    assertInstanceOf(Nothing.class, one.transport.receive(Duration.ofMinutes(1)));
    assertEquals(SendResult.CLOSED, one.send(2, "too late"));
    assertEquals(SendResult.CLOSED, one.latest(2, 7, "too late"));
    assertTrue(one.transport.connected().isEmpty());
    one.transport.softHalt();
    one.transport.wakeup();
    one.close();
  }

  @Test
  void closeEndsAReceiveThatWaits() throws InterruptedException {
    Probe one = open(server(1));
    one.listening();
    var returned = new ArrayBlockingQueue<Boolean>(1);
    Thread receiver = started(() -> returned.add(one.poll(Duration.ofMinutes(1)).isEmpty()));
    Await.until("it waits", () -> WAITS.contains(receiver.getState()));
    one.close();
    assertEquals(true, returned.poll(Await.HANG.toSeconds(), TimeUnit.SECONDS));
    Await.end(receiver);
  }

  @Test
  void observersWithoutAnIdAreNamedAndBounded() {
    Probe one = open(server(1));
    Probe first = open(observerOf(1));
    one.linkUp(-1);
    Probe second = open(observerOf(1));
    one.linkUp(-2);
    first.linkUp(1);
    second.linkUp(1);
    one.latest(-2, 7, "to the second");
    second.message(1, "to the second");
    first.send(1, "from the first");
    one.message(-1, "from the first");
    open(observerOf(1));
    one.warning(WarningCode.TOO_MANY_OBSERVERS);
    assertTrue(one.count(TransportCounter.OBSERVER_REFUSED) > 0);
    assertEquals(Set.of(-1L, -2L), ids(one.transport.connected()));
    first.close();
    one.linkDown(-1);
    one.linkUp(-3);
  }

  private static Set<Long> ids(Set<ServerId> servers) {
    return servers.stream().map(ServerId::value).collect(Collectors.toSet());
  }

  @Test
  void anUnknownIdIsRefused() {
    Probe one = open(server(1, 2));
    open(server(9, 1));
    one.warning(WarningCode.UNKNOWN_ID);
    assertTrue(one.count(TransportCounter.UNKNOWN_ID_REFUSED) > 0);
    assertTrue(one.transport.connected().isEmpty());
    Probe two = open(server(2, 1));
    settled(one, two);
    assertTrue(one.links(9).isEmpty());
  }

  @Test
  void anotherServerWithOurIdIsToldAndDoesNoHarm() {
    List<Probe> pair = pair();
    Probe one = pair.get(0);
    Probe two = pair.get(1);
    var twin = TransportConfig.builder(ServerId.of(1)).bind(List.of(address(11)));
    twin.peer(new Peer(ServerId.of(3), List.of(address(1))));
    open(twin);
    one.warning(WarningCode.DUPLICATE_ID);
    assertTrue(one.count(TransportCounter.OWN_ID_REFUSED) > 0);
    settled(one, two);
    assertAlternating(one.links(2));
  }

  @Test
  void changesOfALinkAreConflatedButTheLastStateIsNeverLost() {
    List<Probe> pair = pair();
    Probe one = pair.get(0);
    Probe two = pair.get(1);
    for (int i = 0; i < 10; i++) {
      two.transport.softHalt();
      two.linkDown(1);
      two.linkUp(1);
    }
    exchange(two, one);
    assertAlternating(one.links(2));
    assertInstanceOf(LinkUp.class, one.links(2).getLast());
    assertTrue(one.isConnectedTo(2));
    two.close();
    one.linkLost(2);
    assertFalse(one.isConnectedTo(2));
  }
}
