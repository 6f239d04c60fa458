package io.quorate.examples.cli;

import io.quorate.protocol.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Addresses on this machine that nobody uses. */
public final class FreeAddresses {

  private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();

  private FreeAddresses() {}

  /**
   * Returns addresses that nobody uses, no two the same. Each has just ended a connection, and so
   * for a minute or so is given to nobody who does not ask for it by its number.
   *
   * @throws IOException if there are not as many
   */
  public static List<HostPort> onLoopback(int count) throws IOException {
    var addresses = new ArrayList<HostPort>();
    for (int i = 0; i < count; i++) {
      addresses.add(next());
    }
    return addresses;
  }

  private static HostPort next() throws IOException {
    try (var listener = new ServerSocket()) {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(HOST, 0));
      // Closed in the opposite order: whoever closes first keeps the port.
      try (var _ = new Socket(HOST, listener.getLocalPort());
          var _ = listener.accept()) {
        return new HostPort(HOST, listener.getLocalPort());
      }
    }
  }
}
