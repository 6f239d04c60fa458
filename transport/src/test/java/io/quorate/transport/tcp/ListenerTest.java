package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ports.Ports;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Resolver;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.NotListening;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The acceptor's part of T6: nothing that happens to one connection ends it; and of T8: what is
 * told when the socket itself ends.
 */
final class ListenerTest {

  private static final Duration HANG = Duration.ofSeconds(20);

  private final Counters counters = new Counters();
  private final Threads threads = new Threads(ServerId.of(1), counters);
  private final ReceiveQueue received = new ReceiveQueue(1, counters);
  private final List<Listener> listeners = new ArrayList<>();
  private final ArrayBlockingQueue<Socket> accepted = new ArrayBlockingQueue<>(100);
  private final AtomicInteger roomMade = new AtomicInteger();
  private final HostPort address = new HostPort("127.0.0.1", Ports.reserve());

  @AfterEach
  void end() throws Exception {
    listeners.forEach(Listener::close);
    threads.interruptAll();
    threads.join(System.nanoTime() + HANG.toNanos());
    assertEquals(0, threads.names().size());
    for (Socket socket : accepted) {
      socket.close();
    }
  }

  private void start(Listener.Maker sockets, Consumer<Socket> handshakes) throws Exception {
    var config = TransportConfig.builder(ServerId.of(1)).build();
    var warnings = new Warnings(System::nanoTime, _ -> {});
    var common =
        new Common(
            config, counters, threads, new Watchdog(threads, "watchdog"), warnings, received);
    var names = new Names(Resolver.system(), threads);
    var entrances = new Entrances(received);
    var reception =
        new Listener.Reception() {
          @Override
          public void admit(Socket socket) {
            handshakes.accept(socket);
          }

          @Override
          public boolean makeRoom() {
            return roomMade.getAndIncrement() == 0;
          }
        };
    var listener =
        new Listener(address, new Listener.Office(common, names, entrances, sockets, reception));
    listeners.add(listener);
    listener.start(0);
    assertInstanceOf(Listening.class, received.take(HANG));
  }

  private void dial() throws IOException {
    new Socket(InetAddress.getLoopbackAddress(), address.port()).close();
  }

  private void assertAccepts() throws Exception {
    dial();
    try (Socket socket = accepted.poll(HANG.toSeconds(), TimeUnit.SECONDS)) {
      assertNotNull(socket, "it accepts no more");
    }
  }

  @Test
  void goesOnAcceptingWhateverIsThrownAtIt() throws Exception {
    var number = new AtomicInteger();
    start(
        ServerSocket::new,
        socket -> {
          accepted.add(socket);
          throwFor(number.incrementAndGet());
        });
    for (int i = 0; i < 6; i++) {
      assertAccepts();
    }
    assertTrue(counters.snapshot().getOrDefault(TransportCounter.UNEXPECTED, 0L) >= 1);
    assertEquals(new Nothing(), received.take(Duration.ZERO));
  }

  private static void throwFor(int number) {
    switch (number % 4) {
      case 0 -> throw new OutOfMemoryError("injected");
      case 1 -> throw new StackOverflowError("injected");
      case 2 -> throw new IllegalStateException("injected");
      default -> {}
    }
  }

  /** Cannot accept three times, as when files have run out, and is bound all the time. */
  private static final class ExhaustedSocket extends ServerSocket {
    private final AtomicInteger failures = new AtomicInteger();

    ExhaustedSocket() throws IOException {}

    @Override
    public Socket accept() throws IOException {
      if (failures.incrementAndGet() <= 3) {
        throw new SocketException("Too many open files");
      }
      return super.accept();
    }
  }

  @Test
  void aSocketThatCannotAcceptForAWhileStaysAndIsNotToldAsLost() throws Exception {
    var made = new AtomicInteger();
    start(
        () -> {
          made.incrementAndGet();
          return new ExhaustedSocket();
        },
        accepted::add);
    assertAccepts();
    assertEquals(1, made.get());
    assertEquals(3, roomMade.get(), "each time, those who say nothing are to make room");
    assertEquals(new Nothing(), received.take(Duration.ZERO));
  }

  /** Ends when it is asked to accept, as when an administrator ends a socket, and does not know. */
  private static final class DeadSocket extends ServerSocket {
    private final AtomicInteger closings = new AtomicInteger();

    DeadSocket() throws IOException {}

    @Override
    public Socket accept() throws IOException {
      super.close();
      throw new SocketException("Invalid argument");
    }

    @Override
    public boolean isClosed() {
      return closings.get() > 0;
    }

    @Override
    public void close() throws IOException {
      closings.incrementAndGet();
      super.close();
    }
  }

  @Test
  void aSocketThatRefusesIsToldAndBoundAnew() throws Exception {
    var made = new AtomicInteger();
    start(() -> made.incrementAndGet() == 1 ? new DeadSocket() : new ServerSocket(), accepted::add);
    TransportEvent lost = received.take(HANG);
    assertEquals(new NotListening(address + ": Invalid argument"), lost);
    assertInstanceOf(Listening.class, received.take(HANG));
    assertAccepts();
  }

  /** Fails in a way that no loop around accept foresees, and remembers whether it was told. */
  private final class FailingSocket extends ServerSocket {
    private final ArrayBlockingQueue<TransportEvent> toldBeforeTheEnd = new ArrayBlockingQueue<>(1);
    private final AtomicInteger accepts = new AtomicInteger();
    private final CountDownLatch mayFail = new CountDownLatch(1);

    FailingSocket() throws IOException {}

    @Override
    public boolean isClosed() {
      if (accepts.get() > 0 && !super.isClosed()) {
        throw new IllegalStateException("injected");
      }
      return super.isClosed();
    }

    @Override
    public Socket accept() throws IOException {
      try {
        assertTrue(mayFail.await(HANG.toSeconds(), TimeUnit.SECONDS));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      accepts.incrementAndGet();
      throw new SocketException("injected");
    }

    @Override
    public void close() throws IOException {
      accepts.set(0);
      if (!super.isClosed()) {
        try {
          toldBeforeTheEnd.offer(received.take(Duration.ZERO));
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      super.close();
    }
  }

  @Test
  void aSocketThatWeGiveUpIsToldBeforeItIsClosed() throws Exception {
    var failing = new FailingSocket();
    var made = new AtomicInteger();
    start(() -> made.incrementAndGet() == 1 ? failing : new ServerSocket(), accepted::add);
    failing.mayFail.countDown(); // What comes now is what its end takes.
    TransportEvent told = failing.toldBeforeTheEnd.poll(HANG.toSeconds(), TimeUnit.SECONDS);
    assertInstanceOf(NotListening.class, told);
    assertInstanceOf(Listening.class, received.take(HANG));
    assertFalse(threads.names().isEmpty());
    assertAccepts();
  }
}
