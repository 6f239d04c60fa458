package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.protocol.FrameCodec;
import io.quorate.protocol.ServerId;
import io.quorate.transport.SendResult;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The writing half of T14, where single writes can be seen. */
final class SendWorkerTest {

  /** A socket that remembers what each write was. */
  private static final class WatchedSocket extends Socket {
    private final List<byte[]> writes = new ArrayList<>();

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public OutputStream getOutputStream() {
      return new OutputStream() {
        @Override
        public void write(int one) {
          writes.add(new byte[] {(byte) one});
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
          writes.add(Arrays.copyOfRange(bytes, from, from + length));
        }
      };
    }
  }

  private final WatchedSocket socket = new WatchedSocket();
  private final Connection connection;
  private final Common common;

  SendWorkerTest() {
    var config = TransportConfig.builder(ServerId.of(1)).build();
    var counters = new Counters();
    var threads = new Threads(config.self(), counters);
    var received = new ReceiveQueue(1, counters);
    common =
        new Common(
            config,
            counters,
            threads,
            new Watchdog(threads, "watchdog"),
            new Warnings(System::nanoTime, _ -> {}),
            received);
    connection = new Connection(ServerId.of(2), socket, 0, common, (_, _, _) -> {});
  }

  private void queue(byte[] message) {
    assertEquals(SendResult.QUEUED, connection.queue().offerInOrder(message));
  }

  private void sendAll() throws InterruptedException {
    connection.finish();
    new SendWorker(connection, socket, common).run();
  }

  @Test
  void whatIsQueuedTogetherGoesOutInOneWriteWithItsLengths() throws InterruptedException {
    var expected = ByteBuffer.allocate(100 * (FrameCodec.HEADER_BYTES + 50));
    for (int i = 0; i < 100; i++) {
      byte[] message = new byte[50];
      message[0] = (byte) i;
      queue(message);
      expected.putInt(message.length).put(message);
    }
    sendAll();
    assertEquals(1, socket.writes.size());
    assertArrayEquals(expected.array(), socket.writes.getFirst());
  }

  @Test
  void aBatchIsBoundedAndNothingOfItIsLost() throws InterruptedException {
    var expected = new ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      byte[] message = new byte[10_000 + i * 10_000];
      Arrays.fill(message, (byte) i);
      queue(message);
      expected.writeBytes(
          ByteBuffer.allocate(FrameCodec.HEADER_BYTES).putInt(message.length).array());
      expected.writeBytes(message);
    }
    sendAll();
    var written = new ByteArrayOutputStream();
    socket.writes.forEach(written::writeBytes);
    assertArrayEquals(expected.toByteArray(), written.toByteArray());
    // Progress is seen at least once per such piece.
    int longest = socket.writes.stream().mapToInt(write -> write.length).max().orElseThrow();
    assertEquals(SendWorker.BATCH_BYTES, longest);
  }
}
