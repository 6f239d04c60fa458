package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.TransportEvent.UnreachableKind;
import io.quorate.transport.TransportEvent.Warning;
import io.quorate.transport.TransportEvent.WarningCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How peers are found and where we listen: the promises T7 and T8. */
final class DiallingTest extends TcpPromises {

  private static List<InetAddress> loopback() {
    return List.of(InetAddress.getLoopbackAddress());
  }

  /** Links that live shorter are followed by a pause, or a peer could make us spin. */
  private static final Duration STABLE = Duration.ofMillis(1200);

  @Nested
  final class T7EachPeerIsDialledOnItsOwn {

    /** A resolver that never answers for one host, whatever one does to its thread. */
    private static final class Hanging implements Resolver, AutoCloseable {
      private final CountDownLatch released = new CountDownLatch(1);
      private final AtomicInteger lookUps = new AtomicInteger();

      @Override
      public List<InetAddress> resolve(String host) throws UnknownHostException {
        if (host.equals("hang.test")) {
          lookUps.incrementAndGet();
          boolean waiting = true;
          while (waiting) {
            try {
              released.await();
              waiting = false;
            } catch (InterruptedException e) {
              waiting = true; // A look-up in native code does not listen either.
            }
          }
        }
        return loopback();
      }

      @Override
      public void close() {
        released.countDown();
      }
    }

    @Test
    void aLookUpThatHangsHoldsUpNobodyElseAndIsNotStartedTwice() {
      tuning.connectTimeout = Duration.ofMillis(100);
      var resolver = keep(new Hanging());
      RawPeer three = raw(3);
      RawPeer nine = raw(LARGER);
      var config = knowing(three, nine).peer(named(SMALLER, "hang.test", raw(SMALLER)));
      Probe probe = listening(config.resolver(resolver));
      assertWorks(probe, 3, three.acceptLink());
      assertWorks(probe, LARGER, link(probe, nine));
      probe.unreachable(SMALLER);
      long failed = probe.count(TransportCounter.DIAL_FAILED);
      probe.awaitCount(TransportCounter.DIAL_FAILED, failed + 3);
      assertEquals(1, resolver.lookUps.get(), "a hanging look-up was started again");
    }

    @Test
    void aLookUpThatHangsDoesNotHoldUpClosing() {
      tuning.closeTimeout = Duration.ofMillis(500);
      var resolver = keep(new Hanging());
      var config = server(SELF).peer(named(SMALLER, "hang.test", raw(SMALLER)));
      Probe probe = listening(config.resolver(resolver));
      Await.until("it looks up", () -> resolver.lookUps.get() == 1);
      long start = System.nanoTime();
      probe.close();
      assertTrue(Await.since(start).compareTo(Duration.ofSeconds(8)) < 0, "close waited");
    }

    @Test
    void aPeerThatNeitherAcceptsNorRefusesHoldsUpNobodyElse() {
      tuning.connectTimeout = Duration.ofSeconds(15);
      var hole = keep(new BlackHole());
      RawPeer three = raw(3);
      var config = knowing(three);
      config.peer(new Peer(ServerId.of(SMALLER), List.of(hole.address())));
      Probe probe = listening(config);
      assertWorks(probe, 3, three.acceptLink());
      assertTrue(probe.history(Unreachable.class).isEmpty());
    }

    @Test
    void aPeerThatDoesNotAnswerIsUnreachableAfterTheConnectTimeout() {
      tuning.connectTimeout = Duration.ofMillis(200);
      var hole = keep(new BlackHole());
      Probe probe =
          open(server(SELF).peer(new Peer(ServerId.of(SMALLER), List.of(hole.address()))));
      assertEquals(UnreachableKind.OTHER, probe.unreachable(SMALLER).kind());
    }

