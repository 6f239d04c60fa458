package io.quorate.examples.probe;

import io.quorate.ports.Loopback;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.FrameCodec;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A raw server on loopback that does with each connection what a test says. */
final class ScriptedServer implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> acceptor;

  /** What is done with a connection; its socket is closed afterwards. */
  @FunctionalInterface
  interface Script {
    void play(Socket socket) throws Exception;
  }

  ScriptedServer(Script script) throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    acceptor =
        CompletableFuture.runAsync(() -> accept(script), task -> Thread.ofVirtual().start(task));
  }

  HostPort address() {
    return new HostPort(Loopback.HOST, listener.getLocalPort());
  }

  private void accept(Script script) {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual()
            .start(
                () -> {
                  try (socket) {
                    script.play(socket);
                  } catch (Exception _) {
                    // The other end went away; the test looks at what it has got.
                  }
                });
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  /** Reads the initial message, which a server must before it can answer. */
  static InitialMessage readIntroduction(Socket socket) throws IOException {
    byte[] read = {};
    for (int needed = 8; needed > read.length; ) {
      ByteBuffer more = ByteBuffer.allocate(needed);
      more.put(read);
      more.put(socket.getInputStream().readNBytes(needed - read.length));
      read = more.array();
      needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(read));
    }
    return switch (InitialMessageCodec.decode(ByteBuffer.wrap(read))) {
      case Decoded.Ok<InitialMessage>(InitialMessage message) -> message;
      case Decoded.Malformed<InitialMessage>(String reason) -> throw new IOException(reason);
    };
  }

  /** Reads a frame's payload. */
  static byte[] readFrame(Socket socket) throws IOException {
    int length = ByteBuffer.wrap(socket.getInputStream().readNBytes(4)).getInt();
    return socket.getInputStream().readNBytes(length);
  }

  static void writeFrame(Socket socket, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FrameCodec.encodedBytes(payload));
    FrameCodec.encode(payload, frame);
    socket.getOutputStream().write(frame.array());
  }

  @Override
  public void close() throws IOException {
    listener.close();
    acceptor.join();
    for (Closeable socket : open) {
      socket.close();
    }
  }
}
