package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.fail;

import io.quorate.protocol.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One end of a connection to a transport under test, written and read by hand. Knows the bytes on
 * its own, without the codecs under test.
 */
final class RawConnection implements AutoCloseable {

  static final long V1 = -65536;
  static final long V2 = -65535;

  private static final long BETWEEN_DRIPS_NANOS = 300_000;

  final Socket socket;
  private final PushbackInputStream ahead;
  private final DataInputStream in;
  private final OutputStream out;

  /** What a dialler says of itself; the addresses are empty in the bare form. */
  record Introduction(long version, long sid, String addresses) {}

  RawConnection(Socket socket) {
    try {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Math.toIntExact(Await.HANG.toMillis()));
      ahead = new PushbackInputStream(socket.getInputStream());
      in = new DataInputStream(ahead);
      out = socket.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RawConnection dial(HostPort to) {
    return dial(to, 0);
  }

  /** Dials with a receive buffer of this many bytes; 0 leaves it to the system. */
  static RawConnection dial(HostPort to, int receiveBuffer) {
    var socket = new Socket();
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(FreePorts.socketAddress(to), Math.toIntExact(Await.HANG.toMillis()));
      return new RawConnection(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bare(long sid) {
    return built(data -> data.writeLong(sid));
  }

  static byte[] introduction(long version, long sid, String addresses) {
    return built(
        data -> {
          byte[] text = addresses.getBytes(StandardCharsets.UTF_8);
          data.writeLong(version);
          data.writeLong(sid);
          data.writeInt(text.length);
          data.write(text);
        });
  }

  static byte[] v1(long sid, HostPort address) {
    return introduction(V1, sid, address.toString());
  }

  static byte[] framed(String message) {
    return framed(message.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] framed(byte[] message) {
    return built(
        data -> {
          data.writeInt(message.length);
          data.write(message);
        });
  }

  static byte[] length(int announced) {
    return built(data -> data.writeInt(announced));
  }

  /** Writes these bytes in one go. */
  RawConnection send(byte[] bytes) {
    try {
      out.write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawConnection sendFrame(String message) {
    return send(framed(message));
  }

  /** Writes each byte in a segment of its own. */
  RawConnection drip(byte[] bytes) {
    for (byte one : bytes) {
      send(new byte[] {one});
      LockSupport.parkNanos(BETWEEN_DRIPS_NANOS);
    }
    return this;
  }

  /** Writes as {@link #send} does; tells whether the other end still takes it. */
  boolean trySend(byte[] bytes) {
    try {
      out.write(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  Introduction readIntroduction() {
    try {
      long first = in.readLong();
      if (first >= 0) {
        return new Introduction(first, first, "");
      }
      long sid = in.readLong();
      byte[] text = in.readNBytes(in.readInt());
      return new Introduction(first, sid, new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] readFrameBytes() {
    try {
      byte[] frame = new byte[in.readInt()];
      in.readFully(frame);
      return frame;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String readFrame() {
    return new String(readFrameBytes(), StandardCharsets.UTF_8).stripTrailing();
  }

  /** The number of bytes of one read, at most the array's. */
  int readOnce(byte[] into) {
    try {
      return in.read(into);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the other end has closed, reading over what it still says. */
  void expectClosed() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketTimeoutException e) {
      fail("the transport keeps the connection", e);
    } catch (IOException e) {
      // A reset is as closed as it gets.
      return;
    }
  }

  /** Waits until the other end has closed without a word. */
  void expectClosedSilently() {
    try {
      in.readByte();
      fail("the transport says something");
    } catch (SocketTimeoutException e) {
      fail("the transport keeps the connection", e);
    } catch (EOFException e) {
      return;
    } catch (IOException e) {
      return;
    }
  }

  /** Tells whether the other end closes cleanly, by an end of stream and not by a reset. */
  boolean endsCleanly() {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits for a byte, which stays to be read, or the end; tells whether it was a byte. */
  boolean saysMore() {
    try {
      int next = ahead.read();
      if (next >= 0) {
        ahead.unread(next);
      }
      return next >= 0;
    } catch (SocketTimeoutException e) {
      return fail("the transport neither says anything nor closes", e);
    } catch (IOException e) {
      return false;
    }
  }

  /** Says that nothing more comes, and goes on reading. */
  RawConnection endOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells whether the connection is open and silent for this long. */
  boolean staysSilent(Duration time) {
    try {
      socket.setSoTimeout(Math.toIntExact(time.toMillis()));
      in.readByte();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Layout {
    void write(DataOutputStream data) throws IOException;
  }

  private static byte[] built(Layout layout) {
    var bytes = new ByteArrayOutputStream();
    try (var data = new DataOutputStream(bytes)) {
      layout.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
