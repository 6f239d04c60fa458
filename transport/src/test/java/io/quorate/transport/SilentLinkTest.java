package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.Unreachable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** T12 again: a link over which nothing comes that was expected has a successor beside it. */
final class SilentLinkTest extends TcpPromises {

  private static final Duration SOON = Duration.ofMillis(100);

  /** Long enough for several dials, were there a reason for them. */
  private static final Duration A_WHILE = SOON.multipliedBy(5);

  @Test
  void theDialToASmallerIdTakesThePlaceOfASilentLink() {
    RawPeer two = raw(SMALLER);
    Probe probe = listening(knowing(two));
    RawConnection silent = two.acceptLink();
    probe.linkUp(SMALLER);
    expect(probe, SMALLER);
    RawConnection successor = two.acceptLink();
    assertEquals(DownCause.REPLACED, probe.linkDown(SMALLER).cause());
    probe.linkUp(SMALLER);
    silent.expectClosed();
    assertWorks(probe, SMALLER, successor);
    assertEquals(1, probe.count(TransportCounter.LINK_SILENT));
  }

  @Test
  void aLargerIdIsAskedToCallBackAndTheSilentLinkStaysUntilItDoes() {
    RawPeer nine = raw(LARGER);
    Probe probe = listening(knowing(nine));
    RawConnection silent = linkAfterTheFirstDial(probe, nine);
    expect(probe, LARGER);
    assertTrue(isAsked(nine), "nobody asks to be called back");
    assertWorks(probe, LARGER, silent);
    RawConnection successor = nine.dialLink(here());
    assertEquals(DownCause.REPLACED, probe.linkDown(LARGER).cause());
    probe.linkUp(LARGER);
    silent.expectClosed();
    assertWorks(probe, LARGER, successor);
  }

  @Test
  void whateverArrivesInTimeIsWhatWasExpected() {
    RawPeer two = raw(SMALLER);
    Probe probe = listening(knowing(two));
    RawConnection link = two.acceptLink();
    probe.linkUp(SMALLER);
    long dials = probe.count(TransportCounter.DIALLED);
    probe.transport.expect(ServerId.of(SMALLER), Await.HANG);
    probe.transport.expect(ServerId.of(SMALLER), SOON);
    assertWorks(probe, SMALLER, link);
    probe.keepReceiving(A_WHILE);
    assertEquals(dials, probe.count(TransportCounter.DIALLED));
    assertEquals(0, probe.count(TransportCounter.LINK_SILENT));
    assertWorks(probe, SMALLER, link);
  }

  @Test
  void aSilentLinkWithoutASuccessorStaysAndIsNoNewsOfItsPeer() {
    RawPeer two = raw(SMALLER);
    Probe probe = listening(knowing(two));
    RawConnection link = two.acceptLink();
    probe.linkUp(SMALLER);
    two.stopListening();
    expect(probe, SMALLER);
    probe.awaitCount(TransportCounter.DIAL_FAILED, 3);
    assertWorks(probe, SMALLER, link);
    assertEquals(List.of(), probe.history(Unreachable.class));
    assertEquals(0, probe.count(TransportCounter.LINK_DOWN));
    two.listenAgain();
    assertEquals(Optional.empty(), two.accept(A_WHILE), "dialled although it has spoken");
    expect(probe, SMALLER);
    RawConnection successor = two.acceptLink();
    probe.linkUp(SMALLER);
    assertWorks(probe, SMALLER, successor);
  }

  @Test
  void aLinkThatHasSpokenByTheTimeOfTheDialStays() {
    RawPeer two = raw(SMALLER);
    var open = new AtomicBoolean(true);
    var lookUps = new AtomicInteger();
    var config = server(SELF).peer(named(SMALLER, "two.test", two));
    config.resolver(
        _ -> {
          lookUps.incrementAndGet();
          Await.until("the look-up may end", open::get);
          return Resolver.system().resolve(FreePorts.LOOPBACK);
        });
    Probe probe = listening(config);
    RawConnection link = two.acceptLink();
    probe.linkUp(SMALLER);
    open.set(false);
    int before = lookUps.get();
    expect(probe, SMALLER);
    Await.until("it dials", () -> lookUps.get() > before);
    assertWorks(probe, SMALLER, link);
    open.set(true);
    two.accept().expectClosedSilently();
    assertWorks(probe, SMALLER, link);
    assertEquals(0, probe.count(TransportCounter.LINK_DOWN));
  }

  @Test
  void aPeerThatNeverSpeaksIsNotDialledAllTheTime() {
    RawPeer two = raw(SMALLER);
    Probe probe = listening(knowing(two));
    two.acceptLink();
    probe.linkUp(SMALLER);
    expect(probe, SMALLER);
    two.acceptLink();
    probe.linkUp(SMALLER);
    expect(probe, SMALLER);
    probe.awaitCount(TransportCounter.LINK_SILENT, 2);
    assertEquals(Optional.empty(), two.accept(A_WHILE), "there was a new link a moment ago");
  }

  @Test
  void nothingIsExpectedWithoutALink() {
    Probe probe = open(server(SELF, LARGER));
    probe.transport.expect(ServerId.of(LARGER), SOON);
    probe.transport.expect(ServerId.of(SMALLER), SOON);
    probe.keepReceiving(A_WHILE);
    assertEquals(0, probe.count(TransportCounter.LINK_SILENT));
  }

  private static void expect(Probe probe, long peer) {
    probe.transport.expect(ServerId.of(peer), SOON);
  }

  /** What was dialled before there was a link is not to be taken for a later request. */
  private RawConnection linkAfterTheFirstDial(Probe probe, RawPeer larger) {
    larger.acceptLink().close();
    RawConnection connection = link(probe, larger);
    while (larger.accept(A_WHILE).isPresent()) {
      assertTrue(probe.isConnectedTo(larger.id));
    }
    return connection;
  }

  /** A dial that is given up, because it is no longer needed, introduces nobody. */
  private static boolean isAsked(RawPeer larger) {
    RawConnection request = larger.accept();
    return request.readIntroduction().sid() == SELF && request.endsCleanly();
  }
}