    @Test
    void aPeerIsRefusedOnlyWhenEveryAddressRefuses() {
      tuning.connectTimeout = Duration.ofMillis(200);
      var hole = keep(new BlackHole());
      HostPort refuses = FreePorts.take();
      var config = server(SELF);
      config.peer(new Peer(ServerId.of(2), List.of(refuses, FreePorts.take())));
      config.peer(new Peer(ServerId.of(3), List.of(refuses, hole.address())));
      config.peer(new Peer(ServerId.of(4), List.of(refuses, new HostPort("none.test", 3888))));
      config.peer(new Peer(ServerId.of(6), List.of(new HostPort("many.test", refuses.port()))));
      config.resolver(
          host ->
              switch (host) {
                case "none.test" -> throw new UnknownHostException(host);
                case "many.test" -> manyLoopbacks();
                default -> loopback();
              });
      Probe probe = open(config);
      assertEquals(UnreachableKind.REFUSED, probe.unreachable(2).kind());
      assertEquals(UnreachableKind.OTHER, probe.unreachable(3).kind());
      assertEquals(UnreachableKind.OTHER, probe.unreachable(4).kind());
      assertEquals(UnreachableKind.OTHER, probe.unreachable(6).kind(), "not all were tried");
    }

    /** More addresses than are tried; nobody listens at any of them. */
    private List<InetAddress> manyLoopbacks() {
      return IntStream.rangeClosed(1, 17)
          .mapToObj(last -> InetAddress.ofLiteral("127.0.0." + last))
          .toList();
    }

    @Test
    void aLiteralAddressIsNobodysToResolve() {
      RawPeer two = raw(SMALLER);
      var lookUps = new AtomicInteger();
      var config = server(SELF).peer(new Peer(ServerId.of(SMALLER), List.of(two.address())));
      config.resolver(
          host -> {
            lookUps.incrementAndGet();
            throw new UnknownHostException(host);
          });
      assertWorks(listening(config), SMALLER, two.acceptLink());
      assertEquals(0, lookUps.get());
    }

    @Test
    void namesAreLookedUpAnewForEachDial() {
      RawPeer two = raw(SMALLER);
      var answer = new AtomicReference<>(List.of(InetAddress.ofLiteral("127.0.0.2")));
      var config = server(SELF).peer(named(SMALLER, "moves.test", two));
      Probe probe = listening(config.resolver(_ -> answer.get()));
      probe.unreachable(SMALLER);
      answer.set(loopback());
      assertWorks(probe, SMALLER, two.acceptLink());
    }

    @Test
    void theLastGoodAddressIsUsedWhileTheNameServerFails() {
      RawPeer two = raw(SMALLER);
      var down = new AtomicBoolean();
      var failedLookUps = new AtomicInteger();
      var config = server(SELF).peer(named(SMALLER, "two.test", two));
      config.resolver(
          host -> {
            if (down.get()) {
              failedLookUps.incrementAndGet();
              throw new UnknownHostException(host);
            }
            return loopback();
          });
      Probe probe = listening(config);
      RawConnection first = two.acceptLink();
      assertWorks(probe, SMALLER, first);
      down.set(true);
      first.close();
      assertWorks(probe, SMALLER, two.acceptLink());
      assertTrue(failedLookUps.get() > 0);
    }

    @Test
    void severalAddressesAreTriedInParallelAndTheLosersAreClosed() {
      tuning.connectTimeout = Duration.ofSeconds(15);
      var hole = keep(new BlackHole());
      RawPeer two = raw(SMALLER);
      var addresses = List.of(hole.address(), FreePorts.take(), two.address());
      long start = System.nanoTime();
      Probe probe = listening(server(SELF).peer(new Peer(ServerId.of(SMALLER), addresses)));
      assertWorks(probe, SMALLER, two.acceptLink());
      assertTrue(Await.since(start).compareTo(Duration.ofSeconds(10)) < 0, "one after the other");
    }

