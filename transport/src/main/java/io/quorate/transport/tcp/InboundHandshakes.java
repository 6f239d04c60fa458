package io.quorate.transport.tcp;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent.WarningCode;
import io.quorate.transport.TransportLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the initial messages of the connections that came in, each on a thread of its own, and
 * passes on those that are complete in time. One absolute deadline, kept by the watchdog, holds
 * from accept to the last byte, however many bytes come before. Safe for use by any thread.
 */
final class InboundHandshakes implements Listener.Reception {

  /** How long after files or memory ran out there may be as many again as are configured. */
  private static final Duration SHORTAGE = Duration.ofMinutes(1);

  /** Takes over a connection whose initial message is complete. */
  @FunctionalInterface
  interface Next {
    void introduced(Socket socket, InitialMessage message, long acceptedAt);
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final HalfOpen<Socket> halfOpen;
  private final Common common;
  private final TransportLimits limits;
  private final Next next;
  private long accepted;
  private boolean closed;
  private boolean isShort;
  private long shortSince;

  InboundHandshakes(Common common, Next next) {
    this.common = common;
    this.limits = common.config().limits();
    this.halfOpen = new HalfOpen<>(limits.handshakes(), limits.handshakesPerAddress());
    this.next = next;
  }

  /** Takes over a socket that was just accepted. Does not wait. Closes it if that fails. */
  @Override
  public void admit(Socket socket) {
    long now = System.nanoTime();
    boolean begun = false;
    try {
      long number = enter(socket, now);
      if (number >= 0) {
        common.threads().start("handshake-" + number, () -> serve(socket, now));
        begun = true;
      }
    } finally {
      if (!begun) {
        abandon(socket);
      }
    }
  }

  /** Closes those that are there, and those that come later. */
  void close() {
    Set<Socket> left;
    lock.lock();
    try {
      closed = true;
      left = halfOpen.all();
    } finally {
      lock.unlock();
    }
    left.forEach(this::abandon);
  }

  @Override
  public boolean makeRoom() {
    List<Socket> older;
    lock.lock();
    try {
      older = halfOpen.shrink();
      isShort = true;
      shortSince = System.nanoTime();
    } finally {
      lock.unlock();
    }
    common.counters().add(TransportCounter.HANDSHAKE_EVICTED, older.size());
    older.forEach(Sockets::closeQuietly);
    return !older.isEmpty();
  }

  private long enter(Socket socket, long now) {
    Socket evicted;
    long number;
    lock.lock();
    try {
      if (closed) {
        return -1;
      }
      if (isShort && now - shortSince > SHORTAGE.toNanos()) {
        isShort = false;
        halfOpen.grow();
      }
      number = accepted++;
      evicted = halfOpen.add(socket, socket.getInetAddress()).orElse(null);
    } finally {
      lock.unlock();
    }
    if (evicted != null) {
      common.counters().add(TransportCounter.HANDSHAKE_EVICTED);
      Sockets.closeQuietly(evicted);
    }
    return number;
  }

  /** Whoever takes a socket out decides about it: thread, watchdog, eviction, or close. */
  private boolean leave(Socket socket) {
    lock.lock();
    try {
      return halfOpen.remove(socket);
    } finally {
      lock.unlock();
    }
  }

  private void abandon(Socket socket) {
    leave(socket);
    Sockets.closeQuietly(socket);
  }

  private void serve(Socket socket, long acceptedAt) {
    String from = socket.getInetAddress().getHostAddress();
    long deadline = acceptedAt + limits.handshakeTimeout().toNanos();
    boolean passed = false;
    var alarm = common.watchdog().at(deadline, () -> tooSlow(socket, from));
    try {
      Sockets.configure(socket, limits);
      ByteBuffer bytes = read(socket.getInputStream());
      alarm.cancel();
      if (bytes.hasRemaining()) {
        passed = judge(socket, bytes, from, acceptedAt);
      }
    } catch (IOException failure) {
      // Closed by the peer, by the watchdog or by an eviction: the last two have counted it.
      if (leave(socket)) {
        common.counters().add(TransportCounter.HANDSHAKE_FAILED);
      }
    } finally {
      alarm.cancel();
      if (!passed) {
        abandon(socket);
      }
    }
  }

  private void tooSlow(Socket socket, String from) {
    if (leave(socket)) {
      common.counters().add(TransportCounter.HANDSHAKE_FAILED);
      Sockets.closeQuietly(socket);
      warn(from + ": no complete initial message within " + limits.handshakeTimeout());
    }
  }

  /** Returns what came: nothing, if the peer left without a word, as a port probe does. */
  private static ByteBuffer read(InputStream in) throws IOException {
    byte[] bytes = new byte[Long.BYTES];
    int filled = 0;
    while (true) {
      int needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(bytes, 0, filled));
      if (filled >= needed) {
        return ByteBuffer.wrap(bytes, 0, filled);
      }
      if (bytes.length < needed) {
        bytes = Arrays.copyOf(bytes, needed);
      }
      int length = in.read(bytes, filled, needed - filled);
      if (length < 0) {
        return ByteBuffer.wrap(bytes, 0, filled);
      }
      filled += length;
    }
  }

  private boolean judge(Socket socket, ByteBuffer bytes, String from, long acceptedAt) {
    if (!leave(socket)) {
      return false;
    }
    return switch (InitialMessageCodec.decode(bytes)) {
      case Decoded.Ok<InitialMessage>(InitialMessage message) -> {
        next.introduced(socket, message, acceptedAt);
        yield true;
      }
      case Decoded.Malformed<InitialMessage>(String reason) -> {
        common.counters().add(TransportCounter.HANDSHAKE_FAILED);
        Sockets.closeQuietly(socket);
        warn(from + ": " + reason);
        yield false;
      }
    };
  }

  private void warn(String detail) {
    common.warnings().warn(WarningCode.BAD_INITIAL_MESSAGE, detail);
  }
}
