package io.quorate.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Initial messages to bytes and back, wire-format section 1. All integers are big-endian.
 *
 * <pre>
 *   bare                     V1                              V2
 *    0  long  sid, &gt;= 0       0  long  -65536                 0  long  -65535
 *                             8  long  sid, &gt;= 0              8  long  sid, &gt;= 0
 *                            16  int   n, 1..2048            16  int   n, 1..2048
 *                            20  n     host:port, UTF-8      20  n     host:port|host:port..., UTF-8
 * </pre>
 *
 * V1 and V2 are read alike. Any other negative first long is a version that does not exist. Nothing
 * follows the message but frames, so a reader must not take more bytes than {@link #bytesNeeded}.
 */
public final class InitialMessageCodec {

  /** The longest list of addresses, in bytes of UTF-8. */
  public static final int MAX_ADDRESS_BYTES = 2048;

  private static final long VERSION_1 = -65536;
  private static final long VERSION_2 = -65535;
  private static final int SID_OFFSET = Long.BYTES;
  private static final int LENGTH_OFFSET = SID_OFFSET + Long.BYTES;
  private static final int ADDRESSES_OFFSET = LENGTH_OFFSET + Integer.BYTES;

  private InitialMessageCodec() {}

  /**
   * Returns the bytes of a message, to be written in one segment.
   *
   * @param message who dials
   * @return 8 bytes, or 20 and the addresses
   * @throws IllegalArgumentException if the id is negative, or the addresses of V1 or V2 are none
   *     or take more than {@link #MAX_ADDRESS_BYTES}
   */
  public static byte[] encode(InitialMessage message) {
    if (message.sid().value() < 0) {
      throw new IllegalArgumentException("nobody introduces itself as " + message.sid());
    }
    return switch (message) {
      case InitialMessage.Bare(ServerId sid) ->
          ByteBuffer.allocate(Long.BYTES).putLong(sid.value()).array();
      case InitialMessage.V1(ServerId sid, List<HostPort> addresses) ->
          encode(VERSION_1, sid, addresses);
      case InitialMessage.V2(ServerId sid, List<HostPort> addresses) ->
          encode(VERSION_2, sid, addresses);
    };
  }

  private static byte[] encode(long version, ServerId sid, List<HostPort> addresses) {
    byte[] text =
        Utf8.encode(addresses.stream().map(HostPort::toString).collect(Collectors.joining("|")));
    if (text.length < 1 || text.length > MAX_ADDRESS_BYTES) {
      throw new IllegalArgumentException(
          "the addresses take " + text.length + " bytes, not 1 to " + MAX_ADDRESS_BYTES);
    }
    return ByteBuffer.allocate(ADDRESSES_OFFSET + text.length)
        .putLong(version)
        .putLong(sid.value())
        .putInt(text.length)
        .put(text)
        .array();
  }

  /**
   * Returns how long the message is, as far as its first bytes tell. A reader asks again after each
   * read, until it has as many.
   *
   * @param soFar the bytes read so far, between position and limit, which stay where they are
   * @return the number of bytes of which the message is known to consist, 8 to 2068; no more than
   *     there are if they can no longer become a message
   */
  public static int bytesNeeded(ByteBuffer soFar) {
    ByteBuffer in = soFar.duplicate();
    if (in.remaining() < SID_OFFSET) {
      return SID_OFFSET;
    }
    if (!isVersion(in.getLong())) {
      return SID_OFFSET;
    }
    if (in.remaining() >= Long.BYTES && in.getLong(in.position()) < 0) {
      return LENGTH_OFFSET;
    }
    if (in.remaining() < ADDRESSES_OFFSET - SID_OFFSET) {
      return ADDRESSES_OFFSET;
    }
    in.getLong();
    int length = in.getInt();
    return isLength(length) ? ADDRESSES_OFFSET + length : ADDRESSES_OFFSET;
  }

  /**
   * Reads a message. Looks no name up.
   *
   * @param message all its bytes and no others, between position and limit, which stay where they
   *     are
   * @return who dials, or why to close the connection
   */
  public static Decoded<InitialMessage> decode(ByteBuffer message) {
    if (message.remaining() < bytesNeeded(message)) {
      return new Decoded.Malformed<>("an initial message is cut short");
    }
    ByteBuffer in = message.duplicate();
    long first = in.getLong();
    if (first >= 0) {
      return in.hasRemaining()
          ? new Decoded.Malformed<>("an initial message is longer than it says")
          : new Decoded.Ok<>(new InitialMessage.Bare(ServerId.of(first)));
    }
    if (!isVersion(first)) {
      return new Decoded.Malformed<>("an initial message has the unknown version " + first);
    }
    ServerId sid = ServerId.of(in.getLong());
    if (sid.value() < 0) {
      return new Decoded.Malformed<>("an initial message has the negative id " + sid);
    }
    int length = in.getInt();
    if (!isLength(length) || length != in.remaining()) {
      return new Decoded.Malformed<>(
          "an initial message has addresses of " + length + " bytes, or not as many as it says");
    }
    return switch (decodeAddresses(in)) {
      case Decoded.Ok<List<HostPort>>(List<HostPort> addresses) ->
          new Decoded.Ok<>(
              first == VERSION_1
                  ? new InitialMessage.V1(sid, addresses)
                  : new InitialMessage.V2(sid, addresses));
      case Decoded.Malformed<List<HostPort>>(String reason) -> new Decoded.Malformed<>(reason);
    };
  }

  private static Decoded<List<HostPort>> decodeAddresses(ByteBuffer in) {
    Optional<String> text = Utf8.decode(in);
    if (text.isEmpty()) {
      return new Decoded.Malformed<>("the addresses of an initial message are not UTF-8");
    }
    var addresses = new ArrayList<HostPort>();
    String rest = text.get();
    for (int end = rest.indexOf('|'); ; end = rest.indexOf('|')) {
      switch (HostPort.parse(end < 0 ? rest : rest.substring(0, end))) {
        case Decoded.Malformed<HostPort>(String reason) -> {
          return new Decoded.Malformed<>(reason);
        }
        case Decoded.Ok<HostPort>(HostPort address) when address.isWildcard() -> {}
        case Decoded.Ok<HostPort>(HostPort address) -> addresses.add(address);
      }
      if (end < 0) {
        return new Decoded.Ok<>(List.copyOf(addresses));
      }
      rest = rest.substring(end + 1);
    }
  }

  private static boolean isVersion(long first) {
    return first == VERSION_1 || first == VERSION_2;
  }

  private static boolean isLength(int length) {
    return length >= 1 && length <= MAX_ADDRESS_BYTES;
  }
}
