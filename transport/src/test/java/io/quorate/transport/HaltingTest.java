package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.Nothing;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How it ends: the promise T13. */
final class HaltingTest extends TcpPromises {

  /** The configured bound of 10 s is not reached when nothing hangs. */
  private static final Duration QUICK = Duration.ofSeconds(8);

  private void assertClosesQuickly(Probe probe) {
    long start = System.nanoTime();
    probe.close();
    Duration taken = Await.since(start);
    assertTrue(taken.compareTo(QUICK) < 0, () -> "closing took " + taken);
    assertEquals(List.of(), Leaks.threads(), "close returned before its threads had ended");
  }

  @Nested
  final class T13SoftHalt {

    @Test
    void closesTheConnectionsAndKeepsTheListenerAndWhatWasReceived() {
      RawPeer nine = raw(LARGER);
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(nine, two));
      RawConnection accepted = link(probe, nine);
      RawConnection dialled = two.acceptLink();
      probe.linkUp(SMALLER);
      accepted.sendFrame("kept");
      probe.awaitCount(TransportCounter.RECEIVED, 1);
      var address = probe.transport.localAddress();
      probe.transport.softHalt();
      accepted.expectClosed();
      dialled.expectClosed();
      assertEquals(DownCause.CLOSED_BY_US, probe.linkDown(LARGER).cause());
      assertEquals(DownCause.CLOSED_BY_US, probe.linkDown(SMALLER).cause());
      assertEquals("kept", probe.message(LARGER));
      assertEquals(address, probe.transport.localAddress());
      assertWorks(probe, SMALLER, two.acceptLink());
      assertWorks(probe, LARGER, nine.dialLink(here()));
    }

