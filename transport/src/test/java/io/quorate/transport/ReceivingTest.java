package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Received;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What comes in over a link: the promises T10, T11 and the reading half of T14. */
final class ReceivingTest extends TcpPromises {

  private static final int LARGEST = 524_288;

  @Nested
  final class T10AFloodIsItsSendersOwnProblem {

    @Test
    void aFloodFillsItsOwnShareAndThenWaitsInItsOwnConnection() {
      tuning.receiveQueue = 16;
      RawPeer nine = raw(LARGER);
      RawPeer eight = raw(8);
      Probe probe = listening(knowing(nine, eight));
      RawConnection quiet = link(probe, eight);
      RawConnection flooding = link(probe, nine);
      byte[] message = RawConnection.framed(Probe.padded("flood", 65_536));
      var taken = new AtomicLong();
      Thread flood =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (flooding.trySend(message)) {
                      taken.incrementAndGet();
                    }
                  });
      probe.awaitCount(TransportCounter.RECEIVE_BACKPRESSURE, 1);
      Await.until("the flood waits", () -> standsStill(taken));
      long before = probe.count(TransportCounter.RECEIVED);
      quiet.sendFrame("important");
      probe.awaitCount(TransportCounter.RECEIVED, before + 1);
      int ahead = 0;
      while (probe.poll(Await.HANG).orElseThrow() instanceof Received got
          && !Probe.text(got).equals("important")) {
        ahead++;
      }
      assertTrue(ahead <= 2, "the flood came first");
      long unread = taken.get();
      assertTrue(unread < 2000, () -> unread + " messages of 64 KiB went in unread");
      flooding.close();
      Await.end(flood);
    }

    private boolean standsStill(AtomicLong count) {
      long before = count.get();
      Await.slowly(Duration.ofMillis(100));
      return count.get() == before;
    }

    @Test
    void nothingOfAFloodIsLost() {
      tuning.receiveQueue = 4;
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      for (int i = 0; i < 500; i++) {
        link.sendFrame("message " + i);
      }
      probe.awaitCount(TransportCounter.RECEIVE_BACKPRESSURE, 1);
      for (int i = 0; i < 500; i++) {
        assertEquals("message " + i, probe.message(LARGER));
      }
    }
  }

  @Nested
  final class T11ANewLinkStartsEmpty {

    @Test
    void nothingStaleIsSentOnTheNextLink() {
      tuning.sendQueue = 8;
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      link(probe, nine);
      for (int i = 0; i < 2000; i++) {
        byte[] stale = Probe.padded("stale", LARGEST);
        if (probe.transport.sendInOrder(ServerId.of(LARGER), stale) == SendResult.QUEUE_FULL) {
          break;
        }
      }
      probe.latest(LARGER, 7, "stale");
      RawConnection second = nine.dialLink(here());
      assertEquals(DownCause.REPLACED, probe.linkDown(LARGER).cause());
      probe.linkUp(LARGER);
      probe.send(LARGER, "fresh");
      assertEquals("fresh", second.readFrame());
    }

    @Test
    void theLinkIsToldBeforeItsFirstMessageAndItsEndAfterTheLast() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      for (int i = 0; i < 20; i++) {
        RawConnection link = nine.dialLink(here()).sendFrame("first").sendFrame("last");
        probe.message(LARGER, "last");
        link.close();
        assertEquals(DownCause.CLOSED_BY_PEER, probe.linkDown(LARGER).cause());
      }
      var kinds = new ArrayList<Class<?>>();
      for (TransportEvent event : probe.history()) {
        if (event instanceof LinkUp || event instanceof LinkDown || event instanceof Received) {
          kinds.add(event.getClass());
        }
      }
      assertEquals(80, kinds.size());
      for (int i = 0; i < kinds.size(); i += 4) {
        assertEquals(
            List.of(LinkUp.class, Received.class, Received.class, LinkDown.class),
            kinds.subList(i, i + 4));
      }
    }

    @Test
    void linksThatComeAndGoUnseenAreConflatedToTheirLastState() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      for (int i = 1; i <= 200; i++) {
        nine.dialLink(here()).close();
        probe.awaitCount(TransportCounter.LINK_DOWN, i);
      }
      RawConnection last = nine.dialLink(here());
      probe.awaitCount(TransportCounter.LINK_UP, 201);
      last.sendFrame("ping");
      assertEquals("ping", probe.message(LARGER));
      var links = probe.links(LARGER);
      assertInstanceOf(LinkUp.class, links.getLast());
      assertTrue(links.size() < 100, () -> links.size() + " events of links long gone");
      for (int i = 0; i < links.size(); i++) {
        Class<?> expected = i % 2 == 0 ? LinkUp.class : LinkDown.class;
        assertInstanceOf(expected, links.get(i));
      }
    }
  }

  @Nested
  final class T14FramesAreReadAsTheyArrive {

    @Test
    void aLengthThatIsNotAllowedEndsItsLinkOnly() {
      RawPeer nine = raw(LARGER);
      RawPeer eight = raw(8);
      Probe probe = listening(knowing(nine, eight));
      RawConnection healthy = link(probe, eight);
      int bad = 0;
      for (int length : new int[] {0, -1, Integer.MIN_VALUE, LARGEST + 1, Integer.MAX_VALUE}) {
        RawConnection link = link(probe, nine);
        link.sendFrame("good").send(RawConnection.length(length));
        assertEquals("good", probe.message(LARGER));
        assertEquals(DownCause.BAD_FRAME, probe.linkDown(LARGER).cause());
        link.expectClosed();
        bad++;
        assertEquals(bad, probe.count(TransportCounter.BAD_FRAME));
      }
      assertWorks(probe, 8, healthy);
    }

    @Test
    void theLargestFrameIsRead() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      byte[] message = new byte[LARGEST];
      for (int i = 0; i < message.length; i++) {
        message[i] = (byte) (i >>> 3);
      }
      link(probe, nine).send(RawConnection.framed(message));
      assertArrayEquals(message, probe.await(Received.class, _ -> true).message());
    }

    @Test
    void aFrameMayComeByteByByte() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      link.drip(RawConnection.framed("dripped")).drip(RawConnection.framed("again"));
      assertEquals("dripped", probe.message(LARGER));
      assertEquals("again", probe.message(LARGER));
    }

    @Test
    void manyFramesMayComeInOneSegment() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      var segment = new ByteArrayOutputStream();
      for (int i = 0; i < 1000; i++) {
        segment.writeBytes(RawConnection.framed("frame " + i));
      }
      link(probe, nine).send(segment.toByteArray());
      for (int i = 0; i < 1000; i++) {
        assertEquals("frame " + i, probe.message(LARGER));
      }
    }

    @Test
    void halfAFrameAtTheEndIsNoMessage() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      link.sendFrame("whole").send(RawConnection.length(10)).send(new byte[9]);
      link.endOutput().expectClosed();
      assertEquals(DownCause.CLOSED_BY_PEER, probe.linkDown(LARGER).cause());
      assertEquals(1, probe.history(Received.class).size());
    }

    @Test
    void memoryFollowsWhatArrivesAndNotWhatIsAnnounced() {
      int connections = 200;
      tuning.observers = connections;
      RawPeer observers = raw(Long.MAX_VALUE);
      Probe probe = listening(knowing());
      var links = new ArrayList<RawConnection>();
      for (int i = 0; i < connections; i++) {
        links.add(observers.dialLink(here()));
      }
      probe.awaitCount(TransportCounter.LINK_UP, connections);
      long before = Leaks.heapBytes();
      for (RawConnection link : links) {
        link.send(RawConnection.length(LARGEST)).send(new byte[1]);
      }
      links.forEach(link -> assertTrue(link.staysSilent(Duration.ofMillis(5))));
      long grown = Leaks.heapBytes() - before;
      long announced = (long) connections * LARGEST;
      assertTrue(grown < announced / 4, () -> grown + " bytes for " + announced + " announced");
    }
  }
}
