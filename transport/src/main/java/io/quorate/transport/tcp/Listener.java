package io.quorate.transport.tcp;

import io.quorate.protocol.HostPort;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.WarningCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Binds one address, again and again until it succeeds, and then accepts and does nothing else.
 * Safe for use by any thread.
 */
final class Listener {

  static final Duration BIND_BACKOFF_MIN = Duration.ofMillis(50);
  static final Duration BIND_BACKOFF_MAX = Duration.ofSeconds(2);

  /** After a failed accept: when files or memory have run out, others may give some back. */
  private static final Duration ACCEPT_BACKOFF_MIN = Duration.ofMillis(10);

  private static final Duration ACCEPT_BACKOFF_MAX = Duration.ofSeconds(1);

  /** Connections that the kernel may hold for us to accept. */
  private static final int BACKLOG = 1024;

  private final HostPort address;
  private final Common common;
  private final Names names;
  private final Consumer<Socket> handshakes;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable ServerSocket bound;

  Listener(HostPort address, Common common, Names names, Consumer<Socket> handshakes) {
    this.address = address;
    this.common = common;
    this.names = names;
    this.handshakes = handshakes;
  }

  void start(int number) {
    common.threads().start("accept-" + number, this::run);
  }

  Optional<SocketAddress> localAddress() {
    ServerSocket server = bound;
    return server == null || server.isClosed()
        ? Optional.empty()
        : Optional.ofNullable(server.getLocalSocketAddress());
  }

  void close() {
    closed.countDown();
    closeServer();
  }

  private void run() throws InterruptedException {
    var backoff = new Backoff(BIND_BACKOFF_MIN, BIND_BACKOFF_MAX, ThreadLocalRandom.current());
    while (!isClosed()) {
      try {
        ServerSocket server = bind();
        backoff.reset();
        accept(server);
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (IOException failure) {
        bindFailed(failure);
      } catch (Throwable failure) {
        common.threads().unexpected("accept", failure);
        bindFailed(failure);
      } finally {
        closeServer();
      }
      pause(backoff);
    }
  }

  private void bindFailed(Throwable failure) {
    if (!isClosed()) {
      common.counters().add(TransportCounter.BIND_FAILED);
      common.warnings().warn(WarningCode.BIND_FAILED, address + ": " + failure.getMessage());
    }
  }

  private ServerSocket bind() throws IOException, InterruptedException {
    var target = new InetSocketAddress(lookUp(), address.port());
    var server = new ServerSocket();
    bound = server;
    server.setReuseAddress(true);
    server.bind(target, BACKLOG);
    if (isClosed()) {
      // Closed before it could see this socket.
      server.close();
    } else {
      common.received().notice(new Listening(server.getLocalSocketAddress()));
    }
    return server;
  }

  private InetAddress lookUp() throws IOException, InterruptedException {
    try {
      // A literal needs nobody who might hang.
      return InetAddress.ofLiteral(address.host());
    } catch (IllegalArgumentException _) {
      long nanos = common.config().limits().connectTimeout().toNanos();
      return names.resolve(address.host(), nanos).getFirst();
    }
  }

  private void accept(ServerSocket server) throws InterruptedException {
    var backoff = new Backoff(ACCEPT_BACKOFF_MIN, ACCEPT_BACKOFF_MAX, ThreadLocalRandom.current());
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        common.counters().add(TransportCounter.ACCEPTED);
        handshakes.accept(socket);
        backoff.reset();
      } catch (Throwable failure) {
        if (server.isClosed()) {
          return;
        }
        common.threads().unexpected("accept", failure);
        common.warnings().warn(WarningCode.UNEXPECTED, "cannot accept: " + failure.getMessage());
        pause(backoff);
      }
    }
  }

  private void pause(Backoff backoff) throws InterruptedException {
    // True when closed, which the loops ask for themselves.
    var _ = closed.await(backoff.next(), TimeUnit.NANOSECONDS);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void closeServer() {
    ServerSocket server = bound;
    if (server != null) {
      try {
        server.close();
      } catch (IOException _) {
        // Closed is closed; the kernel has the rest.
      }
    }
  }
}
