package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderView;
import io.quorate.election.driver.Timer.OfAlgorithm;
import io.quorate.election.driver.Timer.OfEngine;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Surrender;
import io.quorate.protocol.UnknownExtension;
import io.quorate.protocol.Vote;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server's election as a state machine around the algorithm: an input goes in, outputs come out.
 * It turns bytes and links into the algorithm's events, and the algorithm's actions into messages,
 * timers and what is shown; it decides what a nomination means; and it contains an algorithm that
 * fails. Like the algorithm it reads no clock and does no IO. Not safe for use by several threads.
 *
 * <pre>
 *                      Nominate somebody who can lead
 *   LOOKING  ------------------------------------------------&gt;  LEADING, FOLLOWING, OBSERVING
 *      ^                                                                       |
 *      +-----------------------------------------------------------------------+
 *          Withdraw; Looking; told to look again; the algorithm failed
 * </pre>
 */
final class Engine {

  /** Actions that an algorithm may ask for at one event. */
  static final int MAX_ACTIONS = 16_384;

  /** Timers that an algorithm may have set at once. */
  static final int MAX_TIMERS = 64;

  /** How often an algorithm may withdraw in a row in answer to nothing but {@link Event.Look}. */
  static final int MAX_WITHDRAWALS_AT_ONCE = 8;

  /** Failures after which the server stops, unless {@link #STABLE_AFTER} passes between two. */
  static final int MAX_FAILURES = 20;

  /** The wait before a new algorithm takes the place of a failed one; doubles each time. */
  static final Duration RESTART_MIN = Duration.ofMillis(10);

  /** The longest such wait. */
  static final Duration RESTART_MAX = Duration.ofSeconds(5);

  /** How long after a restart earlier failures are forgotten. */
  static final Duration STABLE_AFTER = Duration.ofMinutes(1);

  /** The wait before an application that could not tell its position is asked again. */
  static final Duration POSITION_RETRY = Duration.ofSeconds(1);

  private final ElectionContext context;
  private final Supplier<ElectionAlgorithm> algorithms;
  private final Hello hello;
  private final Counters counters;
  private final MessageCodec codec = new MessageCodec();
  private final Links links = new Links();
  private final List<Output> out = new ArrayList<>();
  private final Shown shown;

  private @Nullable ElectionAlgorithm algorithm;
  private final Set<String> algorithmTimers = new HashSet<>();

  /** What a new algorithm has yet to be told of the links. */
  private final ArrayDeque<Event> replay = new ArrayDeque<>();

  /** The algorithm is to look before it hears of anything else. */
  private boolean mustLook;

  private boolean stopped;
  private int withdrawalsAtOnce;
  private int failures;
  private int restarts;

  /**
   * Makes the engine of one server.
   *
   * @param context what the algorithm knows of its surroundings
   * @param algorithms makes a new algorithm
   * @param hello how we introduce ourselves on a new link
   * @param counters where things are counted
   */
  Engine(
      ElectionContext context,
      Supplier<ElectionAlgorithm> algorithms,
      Hello hello,
      Counters counters) {
    this.context = context;
    this.algorithms = algorithms;
    this.hello = hello;
    this.counters = counters;
    this.shown = new Shown(context, links, counters, out);
  }

  /** Returns what we know now. */
  LeaderView view() {
    return shown.view();
  }

  /** Takes one step. */
  List<Output> on(Input input) {
    out.clear();
    if (stopped) {
      return List.of();
    }
    boolean answer = input instanceof Input.Positioned || input instanceof Input.NoPosition;
    if (answer != mustLook) {
      throw new IllegalStateException("a position is given when asked for, and then at once");
    }
    switch (input) {
      case Input.Start() -> mustLook = true;
      case Input.Happened(TransportEvent event) -> onTransport(event);
      case Input.TimerFired(OfAlgorithm(String name)) -> onAlgorithmTimer(name);
      case Input.TimerFired(OfEngine timer) -> onTimer(timer);
      case Input.Positioned(Position position) -> {
        out.add(new Output.CancelTimer(OfEngine.POSITION));
        look(position);
      }
      case Input.NoPosition(Throwable cause) -> lookWithoutPosition(cause);
      case Input.LookAgain() -> lookAgain("told to");
    }
    if (mustLook) {
      out.add(new Output.AskPosition());
    } else {
      shown.tellLooking();
    }
    return List.copyOf(out);
  }

  // ---- the transport ----

