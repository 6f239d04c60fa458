package io.quorate.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;

/** Bytes typed by hand, and what came of decoding them. */
final class Bytes {

  private Bytes() {}

  /** White space between the digits counts for nothing. */
  static byte[] hex(String... digits) {
    return HexFormat.of().parseHex(String.join("", digits).replaceAll("\\s", ""));
  }

  static ByteBuffer buffer(String... digits) {
    return ByteBuffer.wrap(hex(digits));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] concat(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }

  static <T> T ok(Decoded<T> decoded) {
    return switch (decoded) {
      case Decoded.Ok<T>(T value) -> value;
      case Decoded.Malformed<T>(String reason) -> fail("malformed: " + reason);
    };
  }

  static String malformed(Decoded<?> decoded) {
    return switch (decoded) {
      case Decoded.Ok<?> good -> fail("was taken for good: " + good.value());
      case Decoded.Malformed<?> bad -> {
        assertEquals(1, bad.reason().lines().count(), "one line: " + bad.reason());
        yield bad.reason();
      }
    };
  }

  static void assertEveryTruncationIsMalformed(byte[] whole, Function<byte[], Decoded<?>> decoder) {
    for (int length = 0; length < whole.length; length++) {
      Decoded<?> decoded = decoder.apply(Arrays.copyOf(whole, length));
      if (decoded instanceof Decoded.Ok<?>) {
        fail("cut at " + length + " of " + whole.length + ": " + decoded);
      }
    }
  }
}
