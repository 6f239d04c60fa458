package io.quorate.election.core;

import io.quorate.election.Hierarchical;
import io.quorate.election.Joint;
import io.quorate.election.Majority;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.Notification;
import io.quorate.protocol.NotificationCodec;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A story of one server: commands at the start of a line, and what the server does in answer,
 * indented. Comments and empty lines stay where they are.
 *
 * <pre>
 *   # the story, in one line
 *   start server 1 of 1,2,3 [zxid=0x5] [epoch=1]        of {1,2,3} {4,5,6}: groups; 3*0: weight 0
 *   start server 1 of 1,2,3 eligible=0        it is told so before it looks
 *   link 2,3        unlink 2        unreachable 2        recognized 2,3
 *   hear 2 LOOKING leader=2 [zxid=0x5] [round=1] [epoch=1] [version=2] [layout=44]
 *   fire finalize      look       position zxid=0x6 [epoch=1]       nomination failed
 *   eligible yes       eligible no       led 2
 *   reconfigure 1,2,4               reconfigure 1,2,3 and 3,4,5: both count
 * </pre>
 */
final class Transcript {
  private @Nullable Subject subject;
  private final List<String> out = new ArrayList<>();

  private Transcript() {}

  /** Runs the commands of a transcript; returns it with the answers of now. */
  static String run(String text) {
    var transcript = new Transcript();
    for (String line : text.lines().toList()) {
      if (line.startsWith("#") || line.isBlank()) {
        transcript.out.add(line);
      } else if (!line.startsWith(" ")) {
        transcript.out.add(line);
        transcript.show(transcript.perform(line));
      }
    }
    return String.join("\n", transcript.out) + "\n";
  }

  private Subject subject() {
    if (subject == null) {
      throw new IllegalArgumentException("a transcript begins with a start");
    }
    return subject;
  }

  private List<Action> perform(String line) {
    var words = List.of(line.split(" "));
    var fields = fields(words);
    return switch (words.get(0)) {
      case "start" -> start(words, fields);
      case "link" -> forEach(words.get(1), Event.LinkUp::new);
      case "unlink" -> forEach(words.get(1), Event.LinkDown::new);
      case "unreachable" -> forEach(words.get(1), Event.Unreachable::new);
      case "recognized" -> forEach(words.get(1), Event.Recognized::new);
      case "hear" -> {
        Notification said = notification(ServerState.valueOf(words.get(2)), fields);
        yield forEach(words.get(1), from -> new Event.Heard(from, said));
      }
      case "fire" -> subject().fire(words.get(1));
      case "look" -> subject().look();
      case "position" -> {
        subject().moveTo(position(fields));
        yield List.of();
      }
      case "nomination" -> subject().feed(new Event.NominationFailed());
      case "eligible" -> subject().feed(new Event.Eligible(words.get(1).equals("yes")));
      case "led" -> forEach(words.get(1), Event.Led::new);
      case "reconfigure" ->
          subject().feed(new Event.Reconfigured(verifier(words.subList(1, words.size()))));
      default -> throw new IllegalArgumentException("no command: " + line);
    };
  }

  private List<Action> start(List<String> words, Map<String, Long> fields) {
    var ensemble =
        words.subList(4, words.size()).stream().filter(word -> !word.contains("=")).toList();
    var started =
        new Subject(
            ServerId.of(Long.parseLong(words.get(2))), verifier(ensemble), position(fields));
    subject = started;
    var actions = new ArrayList<Action>();
    if (fields.containsKey("eligible")) {
      actions.addAll(started.feed(new Event.Eligible(fields.getOrDefault("eligible", 1L) > 0)));
    }
    actions.addAll(started.look());
    return actions;
  }

  private List<Action> forEach(String ids, Function<ServerId, Event> event) {
    var actions = new ArrayList<Action>();
    for (String id : ids.split(",", -1)) {
      actions.addAll(subject().feed(event.apply(ServerId.of(Long.parseLong(id)))));
    }
    return actions;
  }

  // ---- reading ----

