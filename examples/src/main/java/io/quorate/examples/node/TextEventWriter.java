package io.quorate.examples.node;

import io.quorate.election.ElectionEvent;
import io.quorate.examples.cli.OneLine;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes each event as a sentence, for a person to read. */
final class TextEventWriter implements EventWriter {

  private final PrintWriter out;
  private final DateTimeFormatter time;

  TextEventWriter(PrintWriter out, ZoneId zone) {
    this.out = out;
    time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
  }

  @Override
  public boolean write(Instant at, ServerId self, ElectionEvent event) {
    out.print(time.format(at) + "  server " + self + " " + sentence(event) + "\n");
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
