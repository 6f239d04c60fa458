package io.quorate.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * No bytes make a decoder throw, change the caller's bytes, or say a thing that cannot be said
 * back. A failure shows the bytes.
 */
final class TotalityTest {

  private static final long SEED = 20261;
  private static final int BUFFERS = 200_000;
  private static final int LONGEST_RANDOM = 120;

  private final Random random = new Random(SEED);
  private final MessageCodec messages = new MessageCodec();

  /** Half of it random from the first byte on, half of it a good message with a few faults. */
  private void attack(
      LongFunction<byte[]> valid, Function<byte[], Decoded<?>> decoder, int buffers) {
    int good = 0;
    for (int i = 0; i < buffers; i++) {
      byte[] bytes = i % 2 == 0 ? randomBytes() : mutated(valid.apply(i % 512));
      byte[] before = bytes.clone();
      try {
        good += decoder.apply(bytes) instanceof Decoded.Ok<?> ? 1 : 0;
        assertArrayEquals(before, bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("on " + HexFormat.of().formatHex(bytes), e);
      }
    }
    assertTrue(good > 0, "the faults are few enough to leave something good");
    assertTrue(good < buffers, "the faults are faults");
  }

  private byte[] randomBytes() {
    var bytes = new byte[random.nextInt(LONGEST_RANDOM)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] mutated(byte[] valid) {
    int length = random.nextInt(4) == 0 ? random.nextInt(valid.length + 1) : valid.length;
    var bytes = new byte[length + (random.nextInt(8) == 0 ? random.nextInt(9) : 0)];
    System.arraycopy(valid, 0, bytes, 0, length);
    for (int faults = random.nextInt(4); faults > 0 && bytes.length > 0; faults--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          switch (random.nextInt(4)) {
            case 0 -> (byte) random.nextInt();
            case 1 -> (byte) (bytes[at] ^ (1 << random.nextInt(8)));
            case 2 -> (byte) ":=;|.\\\n[]0#u%".charAt(random.nextInt(13));
            default -> (byte) 0xff;
          };
    }
    return bytes;
  }

  @Test
  void anInitialMessageIsAlwaysReadOrRefused() {
    attack(
        seed -> InitialMessageCodec.encode(new Samples(seed).initialMessage()),
        bytes -> {
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          int needed = InitialMessageCodec.bytesNeeded(buffer);
          assertTrue(needed >= 8 && needed <= 20 + 2048, "needs " + needed);
          Decoded<InitialMessage> decoded = InitialMessageCodec.decode(buffer);
          if (decoded instanceof Decoded.Ok<InitialMessage>) {
            assertEquals(bytes.length, needed);
          }
          assertEquals(ByteBuffer.wrap(bytes), buffer, "the buffer stays where it is");
          return decoded;
        },
        BUFFERS);
  }

  @Test
  void aNotificationIsAlwaysReadOrRefused() {
    var codec = new NotificationCodec();
    attack(
        seed -> NotificationCodec.encode(new Samples(seed).notification()),
        bytes -> {
          Decoded<Notification> decoded = codec.decode(bytes);
          if (decoded instanceof Decoded.Ok<Notification>(Notification notification)
              && notification.version() == Notification.CURRENT_VERSION) {
            byte[] again = NotificationCodec.encode(notification);
            assertEquals(decoded, codec.decode(again));
          }
          return decoded;
        },
        BUFFERS);
  }

  @Test
  void aMessageIsAlwaysReadOrRefused() {
    attack(
        seed -> MessageCodec.encode(new Samples(seed).message()), this::readAndSaidAgain, BUFFERS);
  }

  @Test
  void aFrameOfOursWithAnyFieldsIsAlwaysReadOrRefused() {
    attack(_ -> anyExtension(), this::readAndSaidAgain, BUFFERS);
  }

  private Decoded<Message> readAndSaidAgain(byte[] bytes) {
    Decoded<Message> decoded = messages.decode(bytes);
    if (decoded instanceof Decoded.Ok<Message>(Message message)
        && !(message instanceof Notification)) {
      byte[] again = MessageCodec.encode(message);
      assertEquals(decoded, messages.decode(again));
    }
    return decoded;
  }

  /** A kind that is known or one beyond, fields as they come, a body of nothing but zeros. */
  private byte[] anyExtension() {
    int bodyLength = random.nextInt(3) * Long.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(ExtensionCodec.BODY_OFFSET + bodyLength);
    bytes.putInt(random.nextInt(ExtensionCodec.HELLO, ExtensionCodec.SURRENDER + 2));
    for (int field = 0; field < 4; field++) {
      bytes.putLong(random.nextLong() >> random.nextInt(Long.SIZE));
    }
    return bytes.putInt(1).putInt(bodyLength).array();
  }

  @Test
  void aConfigTextIsAlwaysReadOrRefused() {
    attack(
        seed -> ConfigText.of(new Samples(seed).config()).bytes(),
        bytes -> {
          Decoded<ConfigText> decoded = ConfigText.parse(bytes);
          if (decoded instanceof Decoded.Ok<ConfigText>(ConfigText text)) {
            ConfigText written = ConfigText.of(text.config());
            assertEquals(text.config(), Bytes.ok(ConfigText.parse(written.bytes())).config());
          }
          return decoded;
        },
        BUFFERS);
  }

  @Test
  void anAddressIsAlwaysReadOrRefused() {
    attack(
        seed -> Bytes.utf8(new Samples(seed).hostPort().toString()),
        bytes -> {
          String text = new String(bytes, StandardCharsets.UTF_8);
          Decoded<HostPort> decoded = HostPort.parse(text);
          if (decoded instanceof Decoded.Ok<HostPort>(HostPort address)) {
            assertEquals(decoded, HostPort.parse(address.toString()));
          }
          return decoded;
        },
        BUFFERS);
  }

  @Test
  void aStreamOfFramesIsAlwaysReadOrRefused() {
    attack(
        seed -> {
          byte[] payload = MessageCodec.encode(new Samples(seed).message());
          ByteBuffer frame = ByteBuffer.allocate(FrameCodec.encodedBytes(payload));
          FrameCodec.encode(payload, frame);
          return frame.array();
        },
        bytes -> {
          var decoder = new FrameDecoder();
          decoder.feed(ByteBuffer.wrap(bytes));
          Decoded<byte[]> last = new Decoded.Malformed<>("no frame");
          for (int i = 0; i <= bytes.length; i++) {
            var next = decoder.next();
            if (next.isEmpty()) {
              return last;
            }
            last = next.get();
          }
          assertTrue(last instanceof Decoded.Malformed<?>, "more frames than bytes");
          return last;
        },
        BUFFERS);
  }
}
