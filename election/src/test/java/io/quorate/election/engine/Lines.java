package io.quorate.election.engine;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.Event;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.Notification;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Surrender;
import io.quorate.protocol.UnknownExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an engine does, for people to read: a line each. */
final class Lines {
  private final long begin;

  /**
   * Writes nothing yet.
   *
   * @param begin the instant from which milliseconds are counted
   */
  Lines(long begin) {
    this.begin = begin;
  }

  /** Returns what happened, and what the algorithm was told meanwhile. */
  List<String> of(List<Output> outputs, List<Event> told) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i) instanceof Output.Transmit(ServerId to, Message said)) {
        var receivers = new ArrayList<>(List.of(to));
        while (i + 1 < outputs.size()
            && outputs.get(i + 1) instanceof Output.Transmit(ServerId next, Message same)
            && same.equals(said)) {
          receivers.add(next);
          i++;
        }
        lines.add("to " + ids(receivers) + ": " + line(said));
      } else {
        line(outputs.get(i)).ifPresent(lines::add);
      }
    }
    told.forEach(event -> lines.add("algorithm hears " + line(event)));
    return lines;
  }

  private static String ids(List<ServerId> ids) {
    return ids.stream().map(ServerId::toString).collect(Collectors.joining(","));
  }

  private Optional<String> line(Output output) {
    return switch (output) {
      case Output.Transmit(ServerId to, Message said) -> Optional.of("to " + to + ": " + said);
      case Output.SetTimer(Timer.OfEngine timer, Duration after) ->
          Optional.of("set " + timer + " " + ms(after));
      case Output.CancelTimer(Timer.OfEngine timer) -> Optional.of("cancel " + timer);
      case Output.SetTimer _, Output.CancelTimer _ -> Optional.empty();
      case Output.Persist(EpochState state) -> Optional.of("persist " + line(state));
      case Output.Grant(FencingToken token, long until) ->
          Optional.of("GRANT epoch " + token.epoch() + " until " + at(until));
      case Output.Renew(long epoch, long until) ->
          Optional.of("renew epoch " + epoch + " until " + at(until));
      case Output.Revoke(FencingToken token, Revocation cause) ->
          Optional.of("REVOKE epoch " + token.epoch() + ": " + line(cause));
      case Output.Confirmed(long request) -> Optional.of("confirmed " + request);
      case Output.Show(LeaderView view) -> Optional.of("show " + line(view));
      case Output.Tell(ElectionEvent event) -> line(event);
      case Output.Note(String line) -> Optional.of("note " + line);
      case Output.Blame(String what, Throwable cause) ->
          Optional.of("blame " + what + ": " + cause.getMessage());
      case Output.AskPosition() -> Optional.of("ask for the position");
      case Output.Left() -> Optional.of("LEFT");
      case Output.Stop(String reason) -> Optional.of("STOP " + reason);
    };
  }

  private String at(long instant) {
    return Duration.ofNanos(instant - begin).toMillis() + " ms";
  }

  private static String ms(Duration time) {
    return time.toMillis() + " ms";
  }

  private static String line(EpochState state) {
    return "epoch "
        + state.promisedEpoch()
        + " of "
        + state.promisedTo()
        + " life="
        + state.promisedInstance()
        + " led="
        + state.currentEpoch()
        + " grant="
        + ms(state.grant())
        + (state.clean() ? " clean" : "");
  }

  private static String line(LeaderView view) {
    return view.state()
        + view.leader().map(leader -> " leader=" + leader + " epoch=" + view.epoch()).orElse("")
        + (view.leader().isPresent() && !view.confirmed() ? " unconfirmed" : "")
        + " reachable="
        + ids(view.reachableVoters().stream().sorted().toList());
  }

  private static String line(Revocation cause) {
    return switch (cause) {
      case Revocation.ProcessPaused(Duration pause) -> "ProcessPaused for " + ms(pause);
      case Revocation.HandedOff(ServerId to) -> "HandedOff to " + named(to);
      case Revocation.Superseded(long epoch) -> "Superseded by epoch " + epoch;
      case Revocation.ServerFailed(String reason) -> "ServerFailed: " + reason;
      case Revocation.Resigned _,
          Revocation.QuorumLost _,
          Revocation.LeaseExpired _,
          Revocation.TaskFailed _,
          Revocation.Closed _ ->
          cause.getClass().getSimpleName();
    };
  }

  private static String named(ServerId id) {
    return id.equals(ServerId.NONE) ? "nobody" : id.toString();
  }

  /** Changes of links are what the story says; changes of state are shown. */
  private static Optional<String> line(ElectionEvent event) {
    return switch (event) {
      case ElectionEvent.Warning(String code, String detail) ->
          Optional.of("warn " + code + ": " + detail);
      case ElectionEvent.Granted _ -> Optional.of("tell Granted");
      case ElectionEvent.Revoked _ -> Optional.of("tell Revoked");
      case ElectionEvent.StateChange change ->
          Optional.of("tell " + change.getClass().getSimpleName());
      case ElectionEvent.LinkUp _,
          ElectionEvent.LinkDown _,
          ElectionEvent.Listening _,
          ElectionEvent.Elected _ ->
          Optional.empty();
    };
  }

  private static String line(Event event) {
    return switch (event) {
      case Event.Look _ -> "Look";
      case Event.NominationFailed _ -> "NominationFailed";
      case Event.Eligible(boolean may) -> "Eligible " + may;
      case Event.Led(ServerId leader) -> "Led " + leader;
      case Event.LinkUp(ServerId peer) -> "LinkUp " + peer;
      case Event.LinkDown(ServerId peer) -> "LinkDown " + peer;
      case Event.Unreachable(ServerId peer) -> "Unreachable " + peer;
      case Event.Recognized(ServerId peer) -> "Recognized " + peer;
      case Event.Heard(ServerId from, Notification _) -> "Heard " + from;
      case Event.TimerFired(String timer) -> "TimerFired " + timer;
      case Event.Reconfigured _ -> "Reconfigured";
    };
  }

  private static String line(Message message) {
    return switch (message) {
      case Hello said -> "hello priority=" + said.priority() + " promised=" + said.promisedEpoch();
      case Proposal said ->
          "proposal "
              + numbers(said.epoch(), said.sequence(), said.instance())
              + " grant="
              + ms(said.grant());
      case Heartbeat said ->
          "heartbeat "
              + numbers(said.epoch(), said.sequence(), said.instance())
              + " grant="
              + ms(said.grant());
      case Acknowledgement said -> "ack " + numbers(said.epoch(), said.sequence(), said.instance());
      case Refusal said ->
          "refusal epoch="
              + said.epoch()
              + " seq="
              + said.sequence()
              + " promised="
              + said.promisedEpoch()
              + " bound="
              + ms(said.boundFor());
      case Surrender said ->
          "surrender epoch="
              + said.epoch()
              + " life="
              + said.instance()
              + " to="
              + named(said.successor());
      case Notification _, UnknownExtension _ -> message.toString();
    };
  }

  private static String numbers(long epoch, long sequence, long life) {
    return "epoch=" + epoch + " seq=" + sequence + " life=" + life;
  }
}
