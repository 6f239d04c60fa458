package io.quorate.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.fuzz.Cursor;
import io.quorate.fuzz.Expect;
import io.quorate.fuzz.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** All that follows the initial message on a connection, however the network cuts it. */
final class FrameStreamFuzz {

  /** The first bytes of an input tell how the rest is cut. */
  private static final int CUTS = 4;

  static Stream<byte[]> seeds() {
    byte[] stream = Seeds.stream();
    return Stream.of(
        Seeds.join(new byte[] {0, 0, 0, 0}, stream),
        Seeds.join(new byte[] {3, 40, 0, 127}, stream),
        Seeds.join(new byte[] {7, 7, 7, 7}, Arrays.copyOf(stream, stream.length - 3)),
        Seeds.join(new byte[] {1, 2, 3, 4}, stream, new byte[] {0, 8, 0, 1}));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aStreamGivesTheSameFramesHoweverItIsCut(byte[] input) {
    var cursor = new Cursor(input);
    byte[] cuts = new byte[CUTS];
    for (int i = 0; i < CUTS; i++) {
      cuts[i] = (byte) cursor.next();
    }
    byte[] stream = cursor.rest();
    List<Decoded<byte[]>> whole = read(stream, _ -> Math.max(1, stream.length));
    IntUnaryOperator lengthOfChunk = i -> 1 + Byte.toUnsignedInt(cuts[i % CUTS]);
    List<Decoded<byte[]>> cut = read(stream, lengthOfChunk);
    assertEquals(whole.size(), cut.size());
    assertArrayEquals(
        whole.stream()
            .filter(Decoded.Ok.class::isInstance)
            .map(FrameStreamFuzz::payloadOf)
            .toArray(),
        readAtOnce(stream, lengthOfChunk).toArray());
    var codec = new MessageCodec();
    int at = 0;
    for (int i = 0; i < whole.size(); i++) {
      switch (whole.get(i)) {
        case Decoded.Malformed<byte[]> refused -> {
          Expect.reasonIfNone(refused);
          assertEquals(refused, cut.get(i));
          assertEquals(whole.size() - 1, i, "nothing comes after a refusal");
        }
        case Decoded.Ok<byte[]>(byte[] payload) -> {
          assertArrayEquals(payload, payloadOf(cut.get(i)));
          at = assertCameFrom(stream, at, payload);
          Expect.reasonIfNone(codec.decode(payload));
        }
      }
    }
  }

  private static byte[] payloadOf(Decoded<byte[]> decoded) {
    return switch (decoded) {
      case Decoded.Ok<byte[]>(byte[] payload) -> payload;
      case Decoded.Malformed<byte[]>(String reason) -> throw new AssertionError(reason);
    };
  }

  /** What was read, encoded, is what was there; returns where the next frame begins. */
  private static int assertCameFrom(byte[] stream, int at, byte[] payload) {
    ByteBuffer again = ByteBuffer.allocate(FrameCodec.encodedBytes(payload));
    FrameCodec.encode(payload, again);
    int end = at + again.capacity();
    assertArrayEquals(Arrays.copyOfRange(stream, at, end), again.array());
    return end;
  }

  private static List<byte[]> readAtOnce(byte[] stream, IntUnaryOperator lengthOfChunk) {
    var decoder = new FrameDecoder();
    var frames = new ArrayList<byte[]>();
    Optional<String> refusal = Optional.empty();
    int chunks = 0;
    for (int from = 0; from < stream.length && refusal.isEmpty(); chunks++) {
      int length = Math.min(stream.length - from, lengthOfChunk.applyAsInt(chunks));
      decoder.feed(ByteBuffer.wrap(stream, from, length));
      refusal = decoder.drainTo(frames);
      from += length;
    }
    return frames;
  }

  private static List<Decoded<byte[]>> read(byte[] stream, IntUnaryOperator lengthOfChunk) {
    var decoder = new FrameDecoder();
    var frames = new ArrayList<Decoded<byte[]>>();
    int begun = 0;
    int chunks = 0;
    boolean refused = false;
    for (int from = 0; from < stream.length && !refused; chunks++) {
      int to = Math.min(stream.length, from + lengthOfChunk.applyAsInt(chunks));
      decoder.feed(ByteBuffer.wrap(stream, from, to - from));
      Optional<Decoded<byte[]>> next = decoder.next();
      while (next.isPresent() && !refused) {
        frames.add(next.get());
        refused = next.get() instanceof Decoded.Malformed<byte[]>;
        if (next.get() instanceof Decoded.Ok<byte[]>(byte[] payload)) {
          begun += FrameCodec.encodedBytes(payload);
        }
        next = decoder.next();
      }
      int arrived = to - begun;
      assertTrue(
          decoder.allocatedBytes() <= Math.max(FrameDecoder.INITIAL_BYTES, 2 * arrived),
          decoder.allocatedBytes() + " bytes for the " + arrived + " that came");
      from = to;
    }
    if (refused) {
      assertEquals(Optional.of(frames.getLast()), decoder.next(), "it is the answer for ever");
    } else {
      assertEquals(begun < stream.length, decoder.isMidFrame());
      assertFalse(decoder.next().isPresent());
    }
    return frames;
  }
}
