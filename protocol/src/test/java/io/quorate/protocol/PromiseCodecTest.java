package io.quorate.protocol;

import static io.quorate.protocol.Bytes.assertEveryTruncationIsMalformed;
import static io.quorate.protocol.Bytes.hex;
import static io.quorate.protocol.Bytes.malformed;
import static io.quorate.protocol.Bytes.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frames of the promise: their bytes, their limits, and that these hold both ways. */
final class PromiseCodecTest {

  private static final String EPOCH = "0000000000000007";
  private static final String SEQUENCE = "0000000000000102";
  private static final String INSTANCE = "fedcba9876543210";
  private static final String A_SECOND = "000000003b9aca00";
  private static final String AN_HOUR = "0000034630b8a000";
  private static final String MORE_THAN_AN_HOUR = "0000034630b8a001";
  private static final String ZERO = "0000000000000000";
  private static final String ONE = "0000000000000001";
  private static final String MINUS_ONE = "ffffffffffffffff";
  private static final String LARGEST = "7fffffffffffffff";
  private static final String SMALLEST = "8000000000000000";

  /** The format version, and the length of no body. */
  private static final String NO_BODY = "00000001 00000000";

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final Frame PROPOSAL =
      new Frame(
          new Proposal(7, 0x102, 0xfedcba9876543210L, SECOND),
          "51000002",
          EPOCH + SEQUENCE + INSTANCE + A_SECOND);
  private static final Frame ACKNOWLEDGEMENT =
      new Frame(
          new Acknowledgement(7, 0x102, 0xfedcba9876543210L),
          "51000003",
          EPOCH + SEQUENCE + INSTANCE + ZERO);
  private static final Frame REFUSAL =
      new Frame(
          new Refusal(7, 0x102, 9, SECOND),
          "51000004",
          EPOCH + SEQUENCE + "0000000000000009" + A_SECOND);
  private static final Frame HEARTBEAT =
      new Frame(
          new Heartbeat(7, 0x102, 0xfedcba9876543210L, SECOND),
          "51000005",
          EPOCH + SEQUENCE + INSTANCE + A_SECOND);
  private static final Frame SURRENDER =
      new Frame(
          new Surrender(7, 0xfedcba9876543210L, ServerId.of(3)),
          "51000006",
          EPOCH + ZERO + INSTANCE + "0000000000000003");

  /** A message, with the digits of its kind and of its four fields. */
  record Frame(Message message, String kind, String fields) {

    byte[] bytes() {
      return hex(kind, fields, NO_BODY);
    }
  }

  static Stream<Frame> frames() {
    return Stream.of(PROPOSAL, ACKNOWLEDGEMENT, REFUSAL, HEARTBEAT, SURRENDER);
  }

  static Stream<Frame> requestsAndAnswers() {
    return frames().filter(frame -> !frame.equals(SURRENDER));
  }

  static Stream<Frame> requests() {
    return Stream.of(PROPOSAL, HEARTBEAT);
  }

  private final MessageCodec codec = new MessageCodec();

  private Decoded<Message> decode(String... digits) {
    return codec.decode(Bytes.hex(digits));
  }

  private void comesBack(Message message) {
    assertEquals(message, ok(codec.decode(MessageCodec.encode(message))));
  }

