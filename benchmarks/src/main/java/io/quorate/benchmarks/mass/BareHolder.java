package io.quorate.benchmarks.mass;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The limit: for each connection a virtual thread that reads and one that waits for something to
 * write.
 */
final class BareHolder implements Holder {
  private static final int BACKLOG = 1024;
  private static final int BUFFER_BYTES = 1024;
  private static final byte[] END = {};

  private final ServerSocket listener = new ServerSocket();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  BareHolder() throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    work(this::accept);
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static void work(Work work) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException _) {
                // It ends with its socket.
              }
            });
  }

  private void accept() throws IOException {
    while (true) {
      Socket socket = listener.accept();
      var connection = new Connection(socket);
      work(connection::read);
    }
  }

  private final class Connection {
    private final Socket socket;
    private final LinkedBlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();

    Connection(Socket socket) {
      this.socket = socket;
    }

    void read() throws IOException {
      try (socket) {
        socket.setTcpNoDelay(true);
        byte[] buffer = new byte[BUFFER_BYTES];
        if (socket.getInputStream().readNBytes(buffer, 0, Clients.INITIAL_BYTES)
            < Clients.INITIAL_BYTES) {
          return;
        }
        work(this::write);
        connections.add(this);
        for (int length = 0; length >= 0; length = socket.getInputStream().read(buffer)) {
          // Nobody says anything.
        }
      } finally {
        connections.remove(this);
        queue.add(END);
      }
    }

    private void write() throws IOException, InterruptedException {
      for (byte[] message = queue.take(); message.length > 0; message = queue.take()) {
        socket.getOutputStream().write(message);
      }
    }
  }

  /** Queues a message for each. */
  void sayToAll(byte[] message) {
    connections.forEach(each -> each.queue.add(message));
  }

  @Override
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public int held() {
    return connections.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Connection each : connections) {
      each.socket.close();
    }
  }
}