    @Test
    void ofTwoAddressesThatAnswerOneIsUsed() {
      RawPeer two = raw(SMALLER);
      RawPeer alsoTwo = raw(SMALLER);
      var addresses = List.of(two.address(), alsoTwo.address());
      Probe probe = listening(server(SELF).peer(new Peer(ServerId.of(SMALLER), addresses)));
      probe.linkUp(SMALLER);
      var connections = new ArrayList<RawConnection>();
      two.accept(Duration.ofSeconds(1)).ifPresent(connections::add);
      alsoTwo.accept(Duration.ofSeconds(1)).ifPresent(connections::add);
      long introduced = connections.stream().filter(RawConnection::saysMore).count();
      assertEquals(1, introduced);
    }

    @Test
    void atMostOneDialToAPeerIsInFlightHoweverOftenItCalls() {
      tuning.dialBackoffMax = Duration.ofMillis(20);
      RawPeer two = raw(SMALLER);
      two.stopListening();
      var active = new AtomicInteger();
      var most = new AtomicInteger();
      var config = server(SELF).peer(named(SMALLER, "two.test", two));
      config.resolver(
          _ -> {
            most.accumulateAndGet(active.incrementAndGet(), Math::max);
            try {
              Await.slowly(Duration.ofMillis(20));
              return loopback();
            } finally {
              active.decrementAndGet();
            }
          });
      Probe probe = listening(config);
      for (int i = 0; i < 50; i++) {
        two.dialLink(here()).expectClosedSilently();
      }
      long dialled = probe.count(TransportCounter.DIALLED);
      probe.awaitCount(TransportCounter.DIALLED, dialled + 3);
      assertEquals(1, most.get());
    }

    @Test
    void callsOfASmallerIdDoNotMakeUsDialWithoutEnd() {
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(two));
      assertWorks(probe, SMALLER, two.acceptLink());
      long start = System.nanoTime();
      for (int i = 0; i < 300; i++) {
        RawConnection call = two.dialLink(here());
        call.expectClosedSilently();
        call.close();
        two.accept(Duration.ofMillis(1));
      }
      long calls = probe.count(TransportCounter.DIALLED);
      long bound = 20 + Await.since(start).toMillis() / tuning.dialBackoffMin.toMillis();
      assertTrue(calls <= bound, () -> calls + " dials, at most " + bound);
    }

    @Test
    void failuresAreFollowedByGrowingPauses() {
      tuning.dialBackoffMin = Duration.ofMillis(50);
      tuning.dialBackoffMax = Duration.ofMillis(400);
      RawPeer two = raw(SMALLER);
      two.stopListening();
      Probe probe = listening(knowing(two));
      long start = System.nanoTime();
      probe.keepReceiving(Duration.ofSeconds(1));
      long dials = probe.count(TransportCounter.DIALLED);
      long mostDials = 8 + Await.since(start).toMillis() / 150;
      assertTrue(dials >= 2, "it gave up");
      assertTrue(dials <= mostDials, () -> dials + " dials, at most " + mostDials);
      two.listenAgain();
      assertWorks(probe, SMALLER, two.acceptLink());
      assertEquals(1, probe.history(Unreachable.class).size());
    }

