package io.quorate.protocol;

import static io.quorate.protocol.Bytes.assertEveryTruncationIsMalformed;
import static io.quorate.protocol.Bytes.concat;
import static io.quorate.protocol.Bytes.hex;
import static io.quorate.protocol.Bytes.malformed;
import static io.quorate.protocol.Bytes.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageCodecTest {

  private static final String ZEROS = "0000000000000000";

  private static final String ONE = "0000000000000001";

  /** Kind, epoch = none promised, sequence, a = protocol version 1, b = priority 1, 1. */
  private static final String HELLO_FIELDS = "51000001" + ZEROS + ZEROS + ONE + ONE + "00000001";

  /** Ensemble "orders", digest 0a0b0c. */
  private static final String HELLO_BODY = "00000006 6f7264657273 00000003 0a0b0c";

  private static final byte[] HELLO = hex(HELLO_FIELDS, "00000011", HELLO_BODY);

  /** Epoch 1, sequence 2, a 3, b -1, a body of two bytes. */
  private static final byte[] UNKNOWN =
      hex(
          "51000099 0000000000000001 0000000000000002 0000000000000003 ffffffffffffffff",
          "00000001 00000002 abcd");

  private final MessageCodec codec = new MessageCodec();

  private Decoded<Message> decode(byte[]... parts) {
    return codec.decode(concat(parts));
  }

  @Test
  void aHelloSaysWhatTheSenderIsConfiguredFor() {
    var hello = new Hello(1, "orders", new ConfigDigest("0a0b0c"), 1, 0);
    assertEquals(hello, ok(decode(HELLO)));
    assertArrayEquals(HELLO, MessageCodec.encode(hello));
  }

  @Test
  void aHelloSaysHowFarTheSendersPromisesReachAndHowMuchItIsPreferred() {
    var hello = new Hello(1, "orders", new ConfigDigest("0a0b0c"), 5, 0x10000000aL);
    byte[] bytes =
        hex(
            "51000001 000000010000000a 0000000000000000 0000000000000001 0000000000000005",
            "00000001 00000011",
            HELLO_BODY);
    assertEquals(hello, ok(decode(bytes)));
    assertArrayEquals(bytes, MessageCodec.encode(hello));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ffffffffffffffff", "8000000000000000"})
  void aHelloWithAPromisedEpochBelow0IsMalformed(String promised) {
    String fields = "51000001" + promised + ZEROS + ONE + ONE + "00000001";
    malformed(codec.decode(hex(fields, "00000011", HELLO_BODY)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ffffffffffffffff", "8000000000000000", "0000000080000000", "7fffffffffffffff"})
  void aHelloWithAPriorityThatIsNoNumberFrom0UpIsMalformed(String priority) {
    String fields = "51000001" + ZEROS + ZEROS + ONE + priority + "00000001";
    malformed(codec.decode(hex(fields, "00000011", HELLO_BODY)));
  }

  @Test
  void aHelloCanBeEmpty() {
    var hello = new Hello(Hello.CURRENT_PROTOCOL_VERSION, "", new ConfigDigest(""), 1, 0);
    byte[] bytes = hex(HELLO_FIELDS, "00000008 00000000 00000000");
    assertEquals(hello, ok(decode(bytes)));
    assertArrayEquals(bytes, MessageCodec.encode(hello));
  }

  @Test
  void aLaterHelloMaySayMore() {
    var hello = new Hello(1, "orders", new ConfigDigest("0a0b0c"), 1, 0);
    assertEquals(hello, ok(decode(hex(HELLO_FIELDS, "00000013", HELLO_BODY, "0102"))));
    assertEquals(hello, ok(decode(HELLO, hex("ffff"))), "after the body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000", // no body at all
        "00000003 000000", // no name length
        "00000008 00000001 00000000", // the name takes a byte of the digest's length
        "00000008 00000006 00000000",
        "00000008 ffffffff 00000000",
        "00000008 7fffffff 00000000",
        "00000008 00000000 00000001",
        "00000008 00000000 ffffffff",
        "00000008 00000000 00000001 aa", // the digest lies behind the body
        "00000009 00000001 ff 00000000", // not UTF-8
        "0000000a 00000002 c0af 00000000", // overlong
        "0000000b 00000003 eda080 00000000", // half a surrogate pair
        "00000009 00000001 0a 00000000", // a newline for the log
        "ffffffff 00000000 00000000",
        "7fffffff 00000000 00000000",
        "00000009 00000000 00000000"
      })
  void aHelloWithABadBodyIsMalformed(String body) {
    malformed(codec.decode(hex(HELLO_FIELDS, body)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000000000000", "ffffffffffffffff", "0000000080000000"})
  void aHelloOfNoProtocolVersionIsMalformed(String version) {
    String fields = "51000001" + ZEROS + ZEROS + version + ZEROS + "00000001";
    malformed(codec.decode(hex(fields, "00000011", HELLO_BODY)));
  }

  @Test
  void theLimitsOfAHelloHoldBothWays() {
    String name = "n".repeat(255);
    var digest = new ConfigDigest("ab".repeat(64));
    var largest = new Hello(Integer.MAX_VALUE, name, digest, Integer.MAX_VALUE, Long.MAX_VALUE);
    assertEquals(largest, ok(decode(MessageCodec.encode(largest))));
    var smallest = new Hello(1, "", new ConfigDigest(""), 0, 0);
    assertEquals(smallest, ok(decode(MessageCodec.encode(smallest))));
    assertThrows(IllegalArgumentException.class, () -> new Hello(1, name + "n", digest, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Hello(1, "ü".repeat(128), digest, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Hello(1, "\ud800", digest, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Hello(1, "a\nb", digest, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Hello(0, "a", digest, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Hello(1, "a", digest, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Hello(1, "a", digest, 1, -1));

    byte[] longName = new byte[256];
    malformed(decode(hex(HELLO_FIELDS, "00000108 00000100"), longName, hex("00000000")));
    byte[] longDigest = new byte[65];
    malformed(decode(hex(HELLO_FIELDS, "00000049 00000000 00000041"), longDigest));
  }

  @Test
  void aKindThatWeDoNotKnowKeepsItsFieldsAndLosesItsBody() {
    var unknown = new UnknownExtension(0x51000099, 1, 2, 3, -1);
    assertEquals(unknown, ok(decode(UNKNOWN)));
    assertArrayEquals(
        hex(
            "51000099 0000000000000001 0000000000000002 0000000000000003 ffffffffffffffff",
            "00000001 00000000"),
        MessageCodec.encode(unknown));
  }

  @Test
  void aKindThatIsKnownOrNotOursIsNotUnknown() {
    assertEquals(0x51000007, new UnknownExtension(0x51000007, 0, 0, 0, 0).kind());
    for (int kind : new int[] {0, 3, 0x51000000, 0x51000001, 0x51000002, 0x51000006, -1}) {
      assertThrows(
          IllegalArgumentException.class, () -> new UnknownExtension(kind, 0, 0, 0, 0), "" + kind);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000004", "51000000", "ffffffff", "80000000"})
  void aFirstIntOfNobodyIsMalformed(String kind) {
    byte[] rest = new byte[60];
    byte[] bytes = concat(hex(kind), rest);
    malformed(codec.decode(bytes));
  }

  @ParameterizedTest
  @CsvSource({"00000000", "00000002", "ffffffff", "01000000"})
  void anExtensionWithAnotherFormatVersionIsMalformed(String version) {
    String fields = "51000099" + ZEROS + ZEROS + ZEROS + ZEROS;
    malformed(codec.decode(hex(fields, version, "00000000")));
  }

  @Test
  void truncationIsMalformedAtEveryOffset() {
    assertEveryTruncationIsMalformed(HELLO, codec::decode);
    assertEveryTruncationIsMalformed(UNKNOWN, codec::decode);
  }

  @Test
  void aNotificationPassesThrough() {
    Message message =
        ok(codec.decode(hex("00000002", ZEROS, ZEROS, ZEROS, ZEROS, "00000002 00000000")));
    Notification notification = assertInstanceOf(Notification.class, message);
    assertEquals(ServerState.LEADING, notification.state());
    assertArrayEquals(NotificationCodec.encode(notification), MessageCodec.encode(notification));
  }

  /** Reads as far as ZooKeeper 3.5 and later reads before it drops a message. */
  @Test
  void aZooKeeperServerDropsEachOfOurFramesWithoutReadingAConfig() {
    for (int seed = 0; seed < 500; seed++) {
      Message message = new Samples(seed).message();
      if (message instanceof Notification) {
        continue;
      }
      ByteBuffer bytes = ByteBuffer.wrap(MessageCodec.encode(message));
      assertTrue(bytes.remaining() >= 44, "long enough for every field");
      assertFalse(Set.of(28, 36, 40).contains(bytes.remaining()), "no older layout");
      int state = bytes.getInt(0);
      assertTrue(state < 0 || state > 3, "no state");
      assertEquals(1, bytes.getInt(36), "a format version without a config");
      malformed(new NotificationCodec().decode(bytes.array()));
    }
  }
}
