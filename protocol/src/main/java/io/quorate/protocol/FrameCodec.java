package io.quorate.protocol;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/**
 * Frames, wire-format section 2: what follows the initial message in both directions.
 *
 * <pre>
 *   0  int  length n, 1..524288, big-endian
 *   4  n    payload
 * </pre>
 *
 * Any other length ends the connection: there is no way back into step.
 */
public final class FrameCodec {

  /** The longest payload in bytes: 512 KiB. */
  public static final int MAX_PAYLOAD_BYTES = 524_288;

  /** The bytes before the payload. */
  public static final int HEADER_BYTES = Integer.BYTES;

  private FrameCodec() {}

  /**
   * Returns how many bytes a payload takes on the wire, for one who fills a buffer with several.
   *
   * @param payload 1 to {@link #MAX_PAYLOAD_BYTES} bytes
   * @return header and payload in bytes
   */
  public static int encodedBytes(byte[] payload) {
    return HEADER_BYTES + payload.length;
  }

  /**
   * Appends a frame to a buffer.
   *
   * @param payload 1 to {@link #MAX_PAYLOAD_BYTES} bytes
   * @param into where to write from the position on; must have room for {@link #encodedBytes}
   * @throws IllegalArgumentException if the payload is empty or too long
   * @throws BufferOverflowException if there is no room; nothing has been written then
   */
  public static void encode(byte[] payload, ByteBuffer into) {
    if (!isLength(payload.length)) {
      throw new IllegalArgumentException(
          "a payload of " + payload.length + " bytes is not within 1.." + MAX_PAYLOAD_BYTES);
    }
    if (into.remaining() < encodedBytes(payload)) {
      throw new BufferOverflowException();
    }
    // Byte by byte, since the buffer is the caller's and so is its byte order.
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      into.put((byte) (payload.length >> shift));
    }
    into.put(payload);
  }

  /**
   * Reads the header of a frame.
   *
   * @param header its bytes, from the position on, which stays where it is
   * @return the length of the payload, or why to close the connection
   */
  public static Decoded<Integer> decodeLength(ByteBuffer header) {
    if (header.remaining() < HEADER_BYTES) {
      return new Decoded.Malformed<>("a frame's length has " + HEADER_BYTES + " bytes");
    }
    int length = header.duplicate().getInt();
    return isLength(length) ? new Decoded.Ok<>(length) : new Decoded.Malformed<>(fault(length));
  }

  static boolean isLength(int length) {
    return length >= 1 && length <= MAX_PAYLOAD_BYTES;
  }

  /** Returns why to close the connection when this is no length. */
  static String fault(int length) {
    return "a frame's length of " + length + " is not within 1.." + MAX_PAYLOAD_BYTES;
  }
}