    @Test
    void aLinkThatBreaksIsDialledAgainAtOnceAndAFailureIsTold() {
      tuning.dialBackoffMin = Duration.ofSeconds(60);
      tuning.dialBackoffMax = Duration.ofSeconds(60);
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(two));
      RawConnection first = two.acceptLink();
      assertWorks(probe, SMALLER, first);
      probe.keepReceiving(STABLE);
      first.close();
      probe.linkDown(SMALLER);
      RawConnection second = two.acceptLink();
      assertWorks(probe, SMALLER, second);
      probe.keepReceiving(STABLE);
      two.stopListening();
      second.close();
      probe.linkDown(SMALLER);
      probe.unreachable(SMALLER, UnreachableKind.REFUSED);
    }

    @Test
    void aLargerIdWhoseLinkBreaksIsDialledAtOnceToo() {
      withoutRetries();
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      nine.accept().expectClosed();
      RawConnection link = link(probe, nine);
      nine.stopListening();
      link.close();
      probe.linkDown(LARGER);
      probe.unreachable(LARGER, UnreachableKind.REFUSED);
    }

    @Test
    void aPeerThatHangsUpWithoutALinkIsDialledAgain() {
      tuning.dialBackoffMin = Duration.ofSeconds(2);
      tuning.dialBackoffMax = Duration.ofSeconds(2);
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      nine.accept().expectClosed();
      RawConnection link = link(probe, nine);
      probe.keepReceiving(STABLE);
      link.close();
      probe.linkDown(LARGER);
      // As when a process ends: its listener goes last, and had taken this one.
      RawConnection last = nine.accept();
      nine.stopListening();
      last.close();
      probe.unreachable(LARGER, UnreachableKind.REFUSED);
    }

    @Test
    void aDialThatBeganBeforeTheLinkBrokeIsGivenUpForANewOne() {
      tuning.connectTimeout = Duration.ofMinutes(5);
      var hole = keep(new BlackHole());
      RawPeer nine = raw(LARGER);
      var config = server(SELF).peer(new Peer(ServerId.of(LARGER), List.of(hole.address())));
      Probe probe = listening(config);
      probe.awaitCount(TransportCounter.DIALLED, 1);
      RawConnection link = link(probe, nine);
      link.close();
      probe.linkDown(LARGER);
      probe.awaitCount(TransportCounter.DIALLED, 2);
      assertTrue(probe.history(Unreachable.class).isEmpty());
    }

    private void withoutRetries() {
      tuning.dialBackoffMin = Duration.ofMinutes(5);
      tuning.dialBackoffMax = Duration.ofMinutes(5);
    }
  }

  @Nested
  final class T8BindingIsRetried {

    @Test
    void aPortInUseIsToldAndBoundWhenItIsFree() throws IOException {
      RawPeer nine = raw(LARGER);
      var occupant = keep(new ServerSocket());
      occupant.bind(FreePorts.socketAddress(here()));
      Probe probe = open(knowing(nine));
      probe.warning(WarningCode.BIND_FAILED);
      probe.awaitCount(TransportCounter.BIND_FAILED, 2);
      assertTrue(probe.transport.localAddress().isEmpty());
      occupant.close();
      probe.listening();
      assertTrue(probe.transport.localAddress().isPresent());
      assertTrue(probe.history(Warning.class).size() < 50, "a warning for each attempt");
      assertWorks(probe, LARGER, link(probe, nine));
    }

    @Test
    void anAddressThatIsNotOursHarmsNoOther() {
      RawPeer nine = raw(LARGER);
      var config = knowing(nine);
      // From the range for documentation: no machine has it.
      config.bind(List.of(new HostPort("192.0.2.1", here().port())));
      Probe probe = listening(config);
      probe.warning(WarningCode.BIND_FAILED);
      assertWorks(probe, LARGER, link(probe, nine));
    }

    @Test
    void severalAddressesAreListenedAt() {
      RawPeer nine = raw(LARGER);
      HostPort other = FreePorts.take();
      Probe probe = listening(knowing(nine).bind(List.of(other)));
      probe.listening();
      assertEquals(2, probe.history(Listening.class).size());
      RawConnection link = nine.dialLink(other);
      assertWorks(probe, LARGER, link);
    }

    @Test
    void withoutAnAddressNothingIsListenedAt() {
      RawPeer two = raw(SMALLER);
      Probe probe =
          open(
              TransportConfig.builder(ServerId.of(SELF))
                  .advertise(List.of(here()))
                  .peer(two.configured()));
      RawConnection link = two.accept();
      assertEquals(here().toString(), link.readIntroduction().addresses());
      assertWorks(probe, SMALLER, link);
      assertTrue(probe.transport.localAddress().isEmpty());
      assertTrue(probe.history(Listening.class).isEmpty());
    }

    @Test
    void anAddressIsAdvertisedWithoutBeingBound() {
      RawPeer two = raw(SMALLER);
      var advertised = new HostPort("node-5.test", 3888);
      Probe probe = listening(knowing(two).advertise(List.of(advertised)));
      assertEquals("node-5.test:3888", two.accept().readIntroduction().addresses());
      assertFalse(probe.transport.localAddress().isEmpty());
    }
  }
}
