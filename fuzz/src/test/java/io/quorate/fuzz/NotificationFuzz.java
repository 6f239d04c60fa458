package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.Notification;
import io.quorate.protocol.NotificationCodec;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** ZooKeeper's message in all of its layouts. */
final class NotificationFuzz {
  private static final int MOST_ALLOCATED = 4 << 20;

  static Stream<byte[]> seeds() {
    return Seeds.ofValues()
        .map(bytes -> NotificationCodec.encode(new Values(new Cursor(bytes)).notification()))
        .flatMap(
            whole ->
                Stream.of(
                    whole,
                    Arrays.copyOf(whole, 28),
                    Arrays.copyOf(whole, 36),
                    Arrays.copyOf(whole, 40)));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aNotificationIsReadOrRefused(byte[] input) {
    var codec = new NotificationCodec();
    byte[] before = input.clone();
    Decoded<Notification> decoded =
        Expect.reasonIfNone(
            Expect.allocating(MOST_ALLOCATED, () -> new NotificationCodec().decode(input)));
    assertEquals(decoded, codec.decode(input));
    assertEquals(decoded, codec.decode(input), "a text that is remembered says the same");
    assertArrayEquals(before, input);
    if (decoded instanceof Decoded.Ok<Notification>(Notification said)) {
      var again = codec.decode(NotificationCodec.encode(said));
      var inOurs =
          new Notification(
              said.state(), said.vote(), said.round(), Notification.CURRENT_VERSION, said.config());
      assertEquals(new Decoded.Ok<>(inOurs), again);
    }
  }
}
