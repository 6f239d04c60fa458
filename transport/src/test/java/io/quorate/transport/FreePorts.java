package io.quorate.transport;

import io.quorate.protocol.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Set;

/** Loopback addresses that nobody listens at; none is given twice in one run. */
final class FreePorts {

  static final String LOOPBACK = "127.0.0.1";

  private static final Set<Integer> GIVEN = new HashSet<>();

  private FreePorts() {}

  /** An address whose port was free a moment ago. */
  static synchronized HostPort take() {
    while (true) {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(socket.getLocalPort())) {
          return new HostPort(LOOPBACK, socket.getLocalPort());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Such an address for a socket of the test's own. */
  static SocketAddress socketAddress(HostPort loopback) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), loopback.port());
  }
}
