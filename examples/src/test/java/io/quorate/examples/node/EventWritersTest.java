package io.quorate.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
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
  private static final FencingToken TOKEN = new FencingToken(3, SELF);

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
            new ElectionEvent.Granted(TOKEN),
            "\"event\":\"granted\",\"epoch\":3",
            "is granted epoch 3"),
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

  static List<Arguments> causes() {
    return List.of(
        revoked(new Revocation.Resigned(), "\"resigned\"", "it resigned"),
        revoked(new Revocation.HandedOff(PEER), "\"handedOff\",\"to\":3", "handed off to 3"),
        revoked(new Revocation.HandedOff(ServerId.NONE), "\"handedOff\",\"to\":null", "handed off"),
        revoked(new Revocation.QuorumLost(), "\"quorumLost\"", "too few voters had a link to it"),
        revoked(new Revocation.LeaseExpired(), "\"leaseExpired\"", "its lease ran out"),
        revoked(
            new Revocation.ProcessPaused(Duration.ofMillis(1500)),
            "\"processPaused\",\"pauseNanos\":1500000000",
            "its process stood still for 1500 ms"),
        revoked(
            new Revocation.Superseded(5),
            "\"superseded\",\"laterEpoch\":5",
            "another leads epoch 5"),
        revoked(
            new Revocation.TaskFailed(new IOException("no\ndisk")),
            "\"taskFailed\",\"failure\":\"java.io.IOException: no\\ndisk\"",
            "its task failed: java.io.IOException: no disk"),
        revoked(new Revocation.Closed(), "\"closed\"", "it was closed"),
        revoked(
            new Revocation.ServerFailed("broken"),
            "\"serverFailed\",\"reason\":\"broken\"",
            "it failed: broken"));
  }

  private static Arguments revoked(Revocation cause, String json, String words) {
    return Arguments.of(
        new ElectionEvent.Revoked(TOKEN, cause),
        "\"event\":\"revoked\",\"epoch\":3,\"cause\":" + json,
        "leads epoch 3 no more: " + words);
  }

  @Test
  void aReportOfValidityIsOneLine() {
    assertWritten(
        new News.Valid(TOKEN, Duration.ofNanos(7_000_009)),
        "\"event\":\"valid\",\"epoch\":3,\"remainingNanos\":7000009",
        "leads epoch 3 for 7 ms more at least");
  }

  @ParameterizedTest
  @MethodSource({"events", "causes"})
  void anEventIsOneLine(ElectionEvent event, String json, String sentence) {
    assertWritten(new News.Told(event), json, sentence);
  }

  private static void assertWritten(News.What what, String json, String sentence) {
    var news = new News(AT, -5, what);
    var out = new StringWriter();
    assertTrue(new JsonEventWriter(new PrintWriter(out)).write(SELF, news));
    assertEquals(
        "{\"at\":\"2026-01-02T03:04:05.678Z\",\"nanos\":-5,\"server\":2," + json + "}\n",
        out.toString());

    out = new StringWriter();
    assertTrue(new TextEventWriter(new PrintWriter(out), ZoneOffset.UTC).write(SELF, news));
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
    var news = new News(AT, 5, new News.Told(new ElectionEvent.Looking(1)));
    Stream.of(
            new JsonEventWriter(new PrintWriter(gone)),
            new TextEventWriter(new PrintWriter(gone), ZoneOffset.UTC))
        .forEach(writer -> assertFalse(writer.write(SELF, news)));
  }
}
