package io.quorate.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionEvent;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class EventWritersTest {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final ServerId SELF = ServerId.of(2);
  private static final ServerId PEER = ServerId.of(3);

  static List<Arguments> events() {
    var v4 = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5);
    var v6 = new InetSocketAddress(InetAddress.ofLiteral("::1"), 5);
    return List.of(
        Arguments.of(
            new ElectionEvent.Listening(v4),
            "\"event\":\"listening\",\"address\":\"127.0.0.1:5\"",
            "listens at 127.0.0.1:5"),
        Arguments.of(
            new ElectionEvent.Listening(v6),
            "\"event\":\"listening\",\"address\":\"[0:0:0:0:0:0:0:1]:5\"",
            "listens at [0:0:0:0:0:0:0:1]:5"),
        Arguments.of(
            new ElectionEvent.Looking(7),
            "\"event\":\"looking\",\"round\":7",
            "looks for a leader, round 7"),
        Arguments.of(
            new ElectionEvent.Elected(PEER, 7, 0x100000002L, 1),
            "\"event\":\"elected\",\"leader\":3,\"round\":7,\"zxid\":4294967298,\"peerEpoch\":1",
            "finds that round 7 elected 3 (zxid 0x100000002, epoch 1)"),
        Arguments.of(
            new ElectionEvent.Following(PEER, 1, true),
            "\"event\":\"following\",\"leader\":3,\"epoch\":1,\"confirmed\":true",
            "follows 3 in epoch 1"),
        Arguments.of(
            new ElectionEvent.Leading(SELF, 1, false),
            "\"event\":\"leading\",\"leader\":2,\"epoch\":1,\"confirmed\":false",
            "leads in epoch 1, which no majority has promised"),
        Arguments.of(
            new ElectionEvent.Observing(PEER, 1, false),
            "\"event\":\"observing\",\"leader\":3,\"epoch\":1,\"confirmed\":false",
            "observes 3 in epoch 1, which no majority has promised"),
        Arguments.of(
            new ElectionEvent.LinkUp(ServerId.of(-1)),
            "\"event\":\"linkUp\",\"peer\":-1",
            "has a link to -1"),
        Arguments.of(
            new ElectionEvent.LinkDown(PEER, DownCause.CLOSED_BY_PEER),
            "\"event\":\"linkDown\",\"peer\":3,\"cause\":\"closedByPeer\"",
            "lost its link to 3: closed by peer"),
        Arguments.of(
            new ElectionEvent.Warning("someCode", "a \"quoted\"\nline"),
            "\"event\":\"warning\",\"code\":\"someCode\",\"detail\":\"a \\\"quoted\\\"\\nline\"",
            "warns: someCode: a \"quoted\" line"),
        Arguments.of(new ElectionEvent.Closed(), "\"event\":\"closed\"", "is closed"));
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsOneLine(ElectionEvent event, String json, String sentence) {
    var out = new StringWriter();
    assertTrue(new JsonEventWriter(new PrintWriter(out)).write(AT, SELF, event));
    assertEquals(
        "{\"at\":\"2026-01-02T03:04:05.678Z\",\"server\":2," + json + "}\n", out.toString());

    out = new StringWriter();
    assertTrue(new TextEventWriter(new PrintWriter(out), ZoneOffset.UTC).write(AT, SELF, event));
    assertEquals("03:04:05.678  server 2 " + sentence + "\n", out.toString());
  }

  @Test
  void aReaderThatHasGoneIsTold() {
    var gone =
        new Writer() {
          @Override
          public void write(char[] text, int from, int count) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    var event = new ElectionEvent.Looking(1);
    Stream.of(
            new JsonEventWriter(new PrintWriter(gone)),
            new TextEventWriter(new PrintWriter(gone), ZoneOffset.UTC))
        .forEach(writer -> assertFalse(writer.write(AT, SELF, event)));
  }
}
