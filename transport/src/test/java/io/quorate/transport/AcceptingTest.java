package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.Warning;
import io.quorate.transport.TransportEvent.WarningCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What comes in from outside: the promises T4, T5 and T6. */
final class AcceptingTest extends TcpPromises {

  /** Far less than the handshake's timeout of 10 s, far more than a loaded machine needs. */
  private static final Duration PROMPT = Duration.ofSeconds(5);

  private List<RawConnection> silent(RawPeer owner, int count) {
    var connections = new ArrayList<RawConnection>();
    for (int i = 0; i < count; i++) {
      connections.add(owner.dial(here()));
    }
    return connections;
  }

  @Nested
  final class T4StrangersAreRefused {

    @Test
    void ourOwnIdFromOutsideIsClosedCountedAndTold() {
      RawPeer nine = raw(LARGER);
      RawPeer twin = raw(SELF);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      twin.dialLink(here()).expectClosedSilently();
      probe.warning(WarningCode.DUPLICATE_ID);
      assertEquals(1, probe.count(TransportCounter.OWN_ID_REFUSED));
      assertWorks(probe, LARGER, link);
    }

    @Test
    void anUnknownIdIsClosedCountedAndTold() {
      RawPeer stranger = raw(77);
      Probe probe = listening(knowing(raw(LARGER)));
      stranger.dialLink(here()).expectClosedSilently();
      assertTrue(probe.warning(WarningCode.UNKNOWN_ID).detail().contains("77"));
      assertEquals(1, probe.count(TransportCounter.UNKNOWN_ID_REFUSED));
      assertTrue(stranger.accept(Duration.ofMillis(100)).isEmpty(), "a stranger was dialled");
      assertTrue(probe.transport.connected().isEmpty());
    }

    @Test
    void aFloodOfStrangersGivesABoundedNumberOfEvents() {
      RawPeer nine = raw(LARGER);
      RawPeer stranger = raw(77);
      Probe probe = listening(knowing(nine));
      for (long id = 1000; id < 1600; id++) {
        RawConnection call = stranger.dial(here());
        call.send(RawConnection.v1(id, stranger.address()));
        call.expectClosedSilently();
        call.close();
      }
      probe.awaitCount(TransportCounter.UNKNOWN_ID_REFUSED, 600);
      assertWorks(probe, LARGER, link(probe, nine));
      assertTrue(
          probe.history(Warning.class).size() <= 300,
          () -> probe.history(Warning.class).size() + " warnings");
    }

    @Test
    void observersWithoutAnIdAreNamedDownwardsAndBounded() {
      RawPeer observer = raw(Long.MAX_VALUE);
      Probe probe = listening(knowing());
      RawConnection first = observer.dialLink(here());
      probe.linkUp(-1);
      RawConnection second = observer.dialLink(here());
      probe.linkUp(-2);
      observer.dialLink(here()).expectClosedSilently();
      probe.warning(WarningCode.TOO_MANY_OBSERVERS);
      assertEquals(1, probe.count(TransportCounter.OBSERVER_REFUSED));
      assertWorks(probe, -1, first);
      assertWorks(probe, -2, second);
      second.close();
      probe.linkDown(-2);
      RawConnection third = observer.dialLink(here());
      probe.linkUp(-3);
      assertWorks(probe, -3, third);
    }
  }

  @Nested
  final class T5AcceptingOnlyAccepts {

    @Test
    void everyFormOfInitialMessageMayComeByteByByte() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      var forms =
          List.of(
              RawConnection.bare(LARGER),
              RawConnection.v1(LARGER, nine.address()),
              RawConnection.introduction(RawConnection.V1, LARGER, "[::1]:3888"),
              RawConnection.introduction(RawConnection.V1, LARGER, "[0:0:0:0:0:0:0:1]:3888"),
              RawConnection.introduction(RawConnection.V1, LARGER, "0.0.0.0:3888"),
              RawConnection.introduction(RawConnection.V2, LARGER, "a.test:1|[::1]:2|10.0.0.1:3"));
      for (byte[] form : forms) {
        RawConnection link = nine.dial(here()).drip(form);
        probe.linkUp(LARGER);
        assertWorks(probe, LARGER, link);
      }
      assertEquals(forms.size(), probe.count(TransportCounter.LINK_UP));
    }

    @Test
    void anObserversInitialMessageMayComeByteByByte() {
      RawPeer observer = raw(Long.MAX_VALUE);
      Probe probe = listening(knowing());
      RawConnection link =
          observer.dial(here()).drip(RawConnection.v1(Long.MAX_VALUE, observer.address()));
      probe.linkUp(-1);
      assertWorks(probe, -1, link);
    }

