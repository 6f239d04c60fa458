package io.quorate.protocol;

import static io.quorate.protocol.Bytes.malformed;
import static io.quorate.protocol.Bytes.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {

  @ParameterizedTest
  @CsvSource({
    "a:1, a, 1",
    "zk-1_x.example.org.:65535, zk-1_x.example.org., 65535",
    "10.0.0.7:02181, 10.0.0.7, 2181",
    "[::1]:3888, ::1, 3888",
    "[::]:1, ::, 1",
    "[fe80::1%eth0.7]:1, fe80::1%eth0.7, 1",
    "[2001:db8:0:0:1:0:0:1]:1, 2001:db8:0:0:1:0:0:1, 1",
    "[::ffff:10.0.0.7]:1, ::ffff:10.0.0.7, 1",
    "[1:2:3:4:5:6:7::]:1, 1:2:3:4:5:6:7::, 1"
  })
  void anAddressIsAHostAndAPort(String text, String host, int port) {
    assertEquals(new HostPort(host, port), ok(HostPort.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "a",
        "a:",
        ":1",
        "a:0",
        "a:65536",
        "a:1:2",
        "::1:1",
        "[]:1",
        "[a]:1",
        "[::1]",
        "[::1]:",
        "[::1",
        "[:1]:1",
        "[:::]:1",
        "[1::2::3]:1",
        "[12345::]:1",
        "[g::]:1",
        "[1:2:3:4:5:6:7]:1",
        "[1:2:3:4:5:6:7:8:9]:1",
        "[1:2:3:4:5:6:7:8::]:1",
        "[::1%]:1",
        "[::1.2.3]:1",
        "[::1.2.3.256]:1",
        "[1.2.3.4::]:1",
        "[1:2:3:4:5:6:7:1.2.3.4]:1",
        "a/b:1",
        "a\\:1",
        "a\u0000:1",
        "a\u2028b:1",
        "a\u202eb:1",
        "a|b:1",
        "a;b:1",
        "a=b:1",
        "\ud800:1"
      })
  void anythingElseIsMalformed(String text) {
    malformed(HostPort.parse(text));
  }

  @Test
  void aHostHasAtMost255Characters() {
    ok(HostPort.parse("h".repeat(255) + ":1"));
    malformed(HostPort.parse("h".repeat(256) + ":1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0",
        "0.0",
        "00.0.0.000",
        "::",
        "0:0:0:0:0:0:0:0",
        "::0",
        "0::",
        "0::0",
        "0000:0000:0000:0000:0000:0000:0000:0000",
        "::0.0.0.0",
        "::ffff:0.0.0.0",
        "::FFFF:0:0",
        "::%eth0"
      })
  void everyFormOfTheWildcardIsOne(String host) {
    assertTrue(new HostPort(host, 1).isWildcard());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.1",
        "10.0.0.0",
        "0.0.0.0.0",
        "0.0.0.0.example",
        "::1",
        "1::",
        "::ffff:0.0.0.1",
        "::fffe:0:0",
        "ffff::",
        "localhost",
        "0x",
        "..."
      })
  void nothingElseIs(String host) {
    assertFalse(new HostPort(host, 1).isWildcard());
  }

  @Test
  void theConstructorRefusesWhatParsingRefuses() {
    assertThrows(IllegalArgumentException.class, () -> new HostPort("", 1));
    assertThrows(IllegalArgumentException.class, () -> new HostPort("a b", 1));
    assertThrows(IllegalArgumentException.class, () -> new HostPort("a:b", 1));
    assertThrows(IllegalArgumentException.class, () -> new HostPort("a", 0));
    assertThrows(IllegalArgumentException.class, () -> new HostPort("a", 65536));
  }
}