  private static Map<String, Long> fields(List<String> words) {
    var fields = new HashMap<String, Long>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        fields.put(word.substring(0, equals), number(word.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static long number(String text) {
    return text.equals("nobody") ? Long.MIN_VALUE : Long.decode(text);
  }

  private static Position position(Map<String, Long> fields) {
    return new Position(fields.getOrDefault("zxid", 0L), fields.getOrDefault("epoch", 0L));
  }

  private static QuorumVerifier verifier(List<String> words) {
    int and = words.indexOf("and");
    if (and > 0) {
      return new Joint(
          verifier(words.subList(0, and)), verifier(words.subList(and + 1, words.size())));
    }
    var weights = new TreeMap<ServerId, Long>();
    var groups = new TreeMap<Long, Set<ServerId>>();
    for (String word : words) {
      var group = new TreeSet<ServerId>();
      for (String member : word.replaceAll("[{}]", "").split(",", -1)) {
        var parts = member.split("\\*", -1);
        ServerId id = ServerId.of(Long.parseLong(parts[0]));
        group.add(id);
        weights.put(id, parts.length > 1 ? Long.parseLong(parts[1]) : 1L);
      }
      groups.put((long) groups.size(), group);
    }
    return words.size() == 1 && !words.get(0).contains("*")
        ? new Majority(weights.keySet())
        : new Hierarchical(weights.keySet(), groups, weights);
  }

  /** Builds the bytes where a layout is asked for, so that the codec has its say. */
  private static Notification notification(ServerState state, Map<String, Long> fields) {
    long leader = fields.getOrDefault("leader", Long.MIN_VALUE);
    Vote vote =
        leader == Long.MIN_VALUE
            ? Vote.NOBODY
            : Subject.vote(
                leader, fields.getOrDefault("zxid", 0L), fields.getOrDefault("epoch", 0L));
    long round = fields.getOrDefault("round", 1L);
    Notification said = Subject.says(state, vote, round);
    long layout = fields.getOrDefault("layout", 0L);
    if (layout == 0) {
      return said;
    }
    byte[] bytes = Arrays.copyOf(NotificationCodec.encode(said), Math.toIntExact(layout));
    return switch (new NotificationCodec().decode(bytes)) {
      case Decoded.Ok<Notification>(Notification decoded) -> decoded;
      case Decoded.Malformed<Notification>(String reason) ->
          throw new IllegalArgumentException(reason);
    };
  }

  // ---- writing ----

  private void show(List<Action> actions) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < actions.size(); i++) {
      if (!(actions.get(i) instanceof Action.Send(ServerId to, Notification said))) {
        lines.add(line(actions.get(i)));
        continue;
      }
      var receivers = new ArrayList<>(List.of(to));
      while (i + 1 < actions.size()
          && actions.get(i + 1) instanceof Action.Send(ServerId next, Notification same)
          && same.equals(said)) {
        receivers.add(next);
        i++;
      }
      lines.add(
          "tell "
              + receivers.stream().map(ServerId::toString).collect(Collectors.joining(","))
              + " "
              + said.state()
              + " "
              + show(said.vote())
              + " round="
              + said.round());
    }
    if (lines.isEmpty()) {
      lines.add("nothing");
    }
    lines.forEach(line -> out.add("  " + line));
  }

  private static String line(Action action) {
    return switch (action) {
      case Action.Send send -> throw new IllegalArgumentException("shown elsewhere: " + send);
      case Action.SetTimer(String timer, var after) ->
          "set " + timer + " " + after.toMillis() + " ms";
      case Action.CancelTimer(String timer) -> "cancel " + timer;
      case Action.Looking(long round) -> "looking in round " + round;
      case Action.Nominate(Vote vote, long round) -> "nominate " + show(vote) + " round=" + round;
      case Action.Withdraw(String reason) -> "withdraw: " + reason;
      case Action.Warn(String code, String detail) -> "warn " + code + ": " + detail;
    };
  }

  private static String show(Vote vote) {
    return vote.equals(Vote.NOBODY)
        ? "leader=nobody"
        : "leader="
            + vote.leader()
            + " zxid="
            + (vote.zxid() < 0 ? vote.zxid() : "0x" + Long.toHexString(vote.zxid()))
            + " epoch="
            + vote.peerEpoch();
  }
}
