package io.quorate.election.engine;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.engine.Timer.OfAlgorithm;
import io.quorate.election.engine.Timer.OfEngine;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.UnknownExtension;
import io.quorate.protocol.Vote;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A server's election as a state machine around the algorithm: an input goes in, outputs come out.
 * It turns bytes and links into the algorithm's events, and the algorithm's actions into messages,
 * timers and what is shown; and it decides what a nomination means. Like the algorithm it reads no
 * clock and does no IO. Not safe for use by several threads.
 *
 * <pre>
 *   transport --events--&gt; Engine --events--&gt; AlgorithmRunner --nominates--&gt; Tenure
 *                           ^                  contains the       who leads, by promise
 *   outputs &lt;---------------+                  algorithm          and lease
 *
 *                   the nominee has a quorum's promise (election only: at once)
 *   LOOKING  ------------------------------------------------&gt;  LEADING, FOLLOWING, OBSERVING
 *      ^                                                                       |
 *      +-----------------------------------------------------------------------+
 *          the leader gave up, its lease ran out, or it is silent or cut off
 *          (election only: the algorithm withdraws)
 * </pre>
 */
public final class Engine {

  /** Actions that an algorithm may ask for at one event. */
  public static final int MAX_ACTIONS = 16_384;

  /** Timers that an algorithm may have set at once. */
  public static final int MAX_TIMERS = 64;

  /** How often an algorithm may withdraw in a row in answer to nothing but {@link Event.Look}. */
  public static final int MAX_WITHDRAWALS_AT_ONCE = 8;

  /** Failures after which the server stops, unless {@link #STABLE_AFTER} passes between two. */
  public static final int MAX_FAILURES = 20;

  /** The wait before a new algorithm takes the place of a failed one; doubles each time. */
  public static final Duration RESTART_MIN = Duration.ofMillis(10);

  /** The longest such wait. */
  public static final Duration RESTART_MAX = Duration.ofSeconds(5);

  /** How long after a restart earlier failures are forgotten. */
  public static final Duration STABLE_AFTER = Duration.ofMinutes(1);

  /** The wait before an application that could not tell its position is asked again. */
  public static final Duration POSITION_RETRY = Duration.ofSeconds(1);

  private final EngineConfig config;
  private final ElectionContext context;
  private final Consumer<ElectionCounter> counters;
  private final MessageCodec codec = new MessageCodec();
  private final Links links = new Links();
  private final List<Output> out = new ArrayList<>();
  private final Shown shown;
  private final AlgorithmRunner algorithm;

  /** Nobody, with an election only. */
  private final Optional<Tenure> tenure;

  /** With an election only, whether we may lead. */
  private boolean wanted = true;

  /** What was last said of that. */
  private boolean eligible = true;

  private boolean stopped;

  /**
   * Makes the engine of one server.
   *
   * @param config who we are and what we promise
   * @param algorithms makes a new algorithm
   * @param counters told what happens
   */
  public Engine(
      EngineConfig config,
      Supplier<ElectionAlgorithm> algorithms,
      Consumer<ElectionCounter> counters) {
    this.config = config;
    this.context = config.context();
    this.counters = counters;
    this.shown = new Shown(context, links, counters, out);
    this.algorithm =
        new AlgorithmRunner(algorithms, counters, shown, out, new OwnerOfTheAlgorithm());
    Effects effects = new Effects(context.self(), links, out);
    this.tenure =
        config
            .promise()
            .map(ours -> new Tenure(config, ours, links, effects, new HostOfTheTenure()));
    this.eligible = isEligible();
  }

  /**
   * Returns what we know now.
   *
   * @return a snapshot
   */
  public LeaderView view() {
    return shown.view();
  }

