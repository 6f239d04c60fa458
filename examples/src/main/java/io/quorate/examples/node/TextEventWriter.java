package io.quorate.examples.node;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.examples.cli.Causes;
import io.quorate.examples.cli.OneLine;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes news as sentences, each on a line of its own, for a person to read. */
final class TextEventWriter implements EventWriter {

  private final PrintWriter out;
  private final DateTimeFormatter time;

  TextEventWriter(PrintWriter out, ZoneId zone) {
    this.out = out;
    time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
  }

  @Override
  public boolean write(ServerId self, News news) {
    String sentence =
        switch (news.what()) {
          case News.Told(ElectionEvent event) -> sentence(event);
          case News.Valid(FencingToken token, Duration remaining) ->
              "leads epoch " + token.epoch() + " for " + remaining.toMillis() + " ms more at least";
        };
    out.print(time.format(news.at()) + "  server " + self + " " + sentence + "\n");
    return !out.checkError();
  }

  private static String sentence(ElectionEvent event) {
    return switch (event) {
      case ElectionEvent.Listening(var address) -> "listens at " + SocketText.of(address);
      case ElectionEvent.Looking(long round) -> "looks for a leader, round " + round;
      case ElectionEvent.Elected(ServerId leader, long round, long zxid, long peerEpoch) ->
          String.format(
              Locale.ROOT,
              "finds that round %d elected %s (zxid 0x%x, epoch %d)",
              round,
              leader,
              zxid,
              peerEpoch);
      case ElectionEvent.Following(ServerId leader, long epoch, boolean confirmed) ->
          "follows " + leader + epoch(epoch, confirmed);
      case ElectionEvent.Leading(_, long epoch, boolean confirmed) ->
          "leads" + epoch(epoch, confirmed);
      case ElectionEvent.Observing(ServerId leader, long epoch, boolean confirmed) ->
          "observes " + leader + epoch(epoch, confirmed);
      case ElectionEvent.Granted(var token) -> "is granted epoch " + token.epoch();
      case ElectionEvent.Revoked(var token, var cause) ->
          "leads epoch " + token.epoch() + " no more: " + Causes.words(cause);
      case ElectionEvent.LinkUp(ServerId peer) -> "has a link to " + peer;
      case ElectionEvent.LinkDown(ServerId peer, DownCause cause) ->
          "lost its link to " + peer + ": " + words(cause);
      case ElectionEvent.Warning(String code, String detail) ->
          "warns: " + code + ": " + OneLine.of(detail);
      case ElectionEvent.Closed() -> "is closed";
    };
  }

  private static String epoch(long epoch, boolean confirmed) {
    return " in epoch " + epoch + (confirmed ? "" : ", which no majority has promised");
  }

  private static String words(DownCause cause) {
    return cause.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
