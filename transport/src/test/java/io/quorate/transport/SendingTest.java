package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What goes out: the promises T9, T12 and the writing half of T14. */
final class SendingTest extends TcpPromises {

  private static final int LARGE = 262_144;
  private static final int SMALL_BUFFER = 4096;

  /** A link of server 9 with a small receive buffer, of which nobody reads. */
  private RawConnection stalledLink(Probe probe, RawPeer nine) {
    return stalledLink(probe, nine, SMALL_BUFFER);
  }

  private RawConnection stalledLink(Probe probe, RawPeer nine, int receiveBuffer) {
    RawConnection connection = nine.keep(RawConnection.dial(here(), receiveBuffer));
    connection.send(RawConnection.v1(LARGER, nine.address()));
    probe.linkUp(LARGER);
    // The kernel goes on taking for a moment after the queue was full for the first time.
    while (fill(probe) > 0) {
      Await.slowly(Duration.ofMillis(100));
    }
    return connection;
  }

  /** Sends until nothing more is taken, and returns how many were. */
  private static int fill(Probe probe) {
    for (int taken = 0; ; taken++) {
      byte[] message = Probe.padded("filler", LARGE);
      if (probe.transport.sendInOrder(ServerId.of(LARGER), message) != SendResult.QUEUED) {
        return taken;
      }
      assertTrue(taken < 2000, "a peer that does not read takes everything");
    }
  }

  @Nested
  final class T9SendingNeverWaits {

    @Test
    void aPeerThatStopsReadingDelaysNeitherTheCallerNorAnotherPeer() {
      tuning.sendQueue = 8;
      RawPeer nine = raw(LARGER);
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(nine, two));
      RawConnection healthy = two.acceptLink();
      probe.linkUp(SMALLER);
      stalledLink(probe, nine);
      long start = System.nanoTime();
      for (int i = 0; i < 1000; i++) {
        probe.send(LARGER, "more");
        probe.latest(LARGER, 7, "state " + i);
      }
      assertTrue(Await.since(start).compareTo(Duration.ofSeconds(10)) < 0, "sending waits");
      assertWorks(probe, SMALLER, healthy);
      assertTrue(probe.isConnectedTo(LARGER));
    }

    @Test
    void theLatestStateKeepsThePlaceOfTheOneItReplaces() {
      tuning.sendQueue = 8;
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection stalled = stalledLink(probe, nine);
      assertEquals(SendResult.QUEUED, probe.latest(LARGER, 1, "first kind, old"));
      assertEquals(SendResult.QUEUED, probe.latest(LARGER, 2, "second kind"));
      assertEquals(SendResult.REPLACED, probe.latest(LARGER, 1, "first kind, new"));
      String next = stalled.readFrame();
      while (next.equals("filler")) {
        next = stalled.readFrame();
      }
      assertEquals("first kind, new", next);
      assertEquals("second kind", stalled.readFrame());
    }

    @Test
    void manyKindsAreBoundedToo() {
      tuning.sendQueue = 8;
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      stalledLink(probe, nine);
      boolean refused = false;
      for (int kind = 0; kind < 100_000 && !refused; kind++) {
        refused = probe.latest(LARGER, kind, "state") == SendResult.QUEUE_FULL;
      }
      assertTrue(refused, "kinds without end are queued");
    }
  }

  @Nested
  final class T12StallsAndSilenceAreFound {

    @Test
    void aWriteThatDoesNotProgressEndsItsLinkWithinTheBoundAndNoOther() {
      tuning.sendQueue = 8;
      tuning.writeTimeout = Duration.ofMillis(500);
      RawPeer nine = raw(LARGER);
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(nine, two));
      RawConnection healthy = two.acceptLink();
      probe.linkUp(SMALLER);
      stalledLink(probe, nine);
      assertWorks(probe, SMALLER, healthy);
      assertEquals(DownCause.WRITE_STALLED, probe.linkDown(LARGER).cause());
      assertWorks(probe, SMALLER, healthy);
      assertEquals(1, probe.count(TransportCounter.LINK_DOWN));
    }

    @Test
    void aSlowReaderThatMakesProgressKeepsItsLink() {
      tuning.sendQueue = 8;
      tuning.writeTimeout = Duration.ofSeconds(1);
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      // Not the small buffer: a kernel lets a writer go on only when much of its own is free.
      RawConnection slow = stalledLink(probe, nine, LARGE);
      long start = System.nanoTime();
      byte[] some = new byte[LARGE];
      while (Await.since(start).compareTo(Duration.ofSeconds(2)) < 0) {
        slow.readOnce(some);
        probe.transport.sendInOrder(ServerId.of(LARGER), Probe.padded("filler", LARGE));
        Await.slowly(Duration.ofMillis(20));
      }
      assertTrue(probe.isConnectedTo(LARGER), "a link that made progress was closed");
    }

    @Test
    void anIdleLinkIsNoStall() {
      tuning.writeTimeout = Duration.ofMillis(100);
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      assertWorks(probe, LARGER, link);
      probe.keepReceiving(Duration.ofMillis(600));
      assertWorks(probe, LARGER, link);
      assertEquals(0, probe.count(TransportCounter.LINK_DOWN));
    }

    @Test
    void keepaliveIsSetToTheConfiguredIdleTimeOnBothKindsOfLink() throws IOException {
      tuning.keepAliveIdle = Duration.ofSeconds(1000);
      RawPeer nine = raw(LARGER);
      RawPeer two = raw(SMALLER);
      Probe probe = listening(knowing(nine, two));
      RawConnection dialled = two.acceptLink();
      probe.linkUp(SMALLER);
      RawConnection accepted = link(probe, nine);
      assertKeptAlive(dialled);
      assertKeptAlive(accepted);
    }

    /** Reads the kernel's table of connections, where there is one to read. */
    private void assertKeptAlive(RawConnection farEnd) throws IOException {
      String far = String.format(Locale.ROOT, ":%04X", farEnd.socket.getLocalPort());
      String near = String.format(Locale.ROOT, ":%04X", farEnd.socket.getPort());
      int found = 0;
      for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
        if (!Files.isReadable(Path.of(table))) {
          return;
        }
        for (String line : Files.readAllLines(Path.of(table))) {
          String[] column = line.strip().split("\\s+", -1);
          if (column[1].endsWith(near) && column[2].endsWith(far)) {
            found++;
            // Timer 2 is keepalive; it stands at hundredths of a second. The kernel's own is 2 h.
            String[] timer = column[5].split(":", -1);
            assertEquals("02", timer[0], line);
            long hundredths = Long.parseLong(timer[1], 16);
            assertTrue(hundredths > 90_000 && hundredths <= 100_000, () -> hundredths + line);
          }
        }
      }
      assertEquals(1, found);
    }
  }

  @Nested
  final class T14FramesAreWrittenWithTheirLength {

    @Test
    void aFrameArrivesInOnePiece() {
      RawPeer nine = raw(LARGER);
      Probe probe = listening(knowing(nine));
      RawConnection link = link(probe, nine);
      byte[] piece = new byte[1024];
      for (int i = 0; i < 300; i++) {
        String message = "message " + i;
        probe.send(LARGER, message);
        assertEquals(4 + message.length(), link.readOnce(piece), "the length came alone");
      }
    }

    @Test
    void theInitialMessageArrivesInOnePiece() {
      RawPeer two = raw(SMALLER);
      listening(knowing(two));
      byte[] piece = new byte[1024];
      assertEquals(20 + here().toString().length(), two.accept().readOnce(piece));
    }
  }
}
