package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** An address as a peer or a user wrote it. */
final class HostPortFuzz {

  static Stream<byte[]> seeds() {
    return Seeds.utf8(
        "a:1",
        "zk1.example.org:3888",
        "[::1]:65535",
        "[fe80::1%eth0]:1",
        "[::ffff:0.0.0.0]:7",
        "[1:2:3:4:5:6:7.8.9.10]:7",
        "0.0:7",
        "::1:7",
        "büro:00080");
  }

  @MethodSource("seeds")
  @FuzzTest
  void anAddressIsReadOrRefused(byte[] input) {
    check(new String(input, StandardCharsets.UTF_8));
    // Every char comes, halves of surrogate pairs too.
    check(new String(input, StandardCharsets.UTF_16BE));
  }

  private static void check(String text) {
    Decoded<HostPort> decoded =
        Expect.reasonIfNone(Expect.allocating(1 << 20, () -> HostPort.parse(text)));
    if (decoded instanceof Decoded.Ok<HostPort>(HostPort address)) {
      assertEquals(decoded, HostPort.parse(address.toString()));
      assertEquals(address.isWildcard(), new HostPort(address.host(), 1).isWildcard());
      Expect.oneLine(address.toString());
    }
  }
}
