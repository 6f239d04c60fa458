package io.quorate.protocol;

import static io.quorate.protocol.Bytes.assertEveryTruncationIsMalformed;
import static io.quorate.protocol.Bytes.buffer;
import static io.quorate.protocol.Bytes.concat;
import static io.quorate.protocol.Bytes.hex;
import static io.quorate.protocol.Bytes.malformed;
import static io.quorate.protocol.Bytes.ok;
import static io.quorate.protocol.Bytes.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InitialMessageCodecTest {

  private static final String V1 = "ffffffffffff0000";
  private static final String V2 = "ffffffffffff0001";
  private static final String SID_5 = "0000000000000005";

  /** Version 1, id 5, "zk1:3888". */
  private static final byte[] V1_BYTES = hex(V1, SID_5, "00000008", "7a6b313a33383838");

  /** Version 2, id 5, "a:1|[::1]:2". */
  private static final byte[] V2_BYTES = hex(V2, SID_5, "0000000b", "613a317c5b3a3a315d3a32");

  private static byte[] v1(String addresses) {
    byte[] text = utf8(addresses);
    return concat(hex(V1, SID_5), ByteBuffer.allocate(4).putInt(text.length).array(), text);
  }

  private static List<HostPort> addressesOf(String text) {
    InitialMessage message = ok(InitialMessageCodec.decode(ByteBuffer.wrap(v1(text))));
    return ((InitialMessage.V1) message).addresses();
  }

  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "0000000000000005, 5",
    "7ffffffffffffffe, 9223372036854775806",
    "7fffffffffffffff, 9223372036854775807"
  })
  void eightBytesAreABareId(String digits, long sid) {
    var message = new InitialMessage.Bare(ServerId.of(sid));
    assertEquals(message, ok(InitialMessageCodec.decode(buffer(digits))));
    assertArrayEquals(hex(digits), InitialMessageCodec.encode(message));
  }

  @Test
  void version1HasAnAddress() {
    var message = new InitialMessage.V1(ServerId.of(5), List.of(new HostPort("zk1", 3888)));
    assertEquals(message, ok(InitialMessageCodec.decode(ByteBuffer.wrap(V1_BYTES))));
    assertArrayEquals(V1_BYTES, InitialMessageCodec.encode(message));
  }

  @Test
  void version2HasSeveral() {
    var message =
        new InitialMessage.V2(
            ServerId.of(5), List.of(new HostPort("a", 1), new HostPort("::1", 2)));
    assertEquals(message, ok(InitialMessageCodec.decode(ByteBuffer.wrap(V2_BYTES))));
    assertArrayEquals(V2_BYTES, InitialMessageCodec.encode(message));
  }

  @Test
  void anObserverWithoutAnIdIntroducesItself() {
    byte[] bytes = hex(V1, "7fffffffffffffff", "00000003", "613a31");
    assertEquals(ServerId.OBSERVER, ok(InitialMessageCodec.decode(ByteBuffer.wrap(bytes))).sid());
  }

  @Test
  void bothFormsOfIpv6AndAScopeAreAccepted() {
    assertEquals(
        List.of(
            new HostPort("::1", 1),
            new HostPort("0:0:0:0:0:0:0:1", 2),
            new HostPort("fe80::1%eth0", 3)),
        addressesOf("[::1]:1|[0:0:0:0:0:0:0:1]:2|[fe80::1%eth0]:3"));
  }

  @Test
  void wildcardsAreDropped() {
    assertEquals(List.of(new HostPort("a", 2)), addressesOf("0.0.0.0:1|a:2|[::]:3"));
    assertEquals(List.of(), addressesOf("0.0.0.0:1|[0:0:0:0:0:0:0:0]:3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a:",
        ":1",
        "a:0",
        "a:65536",
        "a:-1",
        "a:+1",
        "a:1|",
        "|a:1",
        "a:1||b:2",
        "::1:3888",
        "[::1]",
        "[::1]3888",
        "[::1:3888",
        "[]:1",
        "[a]:1",
        "a b:1",
        "a:1 ",
        "a\n:1",
        "a:१",
        "a:99999999999999999999",
        "a:1;b:2",
        "a:1,b:2"
      })
  void anAddressThatIsNoneIsMalformed(String text) {
    malformed(InitialMessageCodec.decode(ByteBuffer.wrap(v1(text))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0ba", "eda080", "ff", "613a31c3", "f8888080"})
  void addressesThatAreNotUtf8AreMalformed(String digits) {
    byte[] text = hex(digits);
    byte[] bytes = concat(hex(V1, SID_5), ByteBuffer.allocate(4).putInt(text.length).array(), text);
    assertEquals(
        "the addresses of an initial message are not UTF-8",
        malformed(InitialMessageCodec.decode(ByteBuffer.wrap(bytes))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ffffffffffffffff",
        "ffffffffffff0002",
        "fffffffffffeffff",
        "8000000000000000",
        "ffffffffffff0000 ffffffffffffffff",
        "ffffffffffff0000 ffffffffffffffff 00000003 613a31",
        "ffffffffffff0001 8000000000000000 00000003 613a31",
        "ffffffffffff0000 0000000000000005 00000000",
        "ffffffffffff0000 0000000000000005 ffffffff",
        "ffffffffffff0000 0000000000000005 80000000",
        "ffffffffffff0000 0000000000000005 00000801",
        "ffffffffffff0000 0000000000000005 7fffffff"
      })
  void theRestCanNoLongerBecomeAMessageAndNoMoreIsAskedFor(String digits) {
    malformed(InitialMessageCodec.decode(buffer(digits)));
    ByteBuffer soFar = buffer(digits);
    assertTrue(InitialMessageCodec.bytesNeeded(soFar) <= soFar.remaining());
  }

  @Test
  void addressesOf2048BytesPassAndOneByteMoreDoesNot() {
    String address = "a:1|";
    String longest = address.repeat(511) + "bb:1";
    assertEquals(2048, longest.length());
    assertEquals(512, addressesOf(longest).size());
    malformed(InitialMessageCodec.decode(ByteBuffer.wrap(v1(longest + "1"))));

    var hosts = Collections.nCopies(512, new HostPort("a", 1));
    byte[] encoded = InitialMessageCodec.encode(new InitialMessage.V2(ServerId.of(1), hosts));
    assertEquals(20 + 2047, encoded.length);
    var tooMany = new InitialMessage.V2(ServerId.of(1), Collections.nCopies(513, hosts.get(0)));
    assertThrows(IllegalArgumentException.class, () -> InitialMessageCodec.encode(tooMany));
  }

  @Test
  void whatCannotBeSentIsRefused() {
    var noAddress = new InitialMessage.V1(ServerId.of(1), List.of());
    assertThrows(IllegalArgumentException.class, () -> InitialMessageCodec.encode(noAddress));
    var nobody = new InitialMessage.Bare(ServerId.of(-1));
    assertThrows(IllegalArgumentException.class, () -> InitialMessageCodec.encode(nobody));
  }

  @Test
  void everyTruncationIsMalformed() {
    for (byte[] whole : List.of(V1_BYTES, V2_BYTES, hex(SID_5))) {
      assertEveryTruncationIsMalformed(
          whole, cut -> InitialMessageCodec.decode(ByteBuffer.wrap(cut)));
    }
  }

  @Test
  void bytesAfterTheMessageAreMalformed() {
    malformed(InitialMessageCodec.decode(ByteBuffer.wrap(concat(V1_BYTES, hex("00")))));
    malformed(InitialMessageCodec.decode(buffer(SID_5, "00")));
  }

  @Test
  void aDrippedMessageIsNeverReadPastItsEnd() {
    for (byte[] message : List.of(V1_BYTES, V2_BYTES, hex(SID_5))) {
      byte[] stream = concat(message, hex("0000002c 00000000"));
      int read = 0;
      while (read < InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(stream, 0, read))) {
        read++;
      }
      assertEquals(message.length, read);
      ok(InitialMessageCodec.decode(ByteBuffer.wrap(stream, 0, read)));
    }
  }

  @Test
  void aReaderIsNeverToldToTakeMoreThanTheMessageHas() {
    for (int soFar = 0; soFar <= V1_BYTES.length; soFar++) {
      int needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(V1_BYTES, 0, soFar));
      int expected = soFar < 8 ? 8 : soFar < 20 ? 20 : V1_BYTES.length;
      assertEquals(expected, needed, "after " + soFar);
    }
  }
}