  private void onTransport(TransportEvent event) {
    switch (event) {
      case TransportEvent.Nothing() -> {}
      case TransportEvent.Received(ServerId from, byte[] message) -> onMessage(from, message);
      case TransportEvent.LinkUp(ServerId peer, String _) -> onLinkUp(peer);
      case TransportEvent.LinkDown(ServerId peer, DownCause cause, String _) ->
          onLinkDown(peer, cause);
      case TransportEvent.Unreachable(ServerId peer, var _, String _) -> {
        links.notReached(peer);
        feed(new Event.Unreachable(peer));
      }
      case TransportEvent.Listening(var address) ->
          shown.tell(new ElectionEvent.Listening(address));
      case TransportEvent.NotListening(String reason) -> shown.warn("notListening", reason);
      case TransportEvent.Warning(var code, String detail) ->
          shown.warn(Counters.camelCase(code), detail);
    }
  }

  private void onLinkUp(ServerId peer) {
    links.up(peer);
    shown.linksChanged();
    shown.tell(new ElectionEvent.LinkUp(peer));
    // First of all, so that the peer knows us when it hears our vote.
    out.add(new Output.Transmit(peer, hello));
    feed(new Event.LinkUp(peer));
  }

  private void onLinkDown(ServerId peer, DownCause cause) {
    if (cause == DownCause.REPLACED) {
      // The pair is still linked: its new link is the next thing that we are told.
      links.replaced(peer);
      shown.tell(new ElectionEvent.LinkDown(peer, cause));
      return;
    }
    links.down(peer);
    shown.linksChanged();
    shown.tell(new ElectionEvent.LinkDown(peer, cause));
    feed(new Event.LinkDown(peer));
  }

  private void onMessage(ServerId from, byte[] bytes) {
    switch (codec.decode(ByteBuffer.wrap(bytes))) {
      case Decoded.Ok<Message>(Notification said) -> {
        counters.count(ElectionCounter.NOTIFICATIONS_RECEIVED);
        feed(new Event.Heard(from, said));
      }
      case Decoded.Ok<Message>(Hello said) -> onHello(from, said);
      case Decoded.Ok<Message>(Proposal _),
          Decoded.Ok<Message>(Acknowledgement _),
          Decoded.Ok<Message>(Refusal _),
          Decoded.Ok<Message>(Heartbeat _),
          Decoded.Ok<Message>(Surrender _),
          Decoded.Ok<Message>(UnknownExtension _) ->
          counters.count(ElectionCounter.UNKNOWN_EXTENSIONS);
      case Decoded.Malformed<Message>(String reason) -> {
        counters.count(ElectionCounter.NOTIFICATIONS_MALFORMED);
        shown.warn("malformedMessage", "server " + from + ": " + reason);
      }
    }
  }

  private void onHello(ServerId from, Hello said) {
    counters.count(ElectionCounter.HELLOS_RECEIVED);
    if (!said.ensembleName().equals(hello.ensembleName())) {
      counters.count(ElectionCounter.ENSEMBLE_MISMATCHES);
      shown.warn(
          "ensembleMismatch",
          "server "
              + from
              + " belongs to "
              + said.ensembleName()
              + ", not "
              + hello.ensembleName());
      return;
    }
    if (said.protocolVersion() != hello.protocolVersion()) {
      shown.warn(
          "protocolMismatch", "server " + from + " speaks version " + said.protocolVersion());
    }
    if (!said.configDigest().equals(hello.configDigest())) {
      counters.count(ElectionCounter.CONFIG_MISMATCHES);
      shown.warn(
          "configMismatch", "server " + from + " is configured with other members or weights");
    }
    if (links.recognize(from)) {
      feed(new Event.Recognized(from));
    }
  }

  // ---- looking ----

  private void lookAgain(String reason) {
    if (algorithm != null) {
      withdraw(reason);
    }
  }

  private void withdraw(String reason) {
    counters.count(ElectionCounter.WITHDRAWALS);
    out.add(new Output.Note("looks again: " + reason));
    shown.becomeLooking();
    mustLook = true;
  }

  private void lookWithoutPosition(Throwable cause) {
    counters.count(ElectionCounter.POSITION_FAILURES);
    blame("positionFailed", "the application cannot tell its position", cause);
    out.add(new Output.SetTimer(OfEngine.POSITION, POSITION_RETRY));
    look(Position.NO_STATE);
  }

  private void look(Position position) {
    mustLook = false;
    counters.count(ElectionCounter.ELECTIONS_STARTED);
    shown.becomeLooking();
    if (algorithm == null) {
      begin();
    }
    feed(new Event.Look(position));
    if (mustLook && ++withdrawalsAtOnce >= MAX_WITHDRAWALS_AT_ONCE) {
      shown.warn(
          "withdrawnAtOnce", withdrawalsAtOnce + " times in a row; a new algorithm begins later");
      restartLater();
    } else if (!mustLook) {
      withdrawalsAtOnce = 0;
      while (!mustLook && !replay.isEmpty()) {
        feed(replay.remove());
      }
    }
  }

