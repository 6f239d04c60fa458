package io.quorate.protocol;

import static io.quorate.protocol.Bytes.assertEveryTruncationIsMalformed;
import static io.quorate.protocol.Bytes.concat;
import static io.quorate.protocol.Bytes.hex;
import static io.quorate.protocol.Bytes.malformed;
import static io.quorate.protocol.Bytes.ok;
import static io.quorate.protocol.Bytes.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NotificationCodecTest {

  /** LOOKING, leader 3, zxid 0x500000002, round 7. */
  private static final String FIRST_28 =
      "00000000 0000000000000003 0000000500000002 0000000000000007";

  /** And peerEpoch 6, so that it differs from the zxid's. */
  private static final String FIRST_36 = FIRST_28 + "0000000000000006";

  private static final Vote VOTE = new Vote(ServerId.of(3), 0x500000002L, 6);
  private static final Vote VOTE_OF_3_3 = new Vote(ServerId.of(3), 0x500000002L, 5);

  private static final byte[] CONFIG =
      hex(
          "7365727665722e313d613a323a333a7061727469636970616e740a", // server.1=a:2:3:participant
          "76657273696f6e3d31"); // version=1

  private final NotificationCodec codec = new NotificationCodec();

  private static Notification without(Vote vote, int version) {
    return new Notification(ServerState.LOOKING, vote, 7, version, Optional.empty());
  }

  @Test
  void twentyEightBytesTakeTheEpochFromTheZxid() {
    assertEquals(without(VOTE_OF_3_3, 0), ok(codec.decode(hex(FIRST_28))));
  }

  @Test
  void theEpochOfTwentyEightBytesKeepsTheSignOfTheZxid() {
    Notification observer =
        ok(codec.decode(hex("00000003 8000000000000000 8000000000000000 0000000000000001")));
    assertEquals(new Vote(ServerId.NONE, Long.MIN_VALUE, Integer.MIN_VALUE), observer.vote());
  }

  @Test
  void thirtySixBytesHaveAnEpochAndVersion0() {
    assertEquals(without(VOTE, 0), ok(codec.decode(hex(FIRST_36))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000001", "00000002", "00000000", "ffffffff", "7fffffff"})
  void fortyBytesCountAsVersion0WhateverTheySay(String version) {
    assertEquals(without(VOTE, 0), ok(codec.decode(hex(FIRST_36, version))));
  }

  @Test
  void fortyFourBytesAreAMinimalBodyOfVersion2() {
    byte[] bytes = hex(FIRST_36, "00000002 00000000");
    assertEquals(without(VOTE, 2), ok(codec.decode(bytes)));
    assertArrayEquals(bytes, NotificationCodec.encode(without(VOTE, 2)));
  }

  @Test
  void aConfigFollowsItsLength() {
    byte[] bytes = concat(hex(FIRST_36, "00000002 00000024"), CONFIG);
    Notification decoded = ok(codec.decode(bytes));
    assertEquals(
        "server.1=a:2:3:participant\nversion=1", decoded.config().orElseThrow().toString());
    assertEquals(VOTE, decoded.vote());
    assertEquals(2, decoded.version());
    assertArrayEquals(bytes, NotificationCodec.encode(decoded));
  }

  @Test
  void anObserversMinimumValuesPassBothWays() {
    byte[] bytes =
        hex(
            "00000003 8000000000000000 8000000000000000 0000000000000001 8000000000000000",
            "00000002 00000000");
    var expected = new Notification(ServerState.OBSERVING, Vote.NOBODY, 1, 2, Optional.empty());
    assertEquals(expected, ok(codec.decode(bytes)));
    assertArrayEquals(bytes, NotificationCodec.encode(expected));
  }

  @Test
  void everyStateHasItsNumber() {
    var states = new ArrayList<ServerState>();
    for (int code = 0; code < 4; code++) {
      byte[] bytes = hex(FIRST_36, "00000002 00000000");
      bytes[3] = (byte) code;
      states.add(ok(codec.decode(bytes)).state());
    }
    assertEquals(
        List.of(
            ServerState.LOOKING, ServerState.FOLLOWING, ServerState.LEADING, ServerState.OBSERVING),
        states);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000004", "ffffffff", "80000000", "01000000"})
  void anyOtherStateIsMalformed(String state) {
    assertEquals(
        "a notification has a state that does not exist",
        malformed(codec.decode(hex(state, FIRST_36.substring(8), "00000002 00000000"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000003", "00000063", "7fffffff"})
  void aLaterVersionIsReadAs2AndWhatFollowsTheConfigIsIgnored(String version) {
    byte[] bytes = concat(hex(FIRST_36, version, "00000024"), CONFIG, hex("deadbeef"));
    Notification decoded = ok(codec.decode(bytes));
    assertEquals(2, decoded.version());
    assertArrayEquals(CONFIG, decoded.config().orElseThrow().bytes());
  }

  @Test
  void anEarlierVersionInTheLongLayoutCarriesNoConfig() {
    // The length is nonsense on purpose: nobody looks at it.
    assertEquals(without(VOTE, 1), ok(codec.decode(hex(FIRST_36, "00000001 7fffffff"))));
    assertEquals(without(VOTE, 0), ok(codec.decode(hex(FIRST_36, "00000000 ffffffff"))));
    assertEquals(without(VOTE, 0), ok(codec.decode(hex(FIRST_36, "ffffffff 00000024"))));
  }

  @Test
  void everyOtherLengthIsMalformed() {
    byte[] whole = concat(hex(FIRST_36, "00000002 00000024"), CONFIG);
    for (int length = 0; length < whole.length; length++) {
      Decoded<Notification> decoded = codec.decode(Arrays.copyOf(whole, length));
      boolean isALayout = Set.of(28, 36, 40).contains(length);
      assertEquals(isALayout, decoded instanceof Decoded.Ok<Notification>, "length " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ffffffff", "80000000", "7fffffff", "00000025", "00080000"})
  void aConfigLengthThatIsNotThereIsMalformed(String length) {
    byte[] bytes = concat(hex(FIRST_36, "00000002", length), CONFIG);
    assertEquals("a config text is not as long as announced", malformed(codec.decode(bytes)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0af", "ff", "eda080", "e282", "f4908080"})
  void aConfigThatIsNotUtf8IsMalformed(String bytes) {
    byte[] config = hex(bytes);
    ByteBuffer length = ByteBuffer.allocate(4).putInt(config.length).flip();
    byte[] whole = concat(hex(FIRST_36, "00000002"), length.array(), config);
    assertEquals("a config text is not UTF-8", malformed(codec.decode(whole)));
  }

  @Test
  void aConfigThatIsNoneIsMalformed() {
    byte[] whole = concat(hex(FIRST_36, "00000002 00000003"), utf8("a=b"));
    assertEquals("a config text has a key that none has", malformed(codec.decode(whole)));
  }

  @Test
  void theSameTextComesBackAsTheSameInstance() {
    byte[] bytes = concat(hex(FIRST_36, "00000002 00000024"), CONFIG);
    ConfigText first = ok(codec.decode(bytes)).config().orElseThrow();
    ConfigText second = ok(codec.decode(bytes.clone())).config().orElseThrow();
    assertSame(first, second);
  }

  @Test
  void whatIsRememberedDoesNotChangeWithTheCallersBuffer() {
    byte[] bytes = concat(hex(FIRST_36, "00000002 00000024"), CONFIG);
    ConfigText text = ok(codec.decode(bytes)).config().orElseThrow();
    bytes[bytes.length - 1] = '2';
    assertEquals(1, text.config().version());
    assertArrayEquals(CONFIG, text.bytes());
    ConfigText other = ok(codec.decode(bytes)).config().orElseThrow();
    assertEquals(2, other.config().version());
  }

  @Test
  void onlyTheTextsUsedLastAreRemembered() {
    var first = new ArrayList<ConfigText>();
    for (int version = 0; version < NotificationCodec.MAX_REMEMBERED_TEXTS; version++) {
      first.add(configOf(version));
    }
    assertSame(first.get(0), configOf(0));
    configOf(NotificationCodec.MAX_REMEMBERED_TEXTS);
    assertSame(first.get(0), configOf(0), "was used just before");
    assertNotSame(first.get(1), configOf(1), "was used longest ago");
    assertEquals(first.get(1), configOf(1));
  }

  @Test
  void aTextThatIsLongOnPurposeIsNotRemembered() {
    String remark = "#".repeat(NotificationCodec.MAX_REMEMBERED_BYTES);
    byte[] config = utf8(remark + "\nversion=1");
    byte[] length = ByteBuffer.allocate(4).putInt(config.length).array();
    byte[] whole = concat(hex(FIRST_36, "00000002"), length, config);
    ConfigText first = ok(codec.decode(whole)).config().orElseThrow();
    ConfigText second = ok(codec.decode(whole)).config().orElseThrow();
    assertNotSame(first, second);
    assertEquals(first, second);
  }

  private ConfigText configOf(int version) {
    byte[] config = utf8("version=" + version);
    ByteBuffer length = ByteBuffer.allocate(4).putInt(config.length).flip();
    byte[] whole = concat(hex(FIRST_36, "00000002"), length.array(), config);
    return ok(codec.decode(whole)).config().orElseThrow();
  }

  @Test
  void aTruncatedConfigIsMalformedAtEveryOffset() {
    byte[] bytes = concat(hex(FIRST_36, "00000002 00000024"), CONFIG);
    byte[] fixed = hex(FIRST_36, "00000002 00000024");
    assertEveryTruncationIsMalformed(CONFIG, cut -> codec.decode(concat(fixed, cut)));
    assertEquals(VOTE, ok(codec.decode(bytes)).vote());
  }

  @Test
  void aNotificationRefusesWhatNoLayoutCanSay() {
    Optional<ConfigText> config = Optional.of(ok(ConfigText.parse(CONFIG)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Notification(ServerState.LOOKING, VOTE, 7, 3, Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Notification(ServerState.LOOKING, VOTE, 7, -1, Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Notification(ServerState.LOOKING, VOTE, 7, 1, config));
  }
}
