package io.quorate.protocol;

import static io.quorate.protocol.Bytes.buffer;
import static io.quorate.protocol.Bytes.hex;
import static io.quorate.protocol.Bytes.malformed;
import static io.quorate.protocol.Bytes.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameTest {

  private final FrameDecoder decoder = new FrameDecoder();

  /** Is fed the same, and asked for all at once. */
  private final FrameDecoder drained = new FrameDecoder();

  private List<byte[]> framesOf(ByteBuffer chunk) {
    drained.feed(chunk.duplicate());
    decoder.feed(chunk);
    var frames = new ArrayList<byte[]>();
    for (var frame = decoder.next(); frame.isPresent(); frame = decoder.next()) {
      frames.add(ok(frame.get()));
    }
    assertFalse(chunk.hasRemaining(), "the chunk is read to its end");
    var atOnce = new ArrayList<byte[]>();
    assertEquals(Optional.empty(), drained.drainTo(atOnce));
    assertArrayEquals(frames.toArray(), atOnce.toArray());
    assertEquals(decoder.isMidFrame(), drained.isMidFrame());
    return frames;
  }

  @Test
  void aBatchOfFramesIsTheirLengthsAndPayloads() {
    byte[] three = hex("aabbcc");
    byte[] one = hex("dd");
    ByteBuffer into =
        ByteBuffer.allocate(FrameCodec.encodedBytes(three) + FrameCodec.encodedBytes(one))
            .order(ByteOrder.LITTLE_ENDIAN);
    FrameCodec.encode(three, into);
    FrameCodec.encode(one, into);
    assertFalse(into.hasRemaining());
    assertArrayEquals(hex("00000003 aabbcc 00000001 dd"), into.array());
  }

  @ParameterizedTest
  @CsvSource({"00000001, 1", "0000002c, 44", "00080000, 524288"})
  void aLengthWithinTheLimitsIsRead(String digits, int length) {
    assertEquals(length, ok(FrameCodec.decodeLength(buffer(digits))));
    assertEquals(length, ok(FrameCodec.decodeLength(buffer(digits, "ff"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000", "ffffffff", "80000000", "00080001", "7fffffff", "", "000000"})
  void anyOtherLengthIsMalformed(String digits) {
    malformed(FrameCodec.decodeLength(buffer(digits)));
  }

  @Test
  void whatIsNoPayloadIsNotWritten() {
    ByteBuffer into = ByteBuffer.allocate(600_000);
    assertThrows(IllegalArgumentException.class, () -> FrameCodec.encode(new byte[0], into));
    assertThrows(IllegalArgumentException.class, () -> FrameCodec.encode(new byte[524_289], into));
    assertThrows(
        BufferOverflowException.class,
        () -> FrameCodec.encode(new byte[8], ByteBuffer.allocate(11)));
    assertEquals(0, into.position());
    FrameCodec.encode(new byte[524_288], into);
    assertEquals(524_292, into.position());
  }

  @Test
  void framesComeOutOfOneChunkInOrder() {
    List<byte[]> frames = framesOf(buffer("00000003 aabbcc 00000001 dd 00000002 ee"));
    assertEquals(2, frames.size());
    assertArrayEquals(hex("aabbcc"), frames.get(0));
    assertArrayEquals(hex("dd"), frames.get(1));
    assertTrue(decoder.isMidFrame());
    assertArrayEquals(hex("eeff"), framesOf(buffer("ff")).get(0));
    assertFalse(decoder.isMidFrame());
  }

  @Test
  void framesComeOutOfSingleBytes() {
    byte[] stream = hex("00000003 aabbcc 00000001 dd");
    var frames = new ArrayList<byte[]>();
    for (byte b : stream) {
      frames.addAll(framesOf(ByteBuffer.wrap(new byte[] {b})));
    }
    assertEquals(2, frames.size());
    assertArrayEquals(hex("aabbcc"), frames.get(0));
    assertArrayEquals(hex("dd"), frames.get(1));
  }

  @Test
  void framesOfEverySizeComeOutOfChunksOfEverySize() {
    var random = new Random(7);
    var sent = new ArrayList<byte[]>();
    for (int size : List.of(1, 1023, 1024, 1025, 4096, 65_537, 524_287, 524_288, 44)) {
      var payload = new byte[size];
      random.nextBytes(payload);
      sent.add(payload);
    }
    ByteBuffer stream = ByteBuffer.allocate(sent.stream().mapToInt(FrameCodec::encodedBytes).sum());
    sent.forEach(payload -> FrameCodec.encode(payload, stream));
    stream.flip();
    var received = new ArrayList<byte[]>();
    while (stream.hasRemaining()) {
      int size = Math.min(1 + random.nextInt(20_000), stream.remaining());
      received.addAll(framesOf(stream.slice(stream.position(), size)));
      stream.position(stream.position() + size);
    }
    assertEquals(sent.size(), received.size());
    for (int i = 0; i < sent.size(); i++) {
      assertArrayEquals(sent.get(i), received.get(i));
    }
  }

  @Test
  void framesBeforeABadLengthStillComeOutAndNothingAfterIt() {
    decoder.feed(buffer("00000001 aa 00000000 00000001 bb"));
    assertArrayEquals(hex("aa"), ok(decoder.next().orElseThrow()));
    String reason = malformed(decoder.next().orElseThrow());
    decoder.feed(buffer("00000001 cc"));
    assertEquals(reason, malformed(decoder.next().orElseThrow()));
    assertEquals(reason, malformed(decoder.next().orElseThrow()));
  }

  @Test
  void allFramesAtOnceEndWithABadLengthToo() {
    var frames = new ArrayList<byte[]>(List.of(hex("99")));
    decoder.feed(buffer("00000001 aa 00000002 bbbb 00080001 cc"));
    Optional<String> reason = decoder.drainTo(frames);
    assertArrayEquals(new byte[][] {hex("99"), hex("aa"), hex("bbbb")}, frames.toArray());
    assertEquals(Optional.of("a frame's length of 524289 is not within 1..524288"), reason);
    decoder.feed(buffer("00000001 dd"));
    assertEquals(reason, decoder.drainTo(frames));
    assertEquals(reason, decoder.next().map(Bytes::malformed));
    assertEquals(3, frames.size());
    assertFalse(decoder.isMidFrame());
  }

  @Test
  void aFrameIsTheCallersOwn() {
    byte[] chunk = hex("00000001 aa");
    decoder.feed(ByteBuffer.wrap(chunk));
    byte[] frame = ok(decoder.next().orElseThrow());
    chunk[4] = 0;
    decoder.feed(buffer("00000001 bb"));
    byte[] second = ok(decoder.next().orElseThrow());
    assertArrayEquals(hex("aa"), frame);
    assertArrayEquals(hex("bb"), second);
  }

  @Test
  void aChunkMustBeReadBeforeTheNextIsFed() {
    decoder.feed(buffer("00000001 aa 00000001"));
    decoder.next();
    assertThrows(IllegalStateException.class, () -> decoder.feed(buffer("bb")));
    assertEquals(Optional.empty(), decoder.next());
    decoder.feed(buffer("bb"));
    assertArrayEquals(hex("bb"), ok(decoder.next().orElseThrow()));
  }

  @Test
  void memoryFollowsWhatHasArrivedAndNotWhatIsAnnounced() {
    framesOf(buffer("00080000"));
    assertTrue(decoder.allocatedBytes() <= FrameDecoder.INITIAL_BYTES);
    for (int arrived = 0; arrived < 100_000; arrived += 1000) {
      framesOf(ByteBuffer.allocate(1000));
      int most = Math.max(FrameDecoder.INITIAL_BYTES, 2 * (arrived + 1000));
      assertTrue(decoder.allocatedBytes() <= most, decoder.allocatedBytes() + " of " + most);
    }
  }
}
