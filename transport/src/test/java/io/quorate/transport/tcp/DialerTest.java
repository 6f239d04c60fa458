package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Peer;
import io.quorate.transport.Resolver;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the dialer decides when it is told of links; the rest is seen in DiallingTest. */
final class DialerTest {

  private static final Duration HANG = Duration.ofSeconds(20);

  private static final Duration SPAN = Duration.ofMillis(20);
  private static final long NANOS = SPAN.toNanos();

  @Test
  void aYoungerLinkAnswersARequestAndSoDoesOneThatCrossedIt() {
    assertTrue(Dialer.answers(1, SPAN, 0));
    assertTrue(Dialer.answers(0, SPAN, NANOS - 1));
    assertFalse(Dialer.answers(0, SPAN, NANOS));
  }

  @Test
  void aServerThatStartsLeavesTimeToLargerIdsByItsPeersUpToALimit() {
    assertEquals(Duration.ofMillis(4), Dialer.firstDelay(2));
    assertEquals(Duration.ofMillis(100), Dialer.firstDelay(50));
    assertEquals(Dialer.MAX_FIRST_DELAY, Dialer.firstDelay(1023));
  }

  @Test
  void theClockMayWrapAround() {
    assertTrue(Dialer.answers(Long.MIN_VALUE, SPAN, Long.MAX_VALUE));
    assertFalse(Dialer.answers(Long.MAX_VALUE, SPAN, Long.MAX_VALUE + NANOS));
  }

  @Test
  void thatTheLinkIsDownIsToldLateToNoneWhoAsksForTheNext() throws Exception {
    var counters = new Counters();
    var threads = new Threads(ServerId.of(1), counters);
    var introduced = new CountDownLatch(1);
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) HANG.toMillis());
      var peer =
          new Peer(ServerId.of(2), List.of(new HostPort("127.0.0.1", server.getLocalPort())));
      var dialer = dialer(peer, threads, counters);
      dialer.start();
      threads.start("news", () -> tellUntil(introduced, dialer));
      boolean asked = false;
      for (long start = System.nanoTime(); !asked && System.nanoTime() - start < HANG.toNanos(); ) {
        try (Socket socket = server.accept()) {
          socket.setSoTimeout((int) HANG.toMillis());
          asked = socket.getInputStream().readNBytes(Long.BYTES).length == Long.BYTES;
        }
      }
      assertTrue(asked, "every request was given up");
      dialer.close();
    } finally {
      introduced.countDown();
      threads.interruptAll();
      threads.join(System.nanoTime() + HANG.toNanos());
    }
    assertEquals(List.of(), threads.names());
  }

  /** More often than it takes to ask. */
  private static void tellUntil(CountDownLatch end, Dialer dialer) throws InterruptedException {
    while (!end.await(Dialer.ASK_DELAY.toNanos() / 2, TimeUnit.NANOSECONDS)) {
      dialer.linkDown(Dialer.STABLE.toNanos());
    }
  }

  private static Dialer dialer(Peer peer, Threads threads, Counters counters) {
    var config = TransportConfig.builder(ServerId.of(1)).peer(peer).build();
    var received = new ReceiveQueue(1, counters);
    var warnings = new Warnings(System::nanoTime, _ -> {});
    var watchdog = new Watchdog(threads, "watchdog");
    var common = new Common(config, counters, threads, watchdog, warnings, received);
    var handshake = new Handshake(ServerId.of(1), Set.of(peer.id()), 0);
    var office =
        new Dialer.Office(
            common,
            new Names(Resolver.system(), threads),
            new ConnectionTable(handshake, received),
            handshake,
            new InitialMessage.Bare(ServerId.of(1)),
            (_, _, _) -> {});
    return new Dialer(office, peer);
  }
}
