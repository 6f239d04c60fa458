package io.quorate.transport.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.NotListening;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.TransportEvent.Received;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.TransportEvent.UnreachableKind;
import io.quorate.transport.TransportEvent.Warning;
import io.quorate.transport.TransportEvent.WarningCode;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReceiveQueueTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int SHARE = 4;

  private final Counters counters = new Counters();
  private final ReceiveQueue queue = new ReceiveQueue(SHARE, counters);

  @Test
  void eventsOfAPeerComeInTheirOrder() throws Exception {
    var inlet = open(1);
    put(inlet, "a");
    put(inlet, "b");
    inlet.close(DownCause.CLOSED_BY_PEER, "end");
    assertEquals(List.of("up 1", "1:a", "1:b", "down 1 CLOSED_BY_PEER"), takeAll());
  }

  @Test
  void peersTakeTurns() throws Exception {
    var flooding = open(1);
    var quiet = open(2);
    takeAll();
    for (int i = 0; i < SHARE; i++) {
      put(flooding, "flood");
    }
    put(quiet, "hello");
    assertEquals(List.of("1:flood", "2:hello", "1:flood", "1:flood", "1:flood"), takeAll());
  }

  @Test
  void observersWithoutAnIdHaveOneTurnAmongThem() throws Exception {
    var strangers = List.of(open(-1), open(-2), open(-3));
    var one = open(1);
    var two = open(2);
    takeAll();
    for (var stranger : strangers) {
      put(stranger, "a");
      put(stranger, "b");
    }
    for (String word : List.of("x", "y", "z")) {
      put(one, word);
      put(two, word);
    }
    assertEquals(
        List.of(
            "-1:a", "1:x", "2:x", "-2:a", "1:y", "2:y", "-3:a", "1:z", "2:z", "-1:b", "-2:b",
            "-3:b"),
        takeAll());
  }

  @Test
  void observersWithoutAnIdFillOneShareOfBytesAmongThem() throws Exception {
    var first = open(-1);
    var second = open(-2);
    var third = open(-3);
    var member = open(1);
    takeAll();
    assertTrue(first.putAll(List.of(new byte[(int) ReceiveQueue.MAX_SHARE_BYTES])));
    var waiting = inBackground(() -> put(second, "late"));
    await(() -> count(TransportCounter.RECEIVE_BACKPRESSURE) == 1);
    var leaving = inBackground(() -> put(third, "never told"));
    await(() -> count(TransportCounter.RECEIVE_BACKPRESSURE) == 2);
    assertTrue(put(member, "hello"));
    third.close(DownCause.CLOSED_BY_PEER, "end");
    assertFalse(leaving.get(20, TimeUnit.SECONDS));
    assertFalse(waiting.isDone());
    assertTrue(queue.take(LONG) instanceof Received(var from, _) && from.equals(ServerId.of(-1)));
    assertTrue(waiting.get(20, TimeUnit.SECONDS));
    assertEquals(List.of("1:hello", "down -3 CLOSED_BY_PEER", "-2:late"), takeAll());
  }

  @Test
  void aFullShareMakesItsPeerWaitAndNoOther() throws Exception {
    var flooding = open(1);
    var quiet = open(2);
    takeAll();
    for (int i = 0; i < SHARE; i++) {
      put(flooding, "flood");
    }
    var waiting = inBackground(() -> put(flooding, "one more"));
    await(() -> count(TransportCounter.RECEIVE_BACKPRESSURE) == 1);
    assertFalse(waiting.isDone());
    assertTrue(put(quiet, "hello"));
    assertEquals(List.of("1:flood", "2:hello"), take(2));
    assertFalse(waiting.isDone(), "half of the share is not free");
    assertEquals(List.of("1:flood"), take(1));
    assertTrue(waiting.get(20, TimeUnit.SECONDS));
    assertEquals(List.of("1:flood", "1:flood", "1:one more"), takeAll());
  }

  @Test
  void messagesThatComeTogetherStayInOrderAndWaitWhereTheShareEnds() throws Exception {
    var inlet = open(1);
    var quiet = open(2);
    takeAll();
    assertTrue(put(inlet));
    assertTrue(put(inlet, "a", "b", "c"));
    var waiting = inBackground(() -> put(inlet, "d", "e", "f"));
    await(() -> count(TransportCounter.RECEIVE_BACKPRESSURE) == 1);
    assertTrue(put(quiet, "hello"));
    assertEquals(SHARE + 1, count(TransportCounter.RECEIVED));
    assertEquals(List.of("1:a", "2:hello", "1:b"), take(3));
    assertTrue(waiting.get(20, TimeUnit.SECONDS));
    assertEquals(List.of("1:c", "1:d", "1:e", "1:f"), takeAll());
  }

  @Test
  void ofMessagesThatComeTogetherThoseAreDroppedThatWaitedWhenTheLinkWentDown() throws Exception {
    var inlet = open(1);
    takeAll();
    var waiting = inBackground(() -> put(inlet, "a", "b", "c", "d", "never told", "nor this"));
    await(() -> count(TransportCounter.RECEIVE_BACKPRESSURE) == 1);
    inlet.close(DownCause.CLOSED_BY_PEER, "end");
    assertFalse(waiting.get(20, TimeUnit.SECONDS));
    assertEquals(List.of("1:a", "1:b", "1:c", "1:d", "down 1 CLOSED_BY_PEER"), takeAll());
  }

  @Test
  void aLongMessageFillsAShareButIsTakenWhenAlone() throws Exception {
    var inlet = open(1);
    takeAll();
    assertTrue(inlet.putAll(List.of(new byte[(int) ReceiveQueue.MAX_SHARE_BYTES + 1])));
    var waiting = inBackground(() -> put(inlet, "small"));
    await(() -> count(TransportCounter.RECEIVE_BACKPRESSURE) == 1);
    assertEquals(2, takeUntil(waiting).size());
  }

  @Test
  void aWaitingPeerIsLetGoWhenItsLinkGoesDown() throws Exception {
    var inlet = open(1);
    for (int i = 0; i < SHARE; i++) {
      put(inlet, "x");
    }
    var waiting = inBackground(() -> put(inlet, "never told"));
    await(() -> count(TransportCounter.RECEIVE_BACKPRESSURE) == 1);
    inlet.close(DownCause.CLOSED_BY_US, "soft halt");
    assertFalse(waiting.get(20, TimeUnit.SECONDS));
    assertEquals(List.of("up 1", "1:x", "1:x", "1:x", "1:x", "down 1 CLOSED_BY_US"), takeAll());
  }

  @Test
  void aReplacedLinkGoesDownBeforeTheNewOneComesUpAndSaysNothingAfter() throws Exception {
    var old = open(1);
    put(old, "a");
    var fresh = open(1);
    assertFalse(put(old, "too late"));
    old.close(DownCause.FAILED, "already told");
    put(fresh, "b");
    assertEquals(List.of("up 1", "1:a", "down 1 REPLACED", "up 1", "1:b"), takeAll());
  }

  @Test
  void linkEventsAreNeverRefusedAndThePresentStateIsNeverLost() throws Exception {
    for (int i = 0; i < 1000; i++) {
      var inlet = open(1);
      if (i < SHARE) {
        // Fills the share: it is free again once these links are forgotten.
        put(inlet, "of link " + i);
      }
      inlet.close(DownCause.CLOSED_BY_PEER, "end");
      queue.unreachable(unreachable(UnreachableKind.REFUSED, "refused"));
    }
    put(open(1), "last");
    var events = takeAll();
    assertTrue(events.size() <= 5 * ReceiveQueue.MAX_UPS, () -> events.size() + " events");
    assertEquals(List.of("up 1", "1:last"), events.subList(events.size() - 2, events.size()));
    String state = "down";
    for (String event : events) {
      if (event.startsWith("up") || event.startsWith("down")) {
        assertFalse(event.startsWith(state), () -> "twice the same state in " + events);
        state = event.substring(0, event.indexOf(' '));
      }
    }
  }

  @Test
  void aPeerThatStaysUnreachableWaitsOnce() throws Exception {
    queue.unreachable(unreachable(UnreachableKind.OTHER, "no address"));
    queue.unreachable(unreachable(UnreachableKind.OTHER, "no answer"));
    assertEquals(List.of("unreachable 1 OTHER no answer"), takeAll());
  }

  @Test
  void thatAPeerRefusedIsNotForgottenForWhatCameAfter() throws Exception {
    for (int i = 0; i < 100; i++) {
      queue.unreachable(unreachable(UnreachableKind.OTHER, "no answer " + i));
      queue.unreachable(unreachable(UnreachableKind.REFUSED, "refused " + i));
      queue.unreachable(unreachable(UnreachableKind.REFUSED, "refused again " + i));
    }
    queue.unreachable(unreachable(UnreachableKind.OTHER, "silent"));
    assertEquals(
        List.of("unreachable 1 REFUSED refused again 99", "unreachable 1 OTHER silent"), takeAll());
  }

  @Test
  void whetherWeListenIsToldWhateverElseWaitsAndTheLastWordIsTheTruth() throws Exception {
    for (int i = 0; i < ReceiveQueue.MAX_NOTICES; i++) {
      queue.notice(new Warning(WarningCode.UNKNOWN_ID, "from " + i));
    }
    var here = new Listening(InetSocketAddress.createUnresolved("here", 1));
    var there = new Listening(InetSocketAddress.createUnresolved("there", 1));
    for (int i = 0; i < 100; i++) {
      queue.listening(here);
      queue.listening(there);
      queue.notListening(new NotListening("for the time " + i));
    }
    queue.listening(here);
    var events = takeAll();
    assertEquals(
        List.of(
            "listening " + there.address(),
            "not listening for the time 99",
            "listening " + here.address()),
        events.subList(ReceiveQueue.MAX_NOTICES, events.size()));
  }

  private static Unreachable unreachable(UnreachableKind kind, String reason) {
    return new Unreachable(ServerId.of(1), kind, reason);
  }

  @Test
  void noticesAreBoundedAndEqualOnesAreOne() throws Exception {
    for (int i = 0; i < 10 * ReceiveQueue.MAX_NOTICES; i++) {
      queue.notice(new Warning(WarningCode.UNKNOWN_ID, "same"));
    }
    assertEquals(1, takeAll().size());
    for (int i = 0; i < 10 * ReceiveQueue.MAX_NOTICES; i++) {
      queue.notice(new Warning(WarningCode.UNKNOWN_ID, "from " + i));
    }
    assertEquals(ReceiveQueue.MAX_NOTICES, takeAll().size());
  }

  @Test
  void wakeupEndsThePresentWaitOrElseTheNext() throws Exception {
    queue.wakeup();
    assertEquals(new Nothing(), queue.take(LONG));
    var waiting = inBackground(() -> queue.take(LONG) instanceof Nothing);
    queue.wakeup();
    assertTrue(waiting.get(20, TimeUnit.SECONDS));
    assertEquals(new Nothing(), queue.take(Duration.ZERO));
  }

  @Test
  void aTimeoutOfAnyLengthIsAllowed() throws Exception {
    assertEquals(new Nothing(), queue.take(Duration.ofMillis(1)));
    assertEquals(new Nothing(), queue.take(Duration.ofSeconds(Long.MIN_VALUE)));
    queue.wakeup();
    assertEquals(new Nothing(), queue.take(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void closingLetsEverybodyGo() throws Exception {
    var inlet = open(1);
    for (int i = 0; i < SHARE; i++) {
      put(inlet, "x");
    }
    var sender = inBackground(() -> put(inlet, "one more"));
    await(() -> count(TransportCounter.RECEIVE_BACKPRESSURE) == 1);
    queue.close();
    assertFalse(sender.get(20, TimeUnit.SECONDS));
    assertEquals(new Nothing(), queue.take(LONG));
    assertFalse(put(open(2), "after the end"));
    assertEquals(new Nothing(), queue.take(LONG));
  }

  private ReceiveQueue.Inlet open(long peer) {
    return queue.open(ServerId.of(peer), "remote");
  }

  private static boolean put(ReceiveQueue.Inlet inlet, String... texts)
      throws InterruptedException {
    return inlet.putAll(
        Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
  }

  private long count(TransportCounter counter) {
    return counters.snapshot().getOrDefault(counter, 0L);
  }

  private List<String> take(int count) throws InterruptedException {
    var events = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      events.add(text(queue.take(LONG)));
    }
    return events;
  }

  private List<String> takeAll() throws InterruptedException {
    var events = new ArrayList<String>();
    TransportEvent next = queue.take(Duration.ZERO);
    while (!(next instanceof Nothing)) {
      events.add(text(next));
      next = queue.take(Duration.ZERO);
    }
    return events;
  }

  /** Takes until somebody who waited for room is done, and what is left then. */
  private List<String> takeUntil(CompletableFuture<Boolean> done) throws Exception {
    var events = new ArrayList<String>();
    events.add(text(queue.take(LONG)));
    assertTrue(done.get(20, TimeUnit.SECONDS));
    events.addAll(takeAll());
    return events;
  }

  private static String text(TransportEvent event) {
    return switch (event) {
      case Received(ServerId from, byte[] message) ->
          from + ":" + new String(message, StandardCharsets.UTF_8);
      case LinkUp up -> "up " + up.peer();
      case LinkDown down -> "down " + down.peer() + " " + down.cause();
      case Unreachable unreachable ->
          "unreachable "
              + unreachable.peer()
              + " "
              + unreachable.kind()
              + " "
              + unreachable.reason();
      case Listening listening -> "listening " + listening.address();
      case NotListening(String reason) -> "not listening " + reason;
      case Warning warning -> "warning " + warning.detail();
      case Nothing _ -> "nothing";
    };
  }

  @FunctionalInterface
  private interface Waiting {
    boolean run() throws InterruptedException;
  }

  private static CompletableFuture<Boolean> inBackground(Waiting waiting) {
    var result = new CompletableFuture<Boolean>();
    Thread.startVirtualThread(
        () -> {
          try {
            result.complete(waiting.run());
          } catch (InterruptedException failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited too long");
      Thread.onSpinWait();
    }
  }
}
