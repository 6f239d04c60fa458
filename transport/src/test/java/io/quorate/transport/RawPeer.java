package io.quorate.transport;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A scripted server: it listens at a loopback port and does exactly what a test tells it. Closes
 * its connections with itself. For one thread.
 */
final class RawPeer implements AutoCloseable {

  final long id;
  private final HostPort address;
  private final List<RawConnection> connections = new ArrayList<>();
  private ServerSocket listener;

  RawPeer(long id) {
    this(id, 0);
  }

  /** Listens with a receive buffer of this many bytes; 0 leaves it to the system. */
  RawPeer(long id, int receiveBuffer) {
    this.id = id;
    this.listener = listen(0, receiveBuffer);
    this.address = new HostPort(FreePorts.LOOPBACK, listener.getLocalPort());
  }

  HostPort address() {
    return address;
  }

  /** How a transport under test knows this peer. */
  Peer configured() {
    return new Peer(ServerId.of(id), List.of(address));
  }

  /** Waits for the transport to dial. */
  RawConnection accept() {
    return accept(Await.HANG).orElseThrow(() -> new AssertionError("nobody dials server " + id));
  }

  /** Waits for somebody to dial, at most this long. */
  Optional<RawConnection> accept(Duration time) {
    try {
      listener.setSoTimeout(Math.toIntExact(time.toMillis()));
      Socket socket = listener.accept();
      return Optional.of(keep(new RawConnection(socket)));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the transport to dial and reads its initial message. */
  RawConnection acceptLink() {
    RawConnection connection = accept();
    connection.readIntroduction();
    return connection;
  }

  /** Dials without a word. */
  RawConnection dial(HostPort to) {
    return keep(RawConnection.dial(to));
  }

  /** Dials and introduces itself by its id and its address. */
  RawConnection dialLink(HostPort to) {
    return dial(to).send(RawConnection.v1(id, address));
  }

  /** Keeps a connection that is to be closed with this peer. */
  RawConnection keep(RawConnection connection) {
    connections.add(connection);
    return connection;
  }

  void stopListening() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void listenAgain() {
    listener = listen(address.port(), 0);
  }

  @Override
  public void close() {
    stopListening();
    connections.forEach(RawConnection::close);
  }

  private static ServerSocket listen(int port, int receiveBuffer) {
    try {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
