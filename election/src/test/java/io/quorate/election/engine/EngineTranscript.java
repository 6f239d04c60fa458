package io.quorate.election.engine;

import static io.quorate.election.Ensembles.id;

import io.quorate.election.Revocation;
import io.quorate.election.engine.Timer.OfEngine;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Surrender;
import io.quorate.protocol.Vote;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A story of one server with the promise on: commands at the start of a line, and what its engine
 * does in answer, indented. Comments and empty lines stay where they are. The lease lasts 1000 ms,
 * the grant 1010 ms, silence 1200 ms; the clock turns over at 2000 ms.
 *
 * <pre>
 *   # the story, in one line
 *   start server 1 of 3+1 [priority=2] [fast=yes] [life=10]     3 voters, 1 observer
 *        [promised=5 to=2 of=20 [led=4] [grant=1010] [clean=no]]       what is stored
 *   link 2,3      meet 2,3 [priority=2] [promised=4] [ensemble=other] [config=other]
 *   hello 2 ...   as meet, on the link that is there
 *   unlink 2 CLOSED_BY_PEER     unreachable 2 REFUSED     deaf: it no longer listens
 *   nominate 2    withdraw      what the algorithm does; a withdrawal makes it look
 *   proposal 2 epoch=1 seq=1 [life=20] [grant=1010]       heartbeat 2 epoch=1 seq=1 ...
 *   ack 2,3 [epoch=1] [seq=1] [life=10]       without more: of what we said last
 *   refusal 2 epoch=1 seq=1 promised=3 [bound=0]        surrender 2 epoch=1 [life=20] [to=3]
 *   persisted     broken        the answers of the store
 *   wait 100      timers fire       sleep 100      they do not: the process is stopped
 *   ended 1       the task of that term has ended
 *   handoff [to=2] [cooldown=500]     giveup epoch=1     eligible yes      look     leave
 *   confirm epoch=1 request=7
 *   any of these, quietly: what it does in answer is left out
 * </pre>
 */
final class EngineTranscript {
  private @Nullable PromiseRig server;
  private final List<String> out = new ArrayList<>();

  private EngineTranscript() {}

  /** Runs the commands of a transcript; returns it with the answers of now. */
  static String run(String text) {
    var transcript = new EngineTranscript();
    for (String line : text.lines().toList()) {
      if (line.startsWith("#") || line.isBlank()) {
        transcript.out.add(line);
      } else if (!line.startsWith(" ")) {
        transcript.out.add(line);
        transcript.show(line, transcript.perform(List.of(line.split(" "))));
      }
    }
    return String.join("\n", transcript.out) + "\n";
  }

  private void show(String command, List<String> answers) {
    if (command.endsWith(" quietly")) {
      out.add("  ...");
    } else if (answers.isEmpty()) {
      out.add("  nothing");
    } else {
      answers.forEach(answer -> out.add("  " + answer));
    }
  }

  private PromiseRig server() {
    if (server == null) {
      throw new IllegalArgumentException("a transcript begins with a start");
    }
    return server;
  }

  private List<String> perform(List<String> words) {
    var fields = fields(words);
    String first = words.size() > 1 ? words.get(1) : "";
    return switch (words.getFirst()) {
      case "start" -> start(first, words, fields);
      case "link", "meet", "hello", "unlink", "unreachable", "deaf", "listen" ->
          link(words, first, fields);
      case "nominate" ->
          server().script(new Action.Nominate(new Vote(id(Long.parseLong(first)), 0, 0), 1));
      case "withdraw" -> server().script(new Action.Withdraw("told by the story"));
      case "proposal", "heartbeat", "ack", "refusal", "surrender" -> frame(words, fields);
      case "persisted" -> on(new Input.Persisted());
      case "broken" -> on(new Input.PersistFailed(new IOException("disk full")));
      case "wait" -> server().pass(Long.parseLong(first));
      case "sleep" -> server().sleep(Long.parseLong(first));
      case "fire" -> on(new Input.TimerFired(OfEngine.valueOf(first)));
      case "ended" -> on(new Input.TermEnded(Long.parseLong(first)));
      case "handoff" ->
          on(
              new Input.HandOff(
                  Optional.ofNullable(fields.get("to")).map(EngineTranscript::server),
                  ms(fields, "cooldown", 0)));
      case "giveup" -> on(new Input.GiveUp(number(fields, "epoch", 0), new Revocation.Resigned()));
      case "eligible" -> on(new Input.Eligible(first.equals("yes")));
      case "look" -> on(new Input.LookAgain());
      case "leave" -> on(new Input.Leave());
      case "confirm" ->
          on(new Input.Confirm(number(fields, "epoch", 0), number(fields, "request", 0)));
      default -> throw new IllegalArgumentException("no command: " + words);
    };
  }