  /**
   * Takes one step.
   *
   * @param input what happened
   * @param now the present time in nanoseconds of a monotonic clock, read after the input arrived
   * @return what to do, in this order
   */
  public List<Output> on(Input input, long now) {
    out.clear();
    if (stopped) {
      return List.of();
    }
    boolean answer = input instanceof Input.Positioned || input instanceof Input.NoPosition;
    if (answer != algorithm.mustLook()) {
      throw new IllegalStateException("a position is given when asked for, and then at once");
    }
    if (input instanceof Input.Start) {
      tenure.ifPresent(it -> it.start(now));
    }
    tenure.ifPresent(it -> it.tick(now));
    if (!answer) {
      algorithm.beginInput();
    }
    take(input);
    algorithm.endStep();
    if (algorithm.isStopped()) {
      String reason = algorithm.reasonToStop();
      tenure.ifPresent(it -> it.term().end(new Revocation.ServerFailed(reason)));
      stopped = true;
      out.add(new Output.Stop(reason));
    }
    return List.copyOf(out);
  }

  private void take(Input input) {
    switch (input) {
      case Input.Start() -> algorithm.start();
      case Input.Happened(TransportEvent event) -> onTransport(event);
      case Input.TimerFired(OfAlgorithm(String name)) -> algorithm.onTimer(name);
      case Input.TimerFired(OfEngine timer) -> onTimer(timer);
      case Input.Positioned(Position position) -> {
        out.add(new Output.CancelTimer(OfEngine.POSITION));
        algorithm.look(position);
      }
      case Input.NoPosition(Throwable cause) -> algorithm.lookWithoutPosition(cause);
      case Input.LookAgain() -> {
        tenure.ifPresent(it -> it.term().makeRoom());
        algorithm.lookAgain("told to");
      }
      case Input.Persisted() -> tenure.ifPresent(it -> it.term().onPersisted());
      case Input.PersistFailed(Throwable cause) -> onPersistFailed(cause);
      case Input.TermEnded(long epoch) -> tenure.ifPresent(it -> it.term().onTaskEnded(epoch));
      case Input.GiveUp(long epoch, var why) ->
          tenure.ifPresent(it -> it.term().giveUp(epoch, why));
      case Input.HandOff(var to, var cooldown) ->
          tenure.ifPresent(it -> it.term().handOff(to, cooldown));
      case Input.Eligible(boolean may) -> {
        wanted = may;
        tenure.ifPresentOrElse(it -> it.term().setWanted(may), this::onEligibility);
      }
      case Input.Confirm(long epoch, long request) ->
          tenure.ifPresent(it -> it.term().confirm(epoch, request));
      case Input.Leave() ->
          tenure.ifPresentOrElse(it -> it.term().leave(), () -> out.add(new Output.Left()));
    }
  }

  private void onTimer(OfEngine timer) {
    switch (timer) {
      case RESTART -> algorithm.start();
      case STABLE -> algorithm.forgetFailures();
      case POSITION -> {
        if (algorithm.looks()) {
          algorithm.lookAgain("the position was not known");
        }
      }
      case WARNINGS -> shown.endWarningSpell();
      case HEARTBEAT -> {
        tenure.ifPresent(it -> it.onTimer(timer));
        if (algorithm.looks()) {
          algorithm.remind(); // It may not have been ready to hear who leads.
        }
      }
      case PROPOSE,
          NOMINATION,
          LEASE,
          BOUND,
          SUSPECT,
          UNCONFIRMED,
          SUCCESSION,
          COOLDOWN,
          PREFERENCE ->
          tenure.ifPresent(it -> it.onTimer(timer));
    }
  }

  private void onPersistFailed(Throwable cause) {
    counters.accept(ElectionCounter.STORE_FAILURES);
    String line = cause.toString().lines().findFirst().orElse("");
    String reason = "the epoch store failed, so this server promises nothing any more: " + line;
    if (shown.warn("storeFailed", reason)) {
      out.add(new Output.Blame("the epoch store failed", cause));
    }
    tenure.ifPresent(it -> it.term().onPersistFailed(reason));
  }

  // ---- the transport ----

