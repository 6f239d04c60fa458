package io.quorate.transport.tcp;

import io.quorate.protocol.FrameDecoder;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.queue.ReceiveQueue;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one connection's frames into the receive queue, and waits while the peer's share of it is
 * full. Writes nothing and runs nobody's code.
 */
final class ReceiveWorker {

  /** The buffer of an idle connection, in bytes. */
  private static final int MIN_BUFFER_BYTES = 1024;

  /** The buffer of a busy one: what one read takes at most. */
  private static final int MAX_BUFFER_BYTES = 32 * 1024;

  /**
   * The same of a stranger, of whom many may be busy at once: a member waits for each one's turn.
   */
  private static final int MAX_BUFFER_BYTES_OF_STRANGER = 8 * 1024;

  /** How much larger a buffer gets that one read has filled. */
  private static final int GROWTH = 8;

  private final Connection connection;
  private final Socket socket;
  private final ReceiveQueue.Inlet inlet;
  private final FrameDecoder decoder = new FrameDecoder();

  /** Of one read: they go into the queue together, because its lock costs as much as a message. */
  private final List<byte[]> messages = new ArrayList<>();

  ReceiveWorker(Connection connection, Socket socket, ReceiveQueue.Inlet inlet) {
    this.connection = connection;
    this.socket = socket;
    this.inlet = inlet;
  }

  /** Runs until the stream ends, breaks or is not made of frames, or the link has gone down. */
  void run() throws InterruptedException {
    try {
      InputStream in = socket.getInputStream();
      int most = connection.peer().isMember() ? MAX_BUFFER_BYTES : MAX_BUFFER_BYTES_OF_STRANGER;
      byte[] buffer = new byte[MIN_BUFFER_BYTES];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        connection.heard();
        decoder.feed(ByteBuffer.wrap(buffer, 0, length));
        Optional<String> fault = decoder.drainTo(messages);
        if (!inlet.putAll(messages)) {
          return;
        }
        messages.clear();
        if (fault.isPresent()) {
          connection.close(DownCause.BAD_FRAME, fault.get());
          return;
        }
        if (length == buffer.length && length < most) {
          buffer = new byte[Math.min(length * GROWTH, most)];
        }
      }
      connection.close(
          DownCause.CLOSED_BY_PEER,
          decoder.isMidFrame() ? "end of stream inside a frame" : "end of stream");
    } catch (IOException failure) {
      connection.close(DownCause.CLOSED_BY_PEER, "cannot read: " + failure.getMessage());
    }
  }
}
