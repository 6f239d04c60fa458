package io.quorate.faults.hostile;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.FrameDecoder;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One connection to a server, which says what a test wants. Belongs to one thread. */
final class Caller implements AutoCloseable {

  private static final int CONNECT_MILLIS = 10_000;
  private static final int PIECE_BYTES = 16 * 1024;

  private final Socket socket;
  private final FrameDecoder decoder = new FrameDecoder();
  private final MessageCodec codec = new MessageCodec();
  private final byte[] piece = new byte[PIECE_BYTES];

  /**
   * Connects.
   *
   * @param from an address of this machine, since what strangers may do is limited by theirs
   */
  Caller(InetSocketAddress target, InetAddress from) throws IOException {
    socket = new Socket();
    try {
      // A reset at the end, so that thousands leave no ports behind that wait.
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(target, CONNECT_MILLIS);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Says it; false if the server has closed. */
  boolean say(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Says it byte by byte. */
  boolean say(byte oneByte) {
    return say(new byte[] {oneByte});
  }

  /** Waits for a message of the server's, over others; empty if it has closed or takes too long. */
  Optional<Message> hear(Predicate<Message> wanted, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        for (var frame = decoder.next(); frame.isPresent(); frame = decoder.next()) {
          if (frame.get() instanceof Decoded.Ok<byte[]>(byte[] payload)
              && codec.decode(payload) instanceof Decoded.Ok<Message>(var message)
              && wanted.test(message)) {
            return Optional.of(message);
          }
        }
        int length = read(deadline);
        if (length < 0) {
          return Optional.empty();
        }
        decoder.feed(ByteBuffer.wrap(piece, 0, length));
      }
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Waits until the server has closed, whatever it says before; false if it does not. */
  boolean isPutOut(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (read(deadline) >= 0) {
        // What it says does not matter.
      }
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true; // Reset.
    }
  }

  /** Says nothing more, and waits until the server has heard all of it and closed, too. */
  boolean finish(Duration limit) {
    try {
      socket.shutdownOutput();
    } catch (IOException _) {
      return false;
    }
    return isPutOut(limit);
  }

  private int read(long deadline) throws IOException {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      throw new SocketTimeoutException();
    }
    socket.setSoTimeout(Math.toIntExact(left));
    return socket.getInputStream().read(piece);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // Closed is closed.
    }
  }
}
