package io.quorate.transport.tcp;

import io.quorate.protocol.HostPort;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent.WarningCode;
import java.io.IOException;
import java.net.ConnectException;
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
import org.jspecify.annotations.Nullable;

/**
 * Binds one address, again and again until it succeeds, and then accepts and does nothing else.
 * Safe for use by any thread.
 *
 * <p>A failed accept alone does not mean that peers are refused: while files or memory have run
 * out, the kernel completes their connections and keeps them for us. So the socket stays. Only when
 * a dial of our own is refused is it given up and bound anew, and both are told.
 */
final class Listener {

  static final Duration BIND_BACKOFF_MIN = Duration.ofMillis(50);
  static final Duration BIND_BACKOFF_MAX = Duration.ofSeconds(2);

  /** After a failed accept: when files or memory have run out, others may give some back. */
  private static final Duration ACCEPT_BACKOFF_MIN = Duration.ofMillis(10);

  private static final Duration ACCEPT_BACKOFF_MAX = Duration.ofSeconds(1);

  /** Of the dial that asks whether we listen: it never leaves this host. */
  private static final Duration SELF_DIAL_TIMEOUT = Duration.ofMillis(200);

  /** Connections that the kernel may hold for us to accept. */
  private static final int BACKLOG = 1024;

  /** Makes a socket that is not bound. */
  @FunctionalInterface
  interface Maker {
    ServerSocket make() throws IOException;
  }

  /** Where those go that were accepted. */
  interface Reception {

    /** Takes one over. Does not wait. */
    void admit(Socket socket);

    /**
     * Closes some that have not said who they are, because files or memory have run out; false if
     * there are none.
     */
    boolean makeRoom();
  }

  /**
   * What all listeners of one transport share.
   *
   * @param entrances is told what becomes of us
   * @param reception takes what was accepted
   */
  record Office(
      Common common, Names names, Entrances entrances, Maker sockets, Reception reception) {}

  private final HostPort address;
  private final Office office;
  private final Common common;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable ServerSocket bound;

  Listener(HostPort address, Office office) {
    this.address = address;
    this.office = office;
    this.common = office.common();
  }

  /**
   * Binds before it returns, if no name is to be looked up, so that who starts after us need not
   * dial twice. What fails is tried again by the thread, and told then.
   */
  void start(int number) {
    Optional<ServerSocket> early = Names.literal(address.host()).flatMap(this::tryToBind);
    common.threads().start("accept-" + number, () -> run(early));
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

  private void run(Optional<ServerSocket> early) throws InterruptedException {
    var backoff = new Backoff(BIND_BACKOFF_MIN, BIND_BACKOFF_MAX, ThreadLocalRandom.current());
    Optional<ServerSocket> ready = early;
    while (!isClosed()) {
      String end = "closed by somebody else";
      try {
        ServerSocket server = ready.isPresent() ? ready.get() : bind();
        ready = Optional.empty();
        backoff.reset();
        end = accept(server);
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (IOException failure) {
        bindFailed(failure);
      } catch (Throwable failure) {
        end = failure.toString();
        common.threads().unexpected("accept", failure);
        bindFailed(failure);
      } finally {
        leave(end);
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

  /** Tells first, so that whoever must not be refused while it leads can stop before it is. */
  private void leave(String why) {
    try {
      if (!isClosed()) {
        office.entrances().lost(this, address + ": " + why);
      }
    } finally {
      closeServer();
    }
  }

  private Optional<ServerSocket> tryToBind(InetAddress ours) {
    try {
      return Optional.of(bind(ours));
    } catch (IOException _) {
      closeServer();
      return Optional.empty();
    }
  }

  private ServerSocket bind() throws IOException, InterruptedException {
    long nanos = common.config().limits().connectTimeout().toNanos();
    return bind(office.names().resolve(address.host(), nanos).getFirst());
  }

  private ServerSocket bind(InetAddress ours) throws IOException {
    ServerSocket server = office.sockets().make();
    bound = server;
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(ours, address.port()), BACKLOG);
    if (isClosed()) {
      // Closed before it could see this socket.
      server.close();
    } else {
      office.entrances().bound(this, server.getLocalSocketAddress());
    }
    return server;
  }

  /** Returns why the socket accepts no more. */
  private String accept(ServerSocket server) throws InterruptedException {
    var backoff = new Backoff(ACCEPT_BACKOFF_MIN, ACCEPT_BACKOFF_MAX, ThreadLocalRandom.current());
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        common.counters().add(TransportCounter.ACCEPTED);
        office.reception().admit(socket);
        backoff.reset();
      } catch (Throwable failure) {
        if (server.isClosed()) {
          return String.valueOf(failure.getMessage());
        }
        cannotAccept(failure);
        if (failure instanceof IOException && office.reception().makeRoom()) {
          continue;
        }
        if (failure instanceof IOException && isRefused(server.getLocalSocketAddress())) {
          return String.valueOf(failure.getMessage());
        }
        pause(backoff);
      }
    }
    return "closed";
  }

  private void cannotAccept(Throwable failure) {
    if (failure instanceof IOException) {
      // Strangers can make it happen again and again, so the log is not to have it each time.
      common.counters().add(TransportCounter.UNEXPECTED);
    } else {
      common.threads().unexpected("accept", failure);
    }
    common.warnings().warn(WarningCode.UNEXPECTED, "cannot accept: " + failure.getMessage());
  }

  /** Dials ourselves: no other question has the answer that peers get. */
  private static boolean isRefused(SocketAddress at) {
    try (var socket = new Socket()) {
      if (at instanceof InetSocketAddress inet) {
        boolean any = inet.getAddress().isAnyLocalAddress();
        var host = any ? InetAddress.getLoopbackAddress() : inet.getAddress();
        var target = new InetSocketAddress(host, inet.getPort());
        Sockets.connect(socket, target, Math.toIntExact(SELF_DIAL_TIMEOUT.toMillis()));
      }
      return false;
    } catch (ConnectException _) {
      return true;
    } catch (IOException _) {
      return false;
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
