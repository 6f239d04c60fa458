package io.quorate.transport.tcp;

import io.quorate.protocol.FrameCodec;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.queue.SendQueue;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what is queued for one connection: what waits together goes out in one write, lengths
 * included. Reads nothing.
 */
final class SendWorker {

  /**
   * What goes out in one write, in bytes: a batch, or a piece of a longer message. As much must get
   * into the socket within the write timeout to count as progress.
   */
  static final int BATCH_BYTES = 32 * 1024;

  private final Connection connection;
  private final Socket socket;
  private final Common common;
  private final SendQueue queue;
  private final WriteGuard guard;

  /** Grows with the batches; what a longer message needs goes with it. */
  private byte[] kept = {};

  SendWorker(Connection connection, Socket socket, Common common) {
    this.connection = connection;
    this.socket = socket;
    this.common = common;
    this.queue = connection.queue();
    var timeout = common.config().limits().writeTimeout();
    this.guard =
        new WriteGuard(
            common.watchdog(),
            timeout,
            () -> connection.close(DownCause.WRITE_STALLED, "no progress for " + timeout));
  }

  /** Runs until the queue is closed, or finished and empty, or the socket fails. */
  void run() throws InterruptedException {
    try {
      OutputStream out = socket.getOutputStream();
      var batch = new ArrayList<byte[]>();
      while (queue.drainTo(batch, BATCH_BYTES)) {
        write(out, batch);
        common.counters().add(TransportCounter.SENT, batch.size());
        batch.clear();
      }
      Sockets.finishQuietly(socket);
    } catch (IOException failure) {
      connection.close(DownCause.CLOSED_BY_PEER, "cannot write: " + failure.getMessage());
    }
  }

  private void write(OutputStream out, List<byte[]> batch) throws IOException {
    int length = 0;
    for (byte[] message : batch) {
      length += FrameCodec.encodedBytes(message);
    }
    byte[] bytes = bufferOf(length);
    ByteBuffer frames = ByteBuffer.wrap(bytes);
    for (byte[] message : batch) {
      FrameCodec.encode(message, frames);
    }
    try {
      for (int from = 0; from < length; from += BATCH_BYTES) {
        guard.begin();
        out.write(bytes, from, Math.min(length - from, BATCH_BYTES));
      }
    } finally {
      guard.end();
    }
  }

  private byte[] bufferOf(int length) {
    if (length > BATCH_BYTES) {
      return new byte[length];
    }
    if (kept.length < length) {
      kept = new byte[Math.max(length, Math.min(BATCH_BYTES, 2 * kept.length))];
    }
    return kept;
  }
}
