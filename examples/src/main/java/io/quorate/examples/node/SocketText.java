package io.quorate.examples.node;

import io.quorate.protocol.HostPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A socket address as {@code host:port}, the host as a literal. */
final class SocketText {

  private SocketText() {}

  static String of(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      return new HostPort(inet.getAddress().getHostAddress(), inet.getPort()).toString();
    }
    return address.toString();
  }
}
