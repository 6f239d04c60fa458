package io.quorate.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A stream of bytes, in pieces as they come, to the payloads of its frames. It belongs to one
 * thread.
 *
 * <pre>
 *   decoder.feed(chunk);
 *   for (var frame = decoder.next(); frame.isPresent(); frame = decoder.next()) { ... }
 * </pre>
 *
 * Each byte of a frame that is whole in its chunk is copied once. What a frame announces is not
 * allocated before it comes: memory starts small and at most doubles what has arrived.
 */
public final class FrameDecoder {

  /** What is allocated for a frame of which less has arrived, in bytes. */
  static final int INITIAL_BYTES = 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final byte[] NO_BYTES = {};

  private final ByteBuffer header = ByteBuffer.allocate(FrameCodec.HEADER_BYTES);

  /** The caller's, read until it is empty. */
  private ByteBuffer chunk = NOTHING;

  /** Of the present frame; 0 while its header is not complete. */
  private int announced;

  private byte[] payload = NO_BYTES;
  private int filled;
  private Optional<Decoded<byte[]>> failure = Optional.empty();

  /** Makes one that expects the first byte of a header. */
  public FrameDecoder() {}

  /**
   * Hands over the next bytes. They are not copied here: the chunk must stay untouched until {@link
   * #next} has returned empty, and its position is then at its limit. After a malformed length the
   * chunk is not looked at any more.
   *
   * @param bytes from position to limit
   * @throws IllegalStateException if the chunk before has not been read to its end
   */
  public void feed(ByteBuffer bytes) {
    if (failure.isPresent()) {
      return;
    }
    if (chunk.hasRemaining()) {
      throw new IllegalStateException("the chunk before has not been read to its end");
    }
    chunk = bytes;
  }

  /**
   * Returns the next whole frame of what has been fed.
   *
   * @return its payload, which is the caller's from now on; or why to close the connection, which
   *     is then the answer for ever; or empty if more bytes are needed
   */
  public Optional<Decoded<byte[]>> next() {
    if (failure.isPresent()) {
      return failure;
    }
    if (announced == 0) {
      readHeader();
      if (announced == 0) {
        return failure;
      }
    }
    readPayload();
    if (filled < announced) {
      return Optional.empty();
    }
    Decoded<byte[]> frame = new Decoded.Ok<>(payload);
    reset();
    return Optional.of(frame);
  }

  /**
   * Tells whether a frame has begun and is not complete, so that the end of the stream would cut it
   * short.
   *
   * @return true from the first byte of a header to the last but one of its payload
   */
  public boolean isMidFrame() {
    return announced > 0 || header.position() > 0;
  }

  /** What is held for the present frame, for a test of the promise above. */
  int allocatedBytes() {
    return payload.length;
  }

  private void readHeader() {
    while (header.hasRemaining() && chunk.hasRemaining()) {
      header.put(chunk.get());
    }
    if (header.hasRemaining()) {
      return;
    }
    switch (FrameCodec.decodeLength(header.flip())) {
      case Decoded.Ok<Integer>(Integer length) -> announced = length;
      case Decoded.Malformed<Integer>(String reason) -> {
        failure = Optional.of(new Decoded.Malformed<>(reason));
        chunk = NOTHING;
      }
    }
  }

  private void readPayload() {
    int arriving = Math.min(announced - filled, chunk.remaining());
    if (filled + arriving > payload.length) {
      int grown = Math.max(Math.max(2 * payload.length, filled + arriving), INITIAL_BYTES);
      payload = Arrays.copyOf(payload, Math.min(grown, announced));
    }
    chunk.get(payload, filled, arriving);
    filled += arriving;
  }

  private void reset() {
    header.clear();
    announced = 0;
    payload = NO_BYTES;
    filled = 0;
  }
}