    @Test
    void aFrameInTheSameSegmentAsTheInitialMessageIsNotLost() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      byte[] introduction = RawConnection.v1(LARGER, nine.address());
      byte[] frame = RawConnection.framed("at once");
      byte[] both = Arrays.copyOf(introduction, introduction.length + frame.length);
      System.arraycopy(frame, 0, both, introduction.length, frame.length);
      nine.dial(here()).send(both);
      assertEquals("at once", probe.message(LARGER));
    }

    @Test
    void whatIsNoInitialMessageClosesItsConnectionOnly() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      var malformed =
          List.of(
              RawConnection.bare(-7),
              RawConnection.bare(Long.MIN_VALUE),
              RawConnection.introduction(RawConnection.V1, -3, "a.test:1"),
              RawConnection.introduction(RawConnection.V1, LARGER, ""),
              RawConnection.introduction(RawConnection.V1, LARGER, "no port"),
              RawConnection.introduction(RawConnection.V1, LARGER, "a.test:0"),
              RawConnection.introduction(RawConnection.V1, LARGER, "a.test:65536"),
              RawConnection.introduction(RawConnection.V2, LARGER, "a.test:1||b.test:2"),
              RawConnection.introduction(RawConnection.V1, LARGER, "x".repeat(2049)),
              announcing(Integer.MAX_VALUE),
              announcing(-1));
      for (byte[] bytes : malformed) {
        RawConnection call = nine.dial(here());
        call.trySend(bytes);
        call.expectClosedSilently();
      }
      probe.awaitCount(TransportCounter.HANDSHAKE_FAILED, malformed.size());
      probe.warning(WarningCode.BAD_INITIAL_MESSAGE);
      assertWorks(probe, LARGER, link);
      assertTrue(probe.history(LinkDown.class).isEmpty());
    }

    private byte[] announcing(int length) {
      byte[] bytes = RawConnection.introduction(RawConnection.V1, LARGER, "");
      System.arraycopy(RawConnection.length(length), 0, bytes, bytes.length - 4, 4);
      return bytes;
    }

    @Test
    void aConnectionThatEndsBeforeItsInitialMessageDoesIsClosed() {
      RawPeer nine = raw(LARGER);
      listening(knowing(nine));
      byte[] introduction = RawConnection.v1(LARGER, nine.address());
      for (int length = 0; length < introduction.length; length++) {
        RawConnection call = nine.dial(here()).send(Arrays.copyOf(introduction, length));
        call.endOutput().expectClosedSilently();
      }
    }

    @Test
    void hundredsOfSilentAndSlowConnectionsDoNotHoldUpAValidPeer() {
      RawPeer nine = raw(LARGER);
      RawPeer crowd = raw(77);
      Probe probe = listening(knowing(nine));
      silent(crowd, 200);
      List<RawConnection> slow = silent(crowd, 200);
      byte[] introduction = RawConnection.v1(LARGER, nine.address());
      var stop = new AtomicBoolean();
      Thread dripping =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < introduction.length && !stop.get(); i++) {
                      byte[] one = {introduction[i]};
                      slow.forEach(each -> each.trySend(one));
                      LockSupport.parkNanos(1_000_000_000);
                    }
                  });
      probe.awaitCount(TransportCounter.ACCEPTED, 400);
      long start = System.nanoTime();
      RawConnection link = link(probe, nine);
      assertWorks(probe, LARGER, link);
      assertTrue(Await.since(start).compareTo(PROMPT) < 0, "a valid peer had to wait");
      assertEquals(0, probe.count(TransportCounter.HANDSHAKE_FAILED));
      stop.set(true);
      LockSupport.unpark(dripping);
      Await.end(dripping);
    }

    @Test
    void aDeadlineCountsFromAcceptingHoweverBusyTheConnection() {
      tuning.handshakeTimeout = Duration.ofMillis(500);
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection busy = nine.dial(here());
      byte[] introduction = RawConnection.introduction(RawConnection.V1, LARGER, "a:1|".repeat(99));
      int taken = 0;
      while (taken < introduction.length && busy.trySend(new byte[] {introduction[taken]})) {
        taken++;
        Await.slowly(Duration.ofMillis(50));
      }
      assertTrue(taken < introduction.length, "the deadline moves with each byte");
      probe.awaitCount(TransportCounter.HANDSHAKE_FAILED, 1);
      assertEquals(0, probe.count(TransportCounter.LINK_UP));
    }

    @Test
    void silentConnectionsAreClosedAtTheDeadline() {
      tuning.handshakeTimeout = Duration.ofMillis(300);
      RawPeer crowd = raw(77);
      Probe probe = listening(knowing(raw(LARGER)));
      silent(crowd, 50).forEach(RawConnection::expectClosedSilently);
      probe.awaitCount(TransportCounter.HANDSHAKE_FAILED, 50);
    }

    @Test
    void beyondTheBoundTheOldestIsClosedAndTheNewestIsServed() {
      tuning.handshakes = 50;
      assertOldestAreEvicted();
    }

    @Test
    void beyondTheBoundOfOneAddressItsOldestIsClosed() {
      tuning.handshakesPerAddress = 50;
      assertOldestAreEvicted();
    }

    private void assertOldestAreEvicted() {
      tuning.handshakeTimeout = Duration.ofMinutes(5);
      RawPeer nine = raw(LARGER);
      RawPeer crowd = raw(77);
      Probe probe = listening(knowing(nine));
      List<RawConnection> crowded = silent(crowd, 200);
      crowded.subList(0, 150).forEach(RawConnection::expectClosedSilently);
      RawConnection link = link(probe, nine);
      assertWorks(probe, LARGER, link);
      assertTrue(probe.count(TransportCounter.HANDSHAKE_EVICTED) >= 150);
      assertTrue(crowded.getLast().staysSilent(Duration.ofMillis(20)), "the newest was closed");
    }
  }

  @Nested
  final class T6NoFailureSpreads {

    @Test
    void connectionsResetAtAnyPointHarmNobodyElse() {
      RawPeer nine = raw(LARGER);
      RawPeer eight = raw(8);
      Probe probe = listening(knowing(nine, eight));
      RawConnection healthy = link(probe, eight);
      byte[] introduction = RawConnection.v1(LARGER, nine.address());
      byte[] frame = RawConnection.framed("half a frame");
      byte[] all = Arrays.copyOf(introduction, introduction.length + frame.length);
      System.arraycopy(frame, 0, all, introduction.length, frame.length);
      for (int length = 0; length < all.length; length++) {
        reset(nine.dial(here()).send(Arrays.copyOf(all, length)));
      }
      assertWorks(probe, 8, healthy);
      // A handshake of before that ends later would take the place of the next connection.
      raw(77).dialLink(here()).expectClosedSilently();
      Await.until(
          "the handshakes are over",
          () -> Leaks.threads().stream().noneMatch(name -> name.contains("handshake")));
      Await.until("no link to 9", () -> !probe.isConnectedTo(LARGER));
      assertWorks(probe, LARGER, nine.dialLink(here()));
      assertEquals(0, probe.count(TransportCounter.UNEXPECTED));
    }

    private void reset(RawConnection connection) {
      try {
        connection.socket.setSoLinger(true, 0);
        connection.socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Test
    void aResolverThatThrowsAnErrorCostsOnlyItsPeer() {
      var broken = new AtomicBoolean(true);
      RawPeer nine = raw(LARGER);
      RawPeer two = raw(SMALLER);
      var config = knowing(nine).peer(named(SMALLER, "broken.test", two));
      config.resolver(
          host -> {
            if (host.equals("broken.test") && broken.get()) {
              throw new StackOverflowError("injected");
            }
            return Resolver.system().resolve(FreePorts.LOOPBACK);
          });
      Probe probe = listening(config);
      probe.unreachable(SMALLER);
      probe.awaitCount(TransportCounter.UNEXPECTED, 1);
      assertWorks(probe, LARGER, link(probe, nine));
      broken.set(false);
      RawConnection link = two.acceptLink();
      probe.linkUp(SMALLER);
      assertWorks(probe, SMALLER, link);
    }

    @Test
    void aResolverThatFindsNothingOrBreaksItsPromiseCostsOnlyItsPeer() {
      RawPeer nine = raw(LARGER);
      var config = knowing(nine);
      config.peer(named(SMALLER, "nothing.test", raw(SMALLER)));
      config.peer(named(3, "exception.test", raw(3)));
      config.resolver(
          host ->
              switch (host) {
                case "nothing.test" -> List.of();
                case "exception.test" -> throw new IllegalStateException("injected");
                default -> Resolver.system().resolve(host);
              });
      Probe probe = listening(config);
      probe.unreachable(SMALLER);
      probe.unreachable(3);
      assertWorks(probe, LARGER, link(probe, nine));
    }
  }
}