  private void onTransport(TransportEvent event) {
    switch (event) {
      case TransportEvent.Nothing() -> {}
      case TransportEvent.Received(ServerId from, byte[] message) -> onMessage(from, message);
      case TransportEvent.LinkUp(ServerId peer, String _) -> onLinkUp(peer);
      case TransportEvent.LinkDown(ServerId peer, DownCause cause, String _) ->
          onLinkDown(peer, cause);
      case TransportEvent.Unreachable(ServerId peer, UnreachableKind kind, String _) -> {
        links.notReached(peer);
        if (kind == UnreachableKind.REFUSED) {
          tenure.ifPresent(it -> it.onRefused(peer));
        }
        algorithm.feed(new Event.Unreachable(peer));
      }
      case TransportEvent.Listening(var address) -> {
        shown.tell(new ElectionEvent.Listening(address));
        tenure.ifPresent(it -> it.onListening(true));
      }
      case TransportEvent.NotListening(String reason) -> {
        shown.warn("notListening", reason);
        tenure.ifPresent(it -> it.onListening(false));
      }
      case TransportEvent.Warning(var code, String detail) ->
          shown.warn(CamelCase.of(code), detail);
    }
  }

  private void onLinkUp(ServerId peer) {
    links.up(peer);
    shown.linksChanged();
    shown.tellUp(peer);
    // First of all, so that the peer knows us when it hears our vote.
    out.add(new Output.Transmit(peer, hello()));
    tenure.ifPresent(it -> it.onLinkUp(peer));
    algorithm.feed(new Event.LinkUp(peer));
  }

  private void onLinkDown(ServerId peer, DownCause cause) {
    if (cause == DownCause.REPLACED) {
      // The pair is still linked: its new link is the next thing that we are told.
      links.replaced(peer);
      shown.tellDown(peer, cause);
      return;
    }
    links.down(peer);
    shown.linksChanged();
    shown.tellDown(peer, cause);
    tenure.ifPresent(it -> it.onLinkDown(peer, cause));
    algorithm.feed(new Event.LinkDown(peer));
  }

  private void onMessage(ServerId from, byte[] bytes) {
    if (links.hasSpoken(from)) {
      links.replay(from).forEach(algorithm::feed);
    }
    switch (codec.decode(bytes)) {
      case Decoded.Ok<Message>(Notification said) -> {
        counters.accept(ElectionCounter.NOTIFICATIONS_RECEIVED);
        if (!links.isRefused(from)) {
          algorithm.feed(new Event.Heard(from, said));
        }
      }
      case Decoded.Ok<Message>(Hello said) -> onHello(from, said);
      case Decoded.Ok<Message>(UnknownExtension _) ->
          counters.accept(ElectionCounter.UNKNOWN_EXTENSIONS);
      case Decoded.Ok<Message>(var frame) -> {
        counters.accept(ElectionCounter.FRAMES_RECEIVED);
        if (links.isRecognized(from)) {
          tenure.ifPresent(it -> it.onFrame(from, frame));
        }
      }
      case Decoded.Malformed<Message>(String reason) -> {
        counters.accept(ElectionCounter.NOTIFICATIONS_MALFORMED);
        shown.warn("malformedMessage", "server " + from + ": " + reason);
      }
    }
  }

  // ---- introductions ----

  private Hello hello() {
    return new Hello(
        Hello.CURRENT_PROTOCOL_VERSION,
        config.ensembleName(),
        config.digest(),
        eligible ? config.priority() : 0,
        tenure.map(Tenure::promisedEpoch).orElse(0L));
  }

  private void onHello(ServerId from, Hello said) {
    counters.accept(ElectionCounter.HELLOS_RECEIVED);
    if (!said.ensembleName().equals(config.ensembleName())) {
      counters.accept(ElectionCounter.ENSEMBLE_MISMATCHES);
      String names = said.ensembleName() + ", not " + config.ensembleName();
      shown.warn("ensembleMismatch", "server " + from + " belongs to " + names);
      refuse(from);
    } else if (!said.configDigest().equals(config.digest())) {
      counters.accept(ElectionCounter.CONFIG_MISMATCHES);
      shown.warn(
          "configMismatch", "server " + from + " is configured with other members or weights");
      refuse(from);
    } else {
      if (said.protocolVersion() != Hello.CURRENT_PROTOCOL_VERSION) {
        shown.warn(
            "protocolMismatch", "server " + from + " speaks version " + said.protocolVersion());
      }
      boolean first = links.recognize(from, said);
      if (first) {
        algorithm.feed(new Event.Recognized(from));
      }
      tenure.ifPresent(it -> it.onHello(from, said, first));
    }
  }

