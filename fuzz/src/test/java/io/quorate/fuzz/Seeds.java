package io.quorate.fuzz;

import io.quorate.protocol.FrameCodec;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where a search begins: what our own encoders write, and short bytes for generators. */
public final class Seeds {
  private static final int MANY = 24;
  private static final int BYTES_OF_A_VALUE = 160;

  private Seeds() {}

  /** Returns bytes of which {@link Values} can be made. */
  public static Stream<byte[]> ofValues() {
    return IntStream.range(0, MANY).mapToObj(Seeds::values);
  }

  private static byte[] values(int seed) {
    var bytes = new byte[BYTES_OF_A_VALUE];
    new Random(seed).nextBytes(bytes);
    // The first byte tells the kind: all of them come.
    bytes[0] = (byte) seed;
    return bytes;
  }

  private static Stream<Message> someMessages() {
    return ofValues().map(bytes -> new Values(new Cursor(bytes)).message());
  }

  /** Returns messages of every kind, encoded. */
  public static Stream<byte[]> messages() {
    return someMessages().map(MessageCodec::encode);
  }

  /** Returns initial messages of every form, encoded. */
  public static Stream<byte[]> initialMessages() {
    return ofValues()
        .map(bytes -> InitialMessageCodec.encode(new Values(new Cursor(bytes)).initialMessage()));
  }

  /** Returns the frames of several messages in a row. */
  public static byte[] stream() {
    var out = new ByteArrayOutputStream();
    someMessages()
        .limit(8)
        .map(MessageCodec::encode)
        .forEach(
            payload -> {
              ByteBuffer frame = ByteBuffer.allocate(FrameCodec.encodedBytes(payload));
              FrameCodec.encode(payload, frame);
              out.writeBytes(frame.array());
            });
    return out.toByteArray();
  }

  /** Returns texts in UTF-8. */
  public static Stream<byte[]> utf8(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns some bytes after one another. */
  public static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    List.of(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }
}