  // ---- the algorithm ----

  private void begin() {
    replay.clear();
    try {
      algorithm = requireResult(algorithms.get());
      replay.addAll(links.replay());
    } catch (Throwable cause) {
      failed(cause);
    }
  }

  private void feed(Event event) {
    if (algorithm == null) {
      return;
    }
    List<Action> actions;
    try {
      actions = List.copyOf(requireFew(requireResult(algorithm.on(event))));
    } catch (Throwable cause) {
      failed(cause);
      return;
    }
    for (Action action : actions) {
      if (algorithm != null) {
        perform(action);
      }
    }
  }

  private void onAlgorithmTimer(String name) {
    if (algorithmTimers.remove(name)) {
      feed(new Event.TimerFired(name));
    }
  }

  private void onTimer(OfEngine timer) {
    switch (timer) {
      case RESTART -> mustLook = true;
      case STABLE -> {
        failures = 0;
        restarts = 0;
      }
      case POSITION -> {
        if (shown.isLooking()) {
          lookAgain("the position was not known");
        }
      }
      case WARNINGS -> shown.endWarningSpell();
    }
  }

  private void failed(Throwable cause) {
    counters.count(ElectionCounter.ALGORITHM_FAILURES);
    failures++;
    blame("algorithmFailed", "the election algorithm failed", cause);
    restartLater();
    if (failures >= MAX_FAILURES) {
      shown.tellLooking();
      stopped = true;
      out.add(new Output.Stop("the election algorithm failed " + failures + " times"));
    }
  }

  /** Lets go of the present algorithm; a new one begins after a wait that grows. */
  private void restartLater() {
    algorithm = null;
    replay.clear();
    algorithmTimers.forEach(name -> out.add(new Output.CancelTimer(new OfAlgorithm(name))));
    algorithmTimers.clear();
    withdrawalsAtOnce = 0;
    shown.becomeLooking();
    mustLook = false;
    Duration wait = RESTART_MIN.multipliedBy(1L << Math.min(restarts++, 30));
    out.add(
        new Output.SetTimer(
            OfEngine.RESTART, wait.compareTo(RESTART_MAX) < 0 ? wait : RESTART_MAX));
    out.add(new Output.SetTimer(OfEngine.STABLE, RESTART_MAX.plus(STABLE_AFTER)));
  }

  // ---- what the algorithm asks for ----

  private void perform(Action action) {
    switch (action) {
      case Action.Send(ServerId to, Notification notification) ->
          out.add(new Output.Transmit(to, notification));
      case Action.SetTimer(String name, Duration after) -> setTimer(name, after);
      case Action.CancelTimer(String name) -> {
        if (algorithmTimers.remove(name)) {
          out.add(new Output.CancelTimer(new OfAlgorithm(name)));
        }
      }
      case Action.Looking(long round) -> shown.lookInRound(round);
      case Action.Nominate(Vote vote, long round) -> nominate(vote, round);
      case Action.Withdraw(String reason) -> withdraw(reason);
      case Action.Warn(String code, String detail) -> {
        counters.count(ElectionCounter.VOTES_IGNORED);
        shown.warn(code, detail);
      }
    }
  }

  private void setTimer(String name, Duration after) {
    algorithmTimers.add(name);
    if (algorithmTimers.size() > MAX_TIMERS) {
      failed(new IllegalStateException("more than " + MAX_TIMERS + " timers are set"));
    } else {
      out.add(new Output.SetTimer(new OfAlgorithm(name), after));
    }
  }

  /** Without a promise or a lease a nominee leads as soon as it is nominated. */
  private void nominate(Vote vote, long round) {
    ServerId leader = vote.leader();
    if (context.voters().weight(leader) <= 0) {
      counters.count(ElectionCounter.NOMINATIONS_REFUSED);
      shown.warn("nominationRefused", "server " + leader + " cannot lead: it has no vote");
      withdraw("server " + leader + " cannot lead");
      return;
    }
    shown.settle(vote, round);
  }

  /** Tells it in one line and logs the cause, as often as warnings are told. */
  private void blame(String code, String what, Throwable cause) {
    String line = cause.toString().lines().findFirst().orElse("");
    if (shown.warn(code, what + ": " + line)) {
      out.add(new Output.Blame(what, cause));
    }
  }

  private static <T> T requireResult(@Nullable T result) {
    if (result == null) {
      throw new IllegalStateException("it returned null");
    }
    return result;
  }

  private static List<Action> requireFew(List<Action> actions) {
    if (actions.size() > MAX_ACTIONS) {
      throw new IllegalStateException("it asked for " + actions.size() + " actions at once");
    }
    return actions;
  }
}