  /** Two configurations may have quorums that share nobody, so nothing of it counts. */
  private void refuse(ServerId peer) {
    if (!links.isRefused(peer)) {
      links.refuse(peer);
      shown.linksChanged();
      algorithm.feed(new Event.LinkDown(peer));
      algorithm.feed(new Event.Unreachable(peer));
    }
  }

  // ---- who may lead ----

  private boolean isEligible() {
    return tenure
        .map(it -> it.term().isEligible())
        .orElseGet(() -> wanted && config.priority() > 0);
  }

  private void onEligibility() {
    boolean may = isEligible();
    if (may != eligible) {
      eligible = may;
      algorithm.feed(new Event.Eligible(may));
      Hello hello = hello();
      links.recognized().forEach(peer -> out.add(new Output.Transmit(peer, hello)));
    }
  }

  private boolean hasLeader() {
    return tenure.flatMap(Tenure::leader).isPresent();
  }

  /** What the algorithm makes us do. */
  private final class OwnerOfTheAlgorithm implements AlgorithmRunner.Owner {
    @Override
    public void nominated(Vote vote, long round) {
      ServerId who = vote.leader();
      boolean may = context.voters().weight(who) > 0;
      if (!may || (who.equals(context.self()) && !eligible)) {
        counters.accept(ElectionCounter.NOMINATIONS_REFUSED);
        String why = may ? "it must not" : "it has no vote";
        shown.warn("nominationRefused", "server " + who + " cannot lead: " + why);
        algorithm.withdraw("server " + who + " cannot lead");
      } else if (tenure.isPresent()) {
        shown.elected(vote, round);
        tenure.get().nominated(who);
      } else {
        shown.settle(vote, round);
      }
    }

    @Override
    public void lookingIn(long round) {
      if (!hasLeader()) {
        shown.lookInRound(round);
      }
    }

    @Override
    public void withdrawn() {
      if (!hasLeader()) {
        shown.becomeLooking();
      }
      tenure.ifPresent(Tenure::withdrawn);
    }

    @Override
    public List<Event> knowledge() {
      List<Event> events = links.replay();
      if (!eligible) {
        events.addFirst(new Event.Eligible(false));
      }
      return events;
    }

    @Override
    public List<Event> reminder() {
      return tenure
          .flatMap(Tenure::leader)
          .map(leader -> List.<Event>of(new Event.Led(leader.id())))
          .orElse(List.of());
    }
  }

  /** What the promise and the lease make us do. */
  private final class HostOfTheTenure implements Host {
    @Override
    public void feed(Event event) {
      algorithm.feed(event);
    }

    @Override
    public void lookAgain(String reason) {
      algorithm.lookAgain(reason);
    }

    @Override
    public void leaderChanged() {
      tenure
          .flatMap(Tenure::leader)
          .ifPresentOrElse(
              leader -> shown.confirm(leader.id(), leader.epoch()), shown::becomeLooking);
    }

    @Override
    public void revoked(FencingToken token, Revocation cause) {
      shown.revoke(token, cause);
    }

    @Override
    public void suspect(ServerId peer) {
      counters.accept(ElectionCounter.LEADERS_SUSPECTED);
      links.suspect(peer);
      algorithm.feed(new Event.LinkDown(peer));
      algorithm.feed(new Event.Unreachable(peer));
    }

    @Override
    public void eligibilityChanged() {
      onEligibility();
    }

    @Override
    public void warn(String code, String detail) {
      shown.warn(code, detail);
    }
  }
}