  private List<String> on(Input input) {
    return server().on(input);
  }

  private List<String> start(String what, List<String> words, Map<String, String> fields) {
    if (!what.equals("server")) {
      throw new IllegalArgumentException("start what? " + words);
    }
    String[] size = words.get(4).split("\\+", -1);
    Optional<EpochState> stored =
        fields.containsKey("promised")
            ? Optional.of(
                new EpochState(
                    number(fields, "promised", 0),
                    id(number(fields, "to", 0)),
                    number(fields, "of", 0),
                    number(fields, "led", 0),
                    ms(fields, "grant", 1010),
                    !fields.getOrDefault("clean", "no").equals("no")))
            : Optional.empty();
    server =
        new PromiseRig(
            new PromiseRig.Who(
                Long.parseLong(words.get(2)),
                Integer.parseInt(size[0]),
                Integer.parseInt(size[1]),
                Math.toIntExact(number(fields, "priority", 1)),
                number(fields, "life", 10 * Long.parseLong(words.get(2))),
                fields.getOrDefault("fast", "no").equals("yes"),
                stored));
    List<String> said = on(new Input.Start());
    return fields.containsKey("fast") ? heard() : said;
  }

  /** Who may be taken for dead if nobody listens there does not lead before somebody does. */
  private List<String> heard() {
    return on(new Input.Happened(new TransportEvent.Listening(new InetSocketAddress(1))));
  }

  // ---- links ----

  private List<String> link(List<String> words, String peers, Map<String, String> fields) {
    var said = new ArrayList<String>();
    if (words.getFirst().equals("listen")) {
      return heard();
    }
    if (words.getFirst().equals("deaf")) {
      return on(new Input.Happened(new TransportEvent.NotListening("too many files")));
    }
    for (String peer : peers.split(",", -1)) {
      ServerId who = server(peer);
      switch (words.getFirst()) {
        case "link" -> said.addAll(happened(new TransportEvent.LinkUp(who, "there")));
        case "meet" -> {
          said.addAll(happened(new TransportEvent.LinkUp(who, "there")));
          said.addAll(hear(who, hello(fields)));
        }
        case "hello" -> said.addAll(hear(who, hello(fields)));
        case "unlink" ->
            said.addAll(
                happened(
                    new TransportEvent.LinkDown(who, DownCause.valueOf(words.get(2)), "story")));
        default ->
            said.addAll(
                happened(
                    new TransportEvent.Unreachable(
                        who, UnreachableKind.valueOf(words.get(2)), "story")));
      }
    }
    return said;
  }

  private List<String> happened(TransportEvent event) {
    return on(new Input.Happened(event));
  }

  private List<String> hear(ServerId from, Message message) {
    return server().hear(from, message);
  }

  private Hello hello(Map<String, String> fields) {
    return new Hello(
        Hello.CURRENT_PROTOCOL_VERSION,
        fields.getOrDefault("ensemble", "quorate"),
        fields.containsKey("config") ? PromiseRig.OTHER_DIGEST : server().digest(),
        Math.toIntExact(number(fields, "priority", 1)),
        number(fields, "promised", 0));
  }

  // ---- frames ----

  private List<String> frame(List<String> words, Map<String, String> fields) {
    var said = new ArrayList<String>();
    for (String peer : words.get(1).split(",", -1)) {
      ServerId from = server(peer);
      long epoch = number(fields, "epoch", server().lastEpoch(from));
      long sequence = number(fields, "seq", server().lastSequence(from));
      long life = number(fields, "life", 10 * from.value());
      Message message =
          switch (words.getFirst()) {
            case "proposal" -> new Proposal(epoch, sequence, life, ms(fields, "grant", 1010));
            case "heartbeat" -> new Heartbeat(epoch, sequence, life, ms(fields, "grant", 1010));
            case "ack" ->
                new Acknowledgement(epoch, sequence, number(fields, "life", server().life()));
            case "refusal" ->
                new Refusal(epoch, sequence, number(fields, "promised", 0), ms(fields, "bound", 0));
            default ->
                new Surrender(
                    epoch,
                    life,
                    fields.containsKey("to") ? id(number(fields, "to", 0)) : ServerId.NONE);
          };
      said.addAll(hear(from, message));
    }
    return said;
  }

  // ---- reading ----

  private static ServerId server(String word) {
    return id(Long.parseLong(word));
  }

  private static Map<String, String> fields(List<String> words) {
    var fields = new HashMap<String, String>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        fields.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return fields;
  }

  private static long number(Map<String, String> fields, String name, long otherwise) {
    String given = fields.get(name);
    return given == null ? otherwise : Long.decode(given);
  }

  private static Duration ms(Map<String, String> fields, String name, long otherwise) {
    return Duration.ofMillis(number(fields, name, otherwise));
  }
}
