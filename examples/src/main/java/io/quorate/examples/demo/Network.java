package io.quorate.examples.demo;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The cables between the servers. Everybody dials a server at a relay of its own, which passes all
 * bytes on. A server can be cut off: then its bytes stay on the way, in both directions, and come
 * late if it is connected again; nobody's connection breaks. Safe for use by several threads.
 */
final class Network implements AutoCloseable {

  /** How long one who dials may take to say who it is. */
  private static final Duration INTRODUCTION_LIMIT = Duration.ofSeconds(10);

  private static final int BUFFER_BYTES = 8192;

  private final Map<ServerId, ServerSocket> relays = new TreeMap<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<ServerId> cutOff = new HashSet<>();
  private boolean closed;

  /** A connection through a relay. */
  private record Line(ServerId dialler, Socket near, ServerId owner, Socket far) {}

  private final Set<Line> lines = ConcurrentHashMap.newKeySet();

  /**
   * Opens a relay for a server.
   *
   * @param server whose
   * @param listens where the server itself listens, now or later
   * @return where the others dial it
   * @throws IOException if there is no free port
   */
  HostPort relay(ServerId server, HostPort listens) throws IOException {
    var relay = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    relays.put(server, relay);
    Thread.ofVirtual()
        .name("demo-relay-" + server)
        .start(() -> accept(relay, server, new InetSocketAddress(listens.host(), listens.port())));
    return new HostPort(relay.getInetAddress().getHostAddress(), relay.getLocalPort());
  }

  /** Lets nothing through to or from a server any more. */
  void cutOff(ServerId server) {
    change(() -> cutOff.add(server));
  }

  /** Lets all through again, what was on the way first. */
  void connect(ServerId server) {
    change(() -> cutOff.remove(server));
  }

  /** Breaks all connections of a server, as the end of its process does. */
  void breakConnections(ServerId server) {
    for (Line line : lines) {
      if (line.dialler().equals(server) || line.owner().equals(server)) {
        close(line.near());
        close(line.far());
      }
    }
  }

  @Override
  public void close() {
    change(() -> closed = true);
    for (ServerSocket relay : relays.values()) {
      try {
        relay.close();
      } catch (IOException _) {
        // It is of no use any more, either way.
      }
    }
    sockets.forEach(this::close);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until both are connected. */
  private void awaitConnected(ServerId one, ServerId other) throws IOException {
    lock.lock();
    try {
      while (!closed && (cutOff.contains(one) || cutOff.contains(other))) {
        changed.await();
      }
      if (closed) {
        throw new IOException("the network is closed");
      }
    } catch (InterruptedException _) {
      throw new InterruptedIOException("the network is interrupted");
    } finally {
      lock.unlock();
    }
  }

  private void accept(ServerSocket relay, ServerId owner, InetSocketAddress listens) {
    while (!relay.isClosed()) {
      try {
        Socket near = relay.accept();
        Thread.ofVirtual()
            .name("demo-relay-" + owner + "-there")
            .start(() -> carry(near, owner, listens));
      } catch (IOException _) {
        // Closed, which ends the loop; or one connection failed, which is that one's matter.
      }
    }
  }

  private void carry(Socket near, ServerId owner, InetSocketAddress listens) {
    var far = new Socket();
    sockets.add(near);
    sockets.add(far);
    try {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      byte[] introduction = readIntroduction(near);
      ServerId dialler = dialler(introduction);
      awaitConnected(dialler, owner);
      far.connect(listens);
      far.getOutputStream().write(introduction);
      var line = new Line(dialler, near, owner, far);
      lines.add(line);
      try {
        Thread back =
            Thread.ofVirtual()
                .name("demo-relay-" + owner + "-back")
                .start(() -> pump(line, far, near));
        pump(line, near, far);
        back.join();
      } finally {
        lines.remove(line);
      }
    } catch (IOException | InterruptedException _) {
      // Whoever dialled learns it from the connection.
    } finally {
      close(near);
      close(far);
    }
  }

  private static byte[] readIntroduction(Socket near) throws IOException {
    near.setSoTimeout((int) INTRODUCTION_LIMIT.toMillis());
    InputStream in = near.getInputStream();
    byte[] read = new byte[0];
    int needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(read));
    while (read.length < needed) {
      byte[] more = in.readNBytes(needed - read.length);
      if (more.length < needed - read.length) {
        throw new IOException("closed before it said who it is");
      }
      read = ByteBuffer.allocate(needed).put(read).put(more).array();
      needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(read));
    }
    near.setSoTimeout(0);
    return read;
  }

  private static ServerId dialler(byte[] introduction) throws IOException {
    return switch (InitialMessageCodec.decode(ByteBuffer.wrap(introduction))) {
      case Decoded.Ok<InitialMessage>(InitialMessage message) -> message.sid();
      case Decoded.Malformed<InitialMessage>(String reason) -> throw new IOException(reason);
    };
  }

  /** Carries bytes one way; when that ends, so does the other way. */
  private void pump(Line line, Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      int count = from.getInputStream().read(buffer);
      while (count >= 0) {
        awaitConnected(line.dialler(), line.owner());
        to.getOutputStream().write(buffer, 0, count);
        count = from.getInputStream().read(buffer);
      }
    } catch (IOException _) {
      // One end has gone, and the other is told by its connection.
    }
    close(from);
    close(to);
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // It is of no use any more, either way.
    }
  }
}