  private static void refused(Executable constructor) {
    assertThrows(IllegalArgumentException.class, constructor);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void eachKindHasItsBytes(Frame frame) {
    assertEquals(44, frame.bytes().length);
    assertEquals(frame.message(), ok(codec.decode(frame.bytes())));
    assertArrayEquals(frame.bytes(), MessageCodec.encode(frame.message()));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aLaterVersionOfEachMaySayMore(Frame frame) {
    assertEquals(
        frame.message(), ok(decode(frame.kind(), frame.fields(), "00000001 00000002 abcd")));
    assertEquals(frame.message(), ok(decode(frame.kind(), frame.fields(), NO_BODY, "abcd")));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void eachIsMalformedWhenCutShortOrWithAnotherFormatVersion(Frame frame) {
    assertEveryTruncationIsMalformed(frame.bytes(), codec::decode);
    malformed(decode(frame.kind(), frame.fields(), "00000002 00000000"));
    malformed(decode(frame.kind(), frame.fields(), "00000001 00000001"));
    malformed(decode(frame.kind(), frame.fields(), "00000001 ffffffff"));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void eachIsAboutAnEpochThatCanBeProposed(Frame frame) {
    String rest = frame.fields().substring(EPOCH.length());
    ok(decode(frame.kind(), ONE, rest, NO_BODY));
    ok(decode(frame.kind(), LARGEST, rest, NO_BODY));
    for (String epoch : List.of(ZERO, MINUS_ONE, SMALLEST)) {
      malformed(decode(frame.kind(), epoch, rest, NO_BODY));
    }
  }

  @ParameterizedTest
  @MethodSource("requestsAndAnswers")
  void aRequestAndItsAnswerHaveANumberFrom0Up(Frame frame) {
    String rest = frame.fields().substring(EPOCH.length() + SEQUENCE.length());
    ok(decode(frame.kind(), EPOCH, ZERO, rest, NO_BODY));
    ok(decode(frame.kind(), EPOCH, LARGEST, rest, NO_BODY));
    malformed(decode(frame.kind(), EPOCH, MINUS_ONE, rest, NO_BODY));
    malformed(decode(frame.kind(), EPOCH, SMALLEST, rest, NO_BODY));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aGrantIsLongerThanNothingAndAtMostAnHour(Frame frame) {
    String before = EPOCH + SEQUENCE + INSTANCE;
    ok(decode(frame.kind(), before, ONE, NO_BODY));
    ok(decode(frame.kind(), before, AN_HOUR, NO_BODY));
    for (String grant : List.of(ZERO, MINUS_ONE, SMALLEST, MORE_THAN_AN_HOUR, LARGEST)) {
      malformed(decode(frame.kind(), before, grant, NO_BODY));
    }
  }

  @Test
  void aRefusalMayComeFromOneThatIsNotBoundAndHasPromisedNothing() {
    assertEquals(
        new Refusal(7, 0x102, 0, Duration.ZERO),
        ok(decode("51000004", EPOCH, SEQUENCE, ZERO, ZERO, NO_BODY)));
  }

  @ParameterizedTest
  @ValueSource(strings = {MINUS_ONE, SMALLEST, MORE_THAN_AN_HOUR, LARGEST})
  void aRefusalForATimeThatCannotBeIsMalformed(String boundFor) {
    malformed(decode("51000004", EPOCH, SEQUENCE, ONE, boundFor, NO_BODY));
  }

  @ParameterizedTest
  @ValueSource(strings = {MINUS_ONE, SMALLEST})
  void aRefusalWithAPromisedEpochBelow0IsMalformed(String promised) {
    malformed(decode("51000004", EPOCH, SEQUENCE, promised, A_SECOND, NO_BODY));
  }

  @Test
  void aLeaderMaySurrenderToNobody() {
    var toNobody = new Surrender(7, 0xfedcba9876543210L, ServerId.NONE);
    byte[] bytes = hex("51000006", EPOCH, ZERO, INSTANCE, SMALLEST, NO_BODY);
    assertEquals(toNobody, ok(codec.decode(bytes)));
    assertArrayEquals(bytes, MessageCodec.encode(toNobody));
  }

  @ParameterizedTest
  @ValueSource(strings = {MINUS_ONE, LARGEST, "8000000000000001"})
  void aSurrenderToOneThatIsNeverAMemberIsMalformed(String successor) {
    malformed(decode("51000006", EPOCH, ZERO, INSTANCE, successor, NO_BODY));
  }

  /** Where nothing is drawn yet, a newer version may write. */
  @Test
  void fieldsWithoutAMeaningAreIgnored() {
    assertEquals(
        ACKNOWLEDGEMENT.message(),
        ok(decode("51000003", EPOCH, SEQUENCE, INSTANCE, MINUS_ONE, NO_BODY)));
    assertEquals(
        SURRENDER.message(),
        ok(decode("51000006", EPOCH, MINUS_ONE, INSTANCE, "0000000000000003", NO_BODY)));
  }

  @Test
  void theLargestAndTheSmallestOfEachComeBack() {
    Duration least = Duration.ofNanos(1);
    Duration most = Proposal.MAX_GRANT;
    comesBack(new Proposal(1, 0, Long.MIN_VALUE, least));
    comesBack(new Proposal(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, most));
    comesBack(new Heartbeat(1, 0, Long.MIN_VALUE, least));
    comesBack(new Heartbeat(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, most));
    comesBack(new Acknowledgement(1, 0, Long.MIN_VALUE));
    comesBack(new Acknowledgement(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
    comesBack(new Refusal(1, 0, 0, Duration.ZERO));
    comesBack(new Refusal(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, most));
    comesBack(new Surrender(1, Long.MIN_VALUE, ServerId.of(0)));
    comesBack(new Surrender(Long.MAX_VALUE, Long.MAX_VALUE, ServerId.of(Long.MAX_VALUE - 1)));
  }

  @Test
  void whatCouldNotBeReadCannotBeMade() {
    Duration fit = Duration.ofSeconds(1);
    Duration tooLong = Proposal.MAX_GRANT.plusNanos(1);
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    refused(() -> new Proposal(0, 0, 0, fit));
    refused(() -> new Proposal(1, -1, 0, fit));
    refused(() -> new Heartbeat(0, 0, 0, fit));
    refused(() -> new Heartbeat(1, -1, 0, fit));
    for (Duration grant : List.of(Duration.ZERO, Duration.ofNanos(-1), tooLong, longest)) {
      refused(() -> new Proposal(1, 0, 0, grant));
      refused(() -> new Heartbeat(1, 0, 0, grant));
    }
    refused(() -> new Acknowledgement(0, 0, 0));
    refused(() -> new Acknowledgement(1, -1, 0));
    refused(() -> new Refusal(0, 0, 0, fit));
    refused(() -> new Refusal(1, -1, 0, fit));
    refused(() -> new Refusal(1, 0, -1, fit));
    for (Duration boundFor : List.of(Duration.ofNanos(-1), tooLong, longest)) {
      refused(() -> new Refusal(1, 0, 0, boundFor));
    }
    refused(() -> new Surrender(0, 0, ServerId.NONE));
    refused(() -> new Surrender(1, 0, ServerId.of(-1)));
    refused(() -> new Surrender(1, 0, ServerId.OBSERVER));
  }
}
