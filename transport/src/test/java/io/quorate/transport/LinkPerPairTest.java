package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.WarningCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which connection stays: the promises T1, T2 and T3. */
final class LinkPerPairTest extends TcpPromises {

  @Nested
  final class T1TheLargerIdsConnectionStays {

    @Test
    void ourDialToALargerIdIsGivenUpCleanlyAndWeAreCalledBack() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection request = nine.accept();
      var introduction = request.readIntroduction();
      assertEquals(RawConnection.V1, introduction.version());
      assertEquals(SELF, introduction.sid());
      assertEquals(here().toString(), introduction.addresses());
      assertTrue(request.endsCleanly(), "the request to be called back was reset");
      assertFalse(probe.isConnectedTo(LARGER));
      assertWorks(probe, LARGER, link(probe, nine));
    }

    @Test
    void ourDialToASmallerIdStays() {
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(two));
      RawConnection link = two.acceptLink();
      probe.linkUp(SMALLER);
      assertWorks(probe, SMALLER, link);
    }

    @Test
    void aSmallerIdThatCallsIsCalledBack() {
      tuning.dialBackoffMin = Duration.ofSeconds(60);
      tuning.dialBackoffMax = Duration.ofSeconds(60);
      RawPeer two = raw(SMALLER);
      two.stopListening();
      Probe probe = listening(knowing(two));
      probe.unreachable(SMALLER);
      two.listenAgain();
      RawConnection request = two.dialLink(here());
      RawConnection link = two.acceptLink();
      request.expectClosedSilently();
      probe.linkUp(SMALLER);
      assertWorks(probe, SMALLER, link);
      assertTrue(probe.count(TransportCounter.CALLED_BACK) > 0);
    }

    @Test
    void theDialOfAnObserverWithoutAnIdStays() {
      RawPeer nine = raw(LARGER);
      Probe observer = open(TransportConfig.builder(ServerId.OBSERVER).peer(nine.configured()));
      RawConnection link = nine.accept();
      assertEquals(Long.MAX_VALUE, link.readIntroduction().sid());
      observer.linkUp(LARGER);
      assertWorks(observer, LARGER, link);
    }

    @Test
    void ourIntroductionHasTheFormThatIsAskedFor() {
      RawPeer two = raw(SMALLER);
      open(knowing(two).initialMessage(TransportConfig.InitialForm.BARE));
      assertEquals(new RawConnection.Introduction(SELF, SELF, ""), read(two));
    }

    @Test
    void severalAddressesAreToldInTheSecondForm() {
      RawPeer two = raw(SMALLER);
      var advertised = List.of(new HostPort("a.test", 1), new HostPort("::1", 2));
      open(knowing(two).advertise(advertised));
      assertEquals(
          new RawConnection.Introduction(RawConnection.V2, SELF, "a.test:1|[::1]:2"), read(two));
    }

    private RawConnection.Introduction read(RawPeer peer) {
      return peer.accept().readIntroduction();
    }
  }

  @Nested
  final class T2AHealthyLinkIsReplacedOnlyByACompleteSuccessor {

    @Test
    void theNewestOfALargerIdWinsOnceItsInitialMessageIsComplete() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection first = link(probe, nine);
      byte[] introduction = RawConnection.v1(LARGER, nine.address());
      RawConnection second = nine.dial(here());
      second.send(Arrays.copyOf(introduction, introduction.length - 1));
      assertWorks(probe, LARGER, first);
      second.send(new byte[] {introduction[introduction.length - 1]});
      assertEquals(DownCause.REPLACED, probe.linkDown(LARGER).cause());
      probe.linkUp(LARGER);
      first.expectClosed();
      assertWorks(probe, LARGER, second);
    }

    @Test
    void halfAnInitialMessageThatEndsOrTimesOutDoesNoHarm() {
      tuning.handshakeTimeout = Duration.ofMillis(300);
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection first = link(probe, nine);
      byte[] half = Arrays.copyOf(RawConnection.v1(LARGER, nine.address()), 19);
      nine.dial(here()).send(half).close();
      RawConnection slow = nine.dial(here()).send(half);
      slow.expectClosedSilently();
      assertWorks(probe, LARGER, first);
      assertTrue(probe.history(LinkDown.class).isEmpty());
    }

    @Test
    void ofManyDuplicatesOneStaysAndWorks() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection first = link(probe, nine);
      var duplicates = new ArrayList<RawConnection>();
      for (int i = 0; i < 10; i++) {
        duplicates.add(nine.dial(here()));
      }
      duplicates.forEach(each -> each.send(RawConnection.v1(LARGER, nine.address())));
      first.expectClosed();
      probe.awaitCount(TransportCounter.LINK_UP, 11);
      Await.until("ten are replaced", () -> probe.count(TransportCounter.LINK_DOWN) == 10);
      probe.send(LARGER, "who stays");
      int alive = 0;
      for (RawConnection each : duplicates) {
        if (each.saysMore()) {
          alive++;
          assertEquals("who stays", each.readFrame());
        }
      }
      assertEquals(1, alive);
    }

    @Test
    void aSmallerIdThatCallsAgainGetsANewLinkOnlyWhenTheCallBackHasPassed() {
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(two));
      RawConnection first = two.acceptLink();
      probe.linkUp(SMALLER);
      assertWorks(probe, SMALLER, first);
      // Long enough that the call cannot have crossed ours.
      probe.keepReceiving(Duration.ofMillis(50));
      two.stopListening();
      long failed = probe.count(TransportCounter.DIAL_FAILED);
      two.dialLink(here()).expectClosedSilently();
      probe.awaitCount(TransportCounter.DIAL_FAILED, failed + 1);
      assertWorks(probe, SMALLER, first);
      assertTrue(probe.history(LinkDown.class).isEmpty());
      two.listenAgain();
      two.dialLink(here()).expectClosedSilently();
      RawConnection second = two.acceptLink();
      assertEquals(DownCause.REPLACED, probe.linkDown(SMALLER).cause());
      probe.linkUp(SMALLER);
      first.expectClosed();
      assertWorks(probe, SMALLER, second);
    }

    @Test
    void aSmallerIdThatHasNotSpokenMayHaveYetToAcceptOurCall() {
      RawPeer two = raw(SMALLER);
      long before = System.nanoTime();
      Probe probe = listening(knowing(two));
      RawConnection first = two.acceptLink();
      probe.linkUp(SMALLER);
      long dialled = probe.count(TransportCounter.DIALLED);
      Await.until(
          "it is called again",
          () -> {
            two.dialLink(here()).expectClosedSilently();
            return probe.count(TransportCounter.DIALLED) > dialled;
          });
      long millis = Duration.ofNanos(System.nanoTime() - before).toMillis();
      assertTrue(millis >= 500, () -> "called again after " + millis + " ms");
      assertEquals(DownCause.REPLACED, probe.linkDown(SMALLER).cause());
      first.expectClosed();
      assertWorks(probe, SMALLER, two.acceptLink());
    }

    @Test
    void messagesOfAReplacedLinkDoNotComeAfterItsEnd() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      for (int i = 0; i < 10; i++) {
        RawConnection next = nine.dialLink(here());
        probe.linkUp(LARGER);
        next.sendFrame("link " + i);
        probe.message(LARGER, "link " + i);
        // Not waited for: it may or may not arrive before the next link takes over.
        next.sendFrame("late " + i);
      }
      int last = 0;
      for (var event : probe.history()) {
        if (event instanceof TransportEvent.Received got) {
          String text = Probe.text(got);
          int link = Integer.parseInt(text.substring("link ".length()));
          assertTrue(link >= last, () -> text + " came after a message of a newer link");
          last = link;
        }
      }
    }
  }

  @Nested
  final class T3OnlyConfiguredAddressesAreCalled {

    @Test
    void anAddressInAnInitialMessageIsToldAndNeverDialled() {
      RawPeer two = raw(SMALLER);
      two.stopListening();
      RawPeer elsewhere = raw(77);
      Probe probe = listening(knowing(two));
      probe.unreachable(SMALLER);
      two.dial(here()).send(RawConnection.v1(SMALLER, elsewhere.address())).expectClosedSilently();
      probe.warning(WarningCode.ADDRESS_MISMATCH);
      assertTrue(probe.count(TransportCounter.ADDRESS_MISMATCH) > 0);
      two.listenAgain();
      two.dial(here()).send(RawConnection.v1(SMALLER, elsewhere.address()));
      assertWorks(probe, SMALLER, two.acceptLink());
      assertTrue(elsewhere.accept(Duration.ofMillis(200)).isEmpty(), "it was dialled");
    }

    @Test
    void aLargerIdThatTellsAnotherAddressIsLinkedAndNotDialledThere() {
      RawPeer nine = raw(LARGER);
      RawPeer elsewhere = raw(77);
      Probe probe = listening(knowing(nine));
      RawConnection link = nine.dial(here()).send(RawConnection.v1(LARGER, elsewhere.address()));
      probe.linkUp(LARGER);
      probe.warning(WarningCode.ADDRESS_MISMATCH);
      assertWorks(probe, LARGER, link);
      link.close();
      probe.linkDown(LARGER);
      nine.accept();
      assertTrue(elsewhere.accept(Duration.ofMillis(200)).isEmpty(), "it was dialled");
    }

    @Test
    void theConfiguredAddressIsNoReasonToWarn() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      assertWorks(probe, LARGER, link(probe, nine));
      assertEquals(0, probe.count(TransportCounter.ADDRESS_MISMATCH));
    }
  }
}
