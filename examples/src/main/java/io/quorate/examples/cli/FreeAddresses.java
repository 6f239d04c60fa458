package io.quorate.examples.cli;

import io.quorate.protocol.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Addresses on this machine that nobody uses. */
public final class FreeAddresses {

  private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();

  private FreeAddresses() {}

  /**
   * Returns addresses that were free a moment ago, no two the same.
   *
   * @throws IOException if there are not as many
   */
  public static List<HostPort> onLoopback(int count) throws IOException {
    // All are held at once, so that no two are the same.
    var held = new ArrayList<ServerSocket>();
    try {
      var addresses = new ArrayList<HostPort>();
      for (int i = 0; i < count; i++) {
        var socket = new ServerSocket();
        held.add(socket);
        socket.bind(new InetSocketAddress(HOST, 0));
        addresses.add(new HostPort(HOST, socket.getLocalPort()));
      }
      return addresses;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
