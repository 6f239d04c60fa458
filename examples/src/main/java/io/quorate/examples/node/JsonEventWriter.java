package io.quorate.examples.node;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import io.quorate.examples.cli.JsonLines;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;

/** Writes news as JSON objects, each on a line of its own, for a program to read. */
final class JsonEventWriter implements EventWriter {

  private final JsonLines lines;

  JsonEventWriter(PrintWriter out) {
    lines = new JsonLines(out);
  }

  @Override
  public boolean write(ServerId self, News news) {
    return lines.write(
        json -> {
          json.writeStringField("at", news.at().toString());
          json.writeNumberField("nanos", news.nanos());
          json.writeNumberField("server", self.value());
          switch (news.what()) {
            case News.Told(ElectionEvent event) -> writeFields(json, event);
            case News.Valid(FencingToken token, Duration remaining) -> {
              json.writeStringField("event", "valid");
              json.writeNumberField("epoch", token.epoch());
              json.writeNumberField("remainingNanos", remaining.toNanos());
            }
          }
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
      case ElectionEvent.Granted(var token) -> {
        json.writeStringField("event", "granted");
        json.writeNumberField("epoch", token.epoch());
      }
      case ElectionEvent.Revoked(var token, var cause) -> {
        json.writeStringField("event", "revoked");
        json.writeNumberField("epoch", token.epoch());
        writeCause(json, cause);
      }
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

  private static void writeCause(JsonGenerator json, Revocation cause) throws IOException {
    switch (cause) {
      case Revocation.Resigned() -> json.writeStringField("cause", "resigned");
      case Revocation.HandedOff(ServerId to) -> {
        json.writeStringField("cause", "handedOff");
        if (to.equals(ServerId.NONE)) {
          json.writeNullField("to");
        } else {
          json.writeNumberField("to", to.value());
        }
      }
      case Revocation.QuorumLost() -> json.writeStringField("cause", "quorumLost");
      case Revocation.LeaseExpired() -> json.writeStringField("cause", "leaseExpired");
      case Revocation.ProcessPaused(Duration pause) -> {
        json.writeStringField("cause", "processPaused");
        json.writeNumberField("pauseNanos", pause.toNanos());
      }
      case Revocation.Superseded(long laterEpoch) -> {
        json.writeStringField("cause", "superseded");
        json.writeNumberField("laterEpoch", laterEpoch);
      }
      case Revocation.TaskFailed(Throwable failure) -> {
        json.writeStringField("cause", "taskFailed");
        json.writeStringField("failure", failure.toString());
      }
      case Revocation.Closed() -> json.writeStringField("cause", "closed");
      case Revocation.ServerFailed(String reason) -> {
        json.writeStringField("cause", "serverFailed");
        json.writeStringField("reason", reason);
      }
    }
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