    @Test
    void withoutALinkDoesNothing() {
      Probe probe = listening(knowing(raw(LARGER)));
      probe.transport.softHalt();
      probe.transport.softHalt();
      assertEquals(0, probe.count(TransportCounter.LINK_DOWN));
    }
  }

  @Nested
  final class T13Close {

    @Test
    void endsEveryConnectionAndTheListener() throws Exception {
      RawPeer nine = raw(LARGER);
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(nine, two));
      RawConnection accepted = link(probe, nine);
      RawConnection dialled = two.acceptLink();
      probe.linkUp(SMALLER);
      RawConnection halfOpen = nine.dial(here()).send(new byte[3]);
      assertClosesQuickly(probe);
      accepted.expectClosed();
      dialled.expectClosed();
      halfOpen.expectClosed();
      var reused = new ServerSocket(here().port(), 1, InetAddress.getLoopbackAddress());
      reused.close();
    }

    @Test
    void sendsWhatIsQueuedToAPeerThatReads() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      var read = new ArrayList<String>();
      Thread reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (link.saysMore()) {
                      read.add(link.readFrame());
                    }
                    link.close();
                  });
      var queued = new ArrayList<String>();
      for (int i = 0; i < 50; i++) {
        queued.add("last words " + i);
        byte[] message = Probe.padded("last words " + i, 1000);
        assertEquals(SendResult.QUEUED, probe.transport.sendInOrder(ServerId.of(LARGER), message));
      }
      probe.close();
      Await.end(reader);
      assertEquals(queued, read);
    }

    @Test
    void endsSilentHandshakes() {
      RawPeer crowd = raw(77);
      Probe probe = listening(knowing(raw(LARGER)));
      for (int i = 0; i < 50; i++) {
        crowd.dial(here());
      }
      probe.awaitCount(TransportCounter.ACCEPTED, 50);
      assertClosesQuickly(probe);
    }

    @Test
    void doesNotWaitForAPeerThatStopsReading() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      link(probe, nine);
      for (int i = 0; i < 64; i++) {
        probe.transport.sendInOrder(ServerId.of(LARGER), new byte[524_288]);
      }
      assertClosesQuickly(probe);
    }

    @Test
    void doesNotWaitForAReceiveWorkerThatWaitsForRoom() {
      tuning.receiveQueue = 4;
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      for (int i = 0; i < 100; i++) {
        link.sendFrame("flood");
      }
      probe.awaitCount(TransportCounter.RECEIVE_BACKPRESSURE, 1);
      assertClosesQuickly(probe);
    }

    @Test
    void doesNotWaitForADialThatHangsNorForABackoff() {
      tuning.connectTimeout = Duration.ofSeconds(60);
      tuning.dialBackoffMin = Duration.ofSeconds(60);
      tuning.dialBackoffMax = Duration.ofSeconds(60);
      var hole = keep(new BlackHole());
      RawPeer two = raw(SMALLER);
      two.stopListening();
      var config = knowing(two).peer(new Peer(ServerId.of(3), List.of(hole.address())));
      Probe probe = listening(config);
      probe.unreachable(SMALLER);
      assertClosesQuickly(probe);
    }

    @Test
    void doesNotWaitForABindThatIsRetried() throws Exception {
      try (var occupant = new ServerSocket(here().port(), 1, InetAddress.getLoopbackAddress())) {
        Probe probe = open(knowing());
        probe.awaitCount(TransportCounter.BIND_FAILED, 1);
        assertTrue(occupant.isBound());
        assertClosesQuickly(probe);
      }
    }

    @Test
    void rightAfterOpeningLeavesNothing() {
      RawPeer two = raw(SMALLER);
      for (int i = 0; i < 20; i++) {
        assertClosesQuickly(open(knowing(two)));
      }
    }

    @Test
    void mayBeCalledByManyAtOnce() throws InterruptedException {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      link(probe, nine);
      var closers = new ArrayList<Thread>();
      for (int i = 0; i < 8; i++) {
        closers.add(Thread.ofVirtual().name("closer-" + i).start(probe::close));
      }
      closers.forEach(Await::end);
      assertInstanceOf(Nothing.class, probe.transport.receive(Duration.ofMinutes(1)));
      assertEquals(SendResult.CLOSED, probe.send(LARGER, "too late"));
    }

    @Test
    void isNotHarmedByAnInterruptOfItsCaller() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      link(probe, nine);
      Thread.currentThread().interrupt();
      probe.close();
      assertTrue(Thread.interrupted(), "the interrupt was lost");
    }
  }

  @Nested
  final class T13AThousandRounds {

    @Test
    void ofLinksLeaveNoThreadAndNoSocket() {
      RawPeer nine = raw(LARGER);
      RawPeer observers = raw(Long.MAX_VALUE);
      Probe probe = listening(knowing(nine));
      round(probe, nine, observers);
      long descriptors = Leaks.descriptors();
      int threads = Leaks.threads().size();
      for (int i = 0; i < 333; i++) {
        round(probe, nine, observers);
      }
      Await.until("sockets are gone", () -> Leaks.descriptors() <= descriptors + 4);
      Await.until("threads are gone", () -> Leaks.threads().size() <= threads + 2);
      assertTrue(probe.transport.connected().isEmpty());
    }

    /** Three connections: one that becomes a link, one of an observer, one that says nothing. */
    private void round(Probe probe, RawPeer nine, RawPeer observers) {
      try (var link = RawConnection.dial(here());
          var observer = RawConnection.dial(here());
          var silent = RawConnection.dial(here())) {
        link.send(RawConnection.v1(LARGER, nine.address()));
        observer.send(RawConnection.v1(Long.MAX_VALUE, observers.address()));
        silent.send(new byte[1]);
        probe.linkUp(LARGER);
        probe.await(TransportEvent.LinkUp.class, up -> up.peer().value() < 0);
      }
      probe.linkDown(LARGER);
      probe.await(TransportEvent.LinkDown.class, down -> down.peer().value() < 0);
      // The requests to be called back that this peer never answers.
      for (var request = nine.accept(Duration.ofMillis(1)); request.isPresent(); ) {
        request.get().close();
        request = nine.accept(Duration.ofMillis(1));
      }
    }

    @Test
    void ofTransportsLeaveNoThreadAndNoSocket() {
      Probe first = open(server(1, 2));
      open(server(2, 1));
      first.linkUp(2);
      long descriptors = Leaks.descriptors();
      for (int i = 0; i < 40; i++) {
        try (var three = new Probe(provider().open(server(3, 1).limits(tuning.limits()).build()));
            var four = new Probe(provider().open(server(4, 3).limits(tuning.limits()).build()))) {
          three.listening();
          four.listening();
        }
      }
      Await.until("sockets are gone", () -> Leaks.descriptors() <= descriptors + 4);
    }
  }
}
