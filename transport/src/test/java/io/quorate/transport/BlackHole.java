package io.quorate.transport;

import io.quorate.protocol.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** An address that neither accepts nor refuses: a listener whose backlog is full. */
final class BlackHole implements AutoCloseable {

  private static final int MOST_FILLERS = 64;
  private static final int FULL_AFTER_MILLIS = 100;

  private final ServerSocket listener;
  private final List<Socket> fillers = new ArrayList<>();

  BlackHole() {
    try {
      listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      boolean accepts = true;
      while (accepts && fillers.size() < MOST_FILLERS) {
        accepts = fill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean fill() throws IOException {
    var filler = new Socket();
    fillers.add(filler);
    try {
      filler.connect(listener.getLocalSocketAddress(), FULL_AFTER_MILLIS);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  HostPort address() {
    return new HostPort(FreePorts.LOOPBACK, listener.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    for (Socket filler : fillers) {
      filler.close();
    }
    listener.close();
  }
}
