package io.quorate.benchmarks.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The limit: frames over a plain socket, a queue and a send worker on a virtual thread, what waits
 * together in one write. Received by a second worker and a second queue, or by whoever receives
 * from the socket itself.
 */
final class BareEnd implements End {
  private static final int QUEUE = 1024;
  private static final int MOST_IN_A_WRITE = 256;
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Ends the send worker: a message has at least a number. */
  private static final byte[] END = {};

  private final Socket socket;
  private final BlockingQueue<byte[]> out = new ArrayBlockingQueue<>(QUEUE);
  private final BlockingQueue<byte[]> in = new ArrayBlockingQueue<>(QUEUE);
  private final boolean direct;
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final ByteBuffer arrived = ByteBuffer.wrap(bytes).limit(0);

  private BareEnd(Socket socket, boolean direct) throws IOException {
    this.socket = socket;
    this.direct = direct;
    socket.setTcpNoDelay(true);
    Thread.ofVirtual().name("bare-send").start(() -> work(this::sendAll));
    if (!direct) {
      Thread.ofVirtual().name("bare-receive").start(() -> work(this::receiveAll));
    }
  }

  /** Returns two that are connected. */
  static List<BareEnd> two(boolean direct) throws IOException {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var dialled = new Socket(listener.getInetAddress(), listener.getLocalPort());
      return List.of(new BareEnd(dialled, direct), new BareEnd(listener.accept(), direct));
    }
  }

  @Override
  public void send(byte[] message) throws InterruptedException {
    out.put(message);
  }

  @Override
  public byte[] receive() throws InterruptedException, IOException {
    return direct ? next() : in.take();
  }

  private interface Work {
    void run() throws InterruptedException, IOException;
  }

  /** A worker ends with its socket; whoever waits for a message is told by the pair's patience. */
  private void work(Work work) {
    try {
      work.run();
    } catch (IOException | InterruptedException _) {
      out.clear();
    }
  }

  private void sendAll() throws InterruptedException, IOException {
    OutputStream stream = socket.getOutputStream();
    var batch = new ArrayList<byte[]>();
    byte[] buffer = new byte[BUFFER_BYTES];
    while (true) {
      batch.add(out.take());
      out.drainTo(batch, MOST_IN_A_WRITE - 1);
      int length = batch.stream().mapToInt(message -> Integer.BYTES + message.length).sum();
      if (buffer.length < length) {
        buffer = Arrays.copyOf(buffer, length);
      }
      ByteBuffer frames = ByteBuffer.wrap(buffer);
      for (byte[] message : batch) {
        if (message.length == 0) {
          return;
        }
        frames.putInt(message.length).put(message);
      }
      stream.write(buffer, 0, frames.position());
      batch.clear();
    }
  }

  private void receiveAll() throws InterruptedException, IOException {
    while (true) {
      in.put(next());
    }
  }

  /** Returns the next frame's payload. */
  private byte[] next() throws IOException {
    while (arrived.remaining() < Integer.BYTES
        || arrived.remaining() < Integer.BYTES + arrived.getInt(arrived.position())) {
      arrived.compact();
      int length = socket.getInputStream().read(bytes, arrived.position(), arrived.remaining());
      if (length < 0) {
        throw new IOException("end of stream");
      }
      arrived.position(arrived.position() + length).flip();
    }
    byte[] message = new byte[arrived.getInt()];
    arrived.get(message);
    return message;
  }

  @Override
  public void close() throws IOException {
    out.clear();
    out.add(END);
    socket.close();
  }
}
