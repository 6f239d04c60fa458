package io.quorate.interop;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands before a server's election port, hands on what passes in both directions, and remembers
 * the initial message of each connection. It can forget those that it has.
 */
final class Tap implements AutoCloseable {
  private static final int BUFFER_BYTES = 8192;
  private static final int BACKLOG = 50;
  private static final long CLOSE_MILLIS = 5000;

  private final ServerSocket listener;
  private final int target;
  private final List<Decoded<InitialMessage>> seen = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> forgotten = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /** Opens a tap at one loopback port before another. */
  Tap(int port, int target) throws IOException {
    this.listener = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
    this.target = target;
    run(this::accept);
  }

  /** Whatever comes over the present connections is lost from now on, and nobody is told. */
  void forget() {
    forgotten.addAll(sockets);
  }

  /** The initial messages that passed so far. */
  List<InitialMessage> initialMessages() {
    List<InitialMessage> messages = new ArrayList<>();
    for (Decoded<InitialMessage> each : seen) {
      switch (each) {
        case Decoded.Ok<InitialMessage>(InitialMessage message) -> messages.add(message);
        case Decoded.Malformed<InitialMessage>(String reason) ->
            throw new AssertionError("a malformed initial message: " + reason);
      }
    }
    return messages;
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket in = opened(listener.accept());
      run(() -> connect(in));
    }
  }

  private void connect(Socket in) throws IOException {
    try (in;
        Socket out = opened(new Socket(InetAddress.getLoopbackAddress(), target))) {
      run(() -> handOn(out, in));
      byte[] first = readInitialMessage(in.getInputStream());
      if (first.length == 0) {
        return; // One of several dials in parallel that lost.
      }
      seen.add(InitialMessageCodec.decode(ByteBuffer.wrap(first)));
      out.getOutputStream().write(first);
      handOn(in, out);
    }
  }

  private static byte[] readInitialMessage(InputStream in) throws IOException {
    byte[] bytes = new byte[0];
    int needed;
    while ((needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(bytes))) > bytes.length) {
      byte[] more = in.readNBytes(needed - bytes.length);
      if (more.length == 0) {
        break;
      }
      byte[] joined = new byte[bytes.length + more.length];
      System.arraycopy(bytes, 0, joined, 0, bytes.length);
      System.arraycopy(more, 0, joined, bytes.length, more.length);
      bytes = joined;
    }
    return bytes;
  }

  private void handOn(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      byte[] buffer = new byte[BUFFER_BYTES];
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count;
      while ((count = in.read(buffer)) > 0) {
        if (!forgotten.contains(from)) {
          out.write(buffer, 0, count);
        }
      }
    }
  }

  private Socket opened(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    sockets.add(socket);
    return socket;
  }

  private void run(Work work) {
    threads.add(
        Thread.startVirtualThread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One end has closed: so do we.
              }
            }));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    try {
      for (Thread thread : threads) {
        thread.join(CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Work {
    void run() throws IOException;
  }
}
