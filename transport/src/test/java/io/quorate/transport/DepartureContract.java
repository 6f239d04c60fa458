package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkEvent;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every kind of transport promises about a server that goes, to it and to the others. */
abstract class DepartureContract extends TransportFixture {

  private static final int LARGE = 262_144;

  @Test
  void aServerThatGoesIsToldAsDownAndThenAsRefusedToLargerAndSmallerIdsEachTime() {
    Probe one = open(server(1, 2));
    Probe three = open(server(3, 2));
    for (int time = 1; time <= 2; time++) {
      Probe two = open(server(2, 1, 3));
      settled(one, two);
      settled(three, two);
      two.close();
      assertRefusedAfterTheLastLink(one);
      assertRefusedAfterTheLastLink(three);
    }
  }

  /** All dial at once, so that links may be replaced, and a dial may meet a server that ends. */
  private static void assertRefusedAfterTheLastLink(Probe survivor) {
    var links = new ArrayList<LinkEvent>();
    boolean refused = false;
    while (!refused || links.stream().noneMatch(LinkDown.class::isInstance)) {
      LinkEvent next = survivor.await(LinkEvent.class, event -> event.peer().value() == 2);
      refused = next instanceof Unreachable last && last.kind() == UnreachableKind.REFUSED;
      if (!(next instanceof Unreachable)) {
        links.add(next);
      }
    }
    assertInstanceOf(LinkDown.class, links.getLast());
  }

  @Test
  void whatWasQueuedBeforeCloseArrivesAtAHealthyPeer() {
    List<Probe> pair = pair();
    Probe one = pair.get(0);
    Probe two = pair.get(1);
    for (int i = 0; i < 20; i++) {
      assertEquals(SendResult.QUEUED, one.send(2, "last words " + i));
    }
    assertEquals(SendResult.QUEUED, one.latest(2, 7, "the last state"));
    one.close();
    for (int i = 0; i < 20; i++) {
      assertEquals("last words " + i, two.message(1));
    }
    assertEquals("the last state", two.message(1));
    assertEquals(DownCause.CLOSED_BY_PEER, two.linkDown(1).cause());
  }

  @Test
  void aPeerThatDoesNotReadDelaysCloseByALimitOnly() {
    tuning.closeTimeout = Duration.ofMinutes(1);
    tuning.sendQueue = 4;
    tuning.receiveQueue = 4;
    Probe one = pair().get(0);
    SendResult last = SendResult.QUEUED;
    for (int i = 0; i < 2000 && last != SendResult.QUEUE_FULL; i++) {
      last = one.transport.sendInOrder(ServerId.of(2), new byte[LARGE]);
    }
    assertEquals(SendResult.QUEUE_FULL, last);
    long start = System.nanoTime();
    one.close();
    assertTrue(Await.since(start).compareTo(Await.HANG) < 0, "it waits for the peer");
  }
}
