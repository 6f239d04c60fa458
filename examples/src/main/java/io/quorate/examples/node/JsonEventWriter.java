package io.quorate.examples.node;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.election.ElectionEvent;
import io.quorate.examples.cli.JsonLines;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;

/** Writes each event as a JSON object on a line of its own, for a program to read. */
final class JsonEventWriter implements EventWriter {

  private final JsonLines lines;

  JsonEventWriter(PrintWriter out) {
    lines = new JsonLines(out);
  }

  @Override
  public boolean write(Instant at, ServerId self, ElectionEvent event) {
    return lines.write(
        json -> {
          json.writeStringField("at", at.toString());
          json.writeNumberField("server", self.value());
          writeFields(json, event);
        });
  }

  private static void writeFields(JsonGenerator json, ElectionEvent event) throws IOException {
    switch (event) {
      case ElectionEvent.Listening(var address) -> {
        json.writeStringField("event", "listening");
        json.writeStringField("address", SocketText.of(address));
      }
      case ElectionEvent.Looking(long round) -> {
        json.writeStringField("event", "looking");
        json.writeNumberField("round", round);
      }
      case ElectionEvent.Elected(ServerId leader, long round, long zxid, long peerEpoch) -> {
        json.writeStringField("event", "elected");
        json.writeNumberField("leader", leader.value());
        json.writeNumberField("round", round);
        json.writeNumberField("zxid", zxid);
        json.writeNumberField("peerEpoch", peerEpoch);
      }
      case ElectionEvent.Following(ServerId leader, long epoch, boolean confirmed) ->
          writeLeader(json, "following", leader, epoch, confirmed);
      case ElectionEvent.Leading(ServerId leader, long epoch, boolean confirmed) ->
          writeLeader(json, "leading", leader, epoch, confirmed);
      case ElectionEvent.Observing(ServerId leader, long epoch, boolean confirmed) ->
          writeLeader(json, "observing", leader, epoch, confirmed);
      case ElectionEvent.LinkUp(ServerId peer) -> {
        json.writeStringField("event", "linkUp");
        json.writeNumberField("peer", peer.value());
      }
      case ElectionEvent.LinkDown(ServerId peer, DownCause cause) -> {
        json.writeStringField("event", "linkDown");
        json.writeNumberField("peer", peer.value());
        json.writeStringField("cause", camelCase(cause));
      }
      case ElectionEvent.Warning(String code, String detail) -> {
        json.writeStringField("event", "warning");
        json.writeStringField("code", code);
        json.writeStringField("detail", detail);
      }
      case ElectionEvent.Closed() -> json.writeStringField("event", "closed");
    }
  }

  private static void writeLeader(
      JsonGenerator json, String event, ServerId leader, long epoch, boolean confirmed)
      throws IOException {
    json.writeStringField("event", event);
    json.writeNumberField("leader", leader.value());
    json.writeNumberField("epoch", epoch);
    json.writeBooleanField("confirmed", confirmed);
  }

  private static String camelCase(DownCause cause) {
    return switch (cause) {
      case CLOSED_BY_PEER -> "closedByPeer";
      case REPLACED -> "replaced";
      case WRITE_STALLED -> "writeStalled";
      case BAD_FRAME -> "badFrame";
      case CLOSED_BY_US -> "closedByUs";
      case FAILED -> "failed";
    };
  }
}
