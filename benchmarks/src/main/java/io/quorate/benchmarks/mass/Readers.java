package io.quorate.benchmarks.mass;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.FrameDecoder;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One thread that reads many connections and notes how many have been told the largest epoch. */
final class Readers implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;
  private static final int BUFFER_BYTES = 16 * 1024;

  private final Selector selector;
  private final int count;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final MessageCodec codec = new MessageCodec();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition complete = lock.newCondition();
  private final Thread thread;
  private long epoch;
  private int told;
  private long toldAt;
  private volatile boolean closed;

  Readers(List<SocketChannel> channels) throws IOException {
    selector = Selector.open();
    count = channels.size();
    for (SocketChannel channel : channels) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Reader(channel));
    }
    thread = Thread.ofPlatform().daemon().name("readers").start(this::run);
  }

  private static final class Reader {
    private final SocketChannel channel;
    private final FrameDecoder decoder = new FrameDecoder();
    private long epoch;

    Reader(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(key -> read((Reader) key.attachment(), key));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(Reader reader, SelectionKey key) {
    try {
      if (reader.channel.read(buffer.clear()) < 0) {
        key.cancel();
        return;
      }
    } catch (IOException _) {
      // It is missed by whoever waits for it.
      key.cancel();
      return;
    }
    reader.decoder.feed(buffer.flip().slice());
    for (var frame = reader.decoder.next(); frame.isPresent(); frame = reader.decoder.next()) {
      if (frame.get() instanceof Decoded.Ok<byte[]>(byte[] payload)
          && codec.decode(payload) instanceof Decoded.Ok<Message>(Message message)
          && message instanceof Heartbeat heartbeat) {
        note(reader, heartbeat.epoch());
      }
    }
  }

  private void note(Reader reader, long said) {
    if (said <= reader.epoch) {
      return;
    }
    reader.epoch = said;
    lock.lock();
    try {
      if (said > epoch) {
        epoch = said;
        told = 0;
      }
      if (said == epoch) {
        told++;
      }
      if (told == count) {
        toldAt = System.nanoTime();
        complete.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all have been told that epoch; returns when the last one was.
   *
   * @throws IllegalStateException if some are not in time
   */
  long await(long wanted, String what) {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (epoch != wanted || told < count) {
        left = complete.awaitNanos(left);
        if (left <= 0) {
          throw new IllegalStateException(
              "only " + told + " of " + count + " are told " + what + ": " + epoch);
        }
      }
      return toldAt;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    selector.close();
  }
}
