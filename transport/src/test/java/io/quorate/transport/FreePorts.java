package io.quorate.transport;

import io.quorate.ports.Ports;
import io.quorate.protocol.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Loopback addresses that nobody listens at. */
final class FreePorts {

  static final String LOOPBACK = "127.0.0.1";

  private FreePorts() {}

  static HostPort take() {
    return new HostPort(LOOPBACK, Ports.reserve());
  }

  /** Such an address for a socket of the test's own. */
  static SocketAddress socketAddress(HostPort loopback) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), loopback.port());
  }
}
