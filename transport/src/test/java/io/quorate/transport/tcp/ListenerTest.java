package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Resolver;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The acceptor's part of T6: nothing that happens to one connection ends it. */
final class ListenerTest {

  private static final Duration HANG = Duration.ofSeconds(20);

  private static HostPort freeAddress() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new HostPort("127.0.0.1", socket.getLocalPort());
    }
  }

  @Test
  void goesOnAcceptingWhateverIsThrownAtIt() throws Exception {
    HostPort address = freeAddress();
    var config = TransportConfig.builder(ServerId.of(1)).build();
    var counters = new Counters();
    var threads = new Threads(config.self(), counters);
    var received = new ReceiveQueue(1, counters);
    var warnings = new Warnings(System::nanoTime, _ -> {});
    var common = new Common(config, counters, threads, new Watchdog(threads), warnings, received);
    var number = new AtomicInteger();
    var accepted = new ArrayBlockingQueue<Socket>(10);
    var listener =
        new Listener(
            address,
            common,
            new Names(Resolver.system(), threads),
            socket -> {
              accepted.add(socket);
              throwFor(number.incrementAndGet());
            });
    try {
      listener.start(0);
      assertInstanceOf(Listening.class, received.take(HANG));
      for (int i = 0; i < 6; i++) {
        new Socket(InetAddress.getLoopbackAddress(), address.port()).close();
      }
      for (int i = 0; i < 6; i++) {
        Socket socket = accepted.poll(HANG.toSeconds(), TimeUnit.SECONDS);
        assertNotNull(socket, "it accepts no more");
        socket.close();
      }
      assertTrue(counters.snapshot().getOrDefault(TransportCounter.UNEXPECTED, 0L) >= 1);
    } finally {
      listener.close();
      threads.interruptAll();
      threads.join(System.nanoTime() + HANG.toNanos());
    }
    assertEquals(0, threads.names().size());
  }

  private static void throwFor(int number) {
    switch (number % 4) {
      case 0 -> throw new OutOfMemoryError("injected");
      case 1 -> throw new StackOverflowError("injected");
      case 2 -> throw new IllegalStateException("injected");
      default -> {}
    }
  }
}
