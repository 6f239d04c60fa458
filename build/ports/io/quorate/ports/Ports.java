package io.quorate.ports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Ports of the loopback address that nobody listens at. Each has just ended a connection, and so
 * for a minute or so is given to nobody who does not ask for it by its number.
 */
public final class Ports {

  private Ports() {}

  /** Returns one; none is returned twice within that minute. */
  public static int reserve() {
    try (var listener = new ServerSocket()) {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      // Closed in the opposite order: whoever closes first keeps the port.
      try (var _ = new Socket(listener.getInetAddress(), listener.getLocalPort());
          var _ = listener.accept()) {
        return listener.getLocalPort();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
