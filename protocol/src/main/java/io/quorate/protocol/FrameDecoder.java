package io.quorate.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** The caller's, read until it is empty. */
  private ByteBuffer chunk = NOTHING;

  /** How many bytes of the present frame's header have come. */
  private int headerBytes;

  /** What they say: the length of the payload, once all of them have come. */
  private int announced;

  private byte[] payload = NO_BYTES;
  private int filled;
  private Optional<String> failure = Optional.empty();

  /** Makes one that expects the first byte of a header. */
  public FrameDecoder() {}

  /**
   * Hands over the next bytes. They are not copied here: the chunk must stay untouched until {@link
   * #next} or {@link #drainTo} has returned empty, and its position is then at its limit. After a
   * malformed length the chunk is not looked at any more.
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
    byte[] whole = nextPayload();
    return whole != null
        ? Optional.of(new Decoded.Ok<>(whole))
        : failure.map(Decoded.Malformed::new);
  }

  /**
   * Takes all whole frames of what has been fed, as {@link #next} until it returns empty or a
   * reason would.
   *
   * @param into where their payloads are added in order; they are the caller's from now on
   * @return why to close the connection after those, which is then the answer for ever; or empty if
   *     more bytes are needed
   */
  public Optional<String> drainTo(Collection<? super byte[]> into) {
    for (byte[] whole = nextPayload(); whole != null; whole = nextPayload()) {
      into.add(whole);
    }
    return failure;
  }

  /**
   * Tells whether a frame has begun and is not complete, so that the end of the stream would cut it
   * short.
   *
   * @return true from the first byte of a header to the last but one of its payload
   */
  public boolean isMidFrame() {
    return headerBytes > 0;
  }

  /** What is held for the present frame, for a test of the promise above. */
  int allocatedBytes() {
    return payload.length;
  }

  private byte @Nullable [] nextPayload() {
    if (!hasHeader()) {
      return null;
    }
    readPayload();
    if (filled < announced) {
      return null;
    }
    byte[] whole = payload;
    reset();
    return whole;
  }

  private boolean hasHeader() {
    if (headerBytes == FrameCodec.HEADER_BYTES) {
      return true;
    }
    while (headerBytes < FrameCodec.HEADER_BYTES && chunk.hasRemaining()) {
      announced = announced << Byte.SIZE | Byte.toUnsignedInt(chunk.get());
      headerBytes++;
    }
    if (headerBytes == FrameCodec.HEADER_BYTES && !FrameCodec.isLength(announced)) {
      failure = Optional.of(FrameCodec.fault(announced));
      chunk = NOTHING;
      reset();
    }
    return headerBytes == FrameCodec.HEADER_BYTES;
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
    headerBytes = 0;
    announced = 0;
    payload = NO_BYTES;
    filled = 0;
  }
}
