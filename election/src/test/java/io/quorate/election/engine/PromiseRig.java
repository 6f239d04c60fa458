package io.quorate.election.engine;

import io.quorate.election.ElectionTimings;
import io.quorate.election.Ensembles;
import io.quorate.election.LeaderView;
import io.quorate.election.LeaseTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.Event;
import io.quorate.protocol.ConfigDigest;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An engine with the promise on, an algorithm that does what it is told, a clock and timers. */
final class PromiseRig {

  /**
   * Whose engine.
   *
   * @param self its id; the ids of all go from 1 up, voters first
   * @param voters how many there are
   * @param observers how many more
   * @param priority its own
   * @param life its instance
   * @param fastFailover as configured
   * @param stored what was durable
   */
  record Who(
      long self,
      int voters,
      int observers,
      int priority,
      long life,
      boolean fastFailover,
      Optional<EpochState> stored) {}

  static final ConfigDigest OTHER_DIGEST = Ensembles.inMemory(7, 0).digest();

  /** Where the clock begins: not far from where it turns over. */
  static final long BEGIN = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

  private static final String SCRIPT = "script";

  private final EnsembleConfig ensemble;
  private final Who who;
  private final Engine engine;
  private final Map<Timer, Long> timers = new HashMap<>();
  private final Map<ServerId, Message> asked = new HashMap<>();
  private final List<Event> told = new ArrayList<>();
  private List<Action> script = List.of();
  private long round;

  /** Milliseconds since the begin. */
  private long now;

  PromiseRig(Who who) {
    this.who = who;
    this.ensemble = Ensembles.inMemory(who.voters(), who.observers());
    var context =
        new ElectionContext(
            ServerId.of(who.self()),
            QuorumVerifier.of(ensemble),
            ElectionTimings.lan(),
            ConfigText.of(ensemble));
    var promise =
        new EngineConfig.Promise(LeaseTimings.lan(), who.fastFailover(), who.life(), who.stored());
    var config =
        new EngineConfig(
            context, "quorate", ensemble.digest(), who.priority(), Optional.of(promise));
    engine = new Engine(config, Obedient::new, new Tally());
  }

  /** Does what the story says when its timer fires, and else nothing. */
  private final class Obedient implements ElectionAlgorithm {
    @Override
    public List<Action> on(Event event) {
      var actions = new ArrayList<Action>();
      if (event.equals(new Event.TimerFired(SCRIPT))) {
        actions.addAll(script);
        script = List.of();
      } else {
        told.add(event);
      }
      if (event instanceof Event.Look) {
        actions.add(new Action.Looking(++round));
      }
      actions.add(new Action.SetTimer(SCRIPT, Duration.ofDays(1)));
      return actions;
    }
  }

  ConfigDigest digest() {
    return ensemble.digest();
  }

  long life() {
    return who.life();
  }

  LeaderView view() {
    return engine.view();
  }

  /** Returns the epoch of what we last asked of a peer. */
  long lastEpoch(ServerId of) {
    return switch (asked.get(of)) {
      case Proposal said -> said.epoch();
      case Heartbeat said -> said.epoch();
      case null, default -> 0;
    };
  }

  long lastSequence(ServerId of) {
    return switch (asked.get(of)) {
      case Proposal said -> said.sequence();
      case Heartbeat said -> said.sequence();
      case null, default -> 0;
    };
  }

  /** The algorithm does this. */
  List<String> script(Action... actions) {
    script = List.of(actions);
    return on(new Input.TimerFired(new Timer.OfAlgorithm(SCRIPT)));
  }

  List<String> hear(ServerId from, Message message) {
    return on(new Input.Happened(new TransportEvent.Received(from, MessageCodec.encode(message))));
  }

  /** Gives an input, and answers when asked for the position; returns what happens, in lines. */
  List<String> on(Input input) {
    told.clear();
    var outputs = new ArrayList<>(engine.on(input, instant()));
    while (!outputs.isEmpty() && outputs.getLast() instanceof Output.AskPosition) {
      outputs.removeLast();
      outputs.addAll(engine.on(new Input.Positioned(EngineRig.HERE), instant()));
    }
    outputs.forEach(this::remember);
    return new Lines(BEGIN).of(outputs, told);
  }

  private void remember(Output output) {
    switch (output) {
      case Output.SetTimer(var timer, Duration after) -> timers.put(timer, now + after.toMillis());
      case Output.CancelTimer(var timer) -> timers.remove(timer);
      case Output.Transmit(ServerId to, Message said)
          when said instanceof Proposal || said instanceof Heartbeat ->
          asked.put(to, said);
      default -> {}
    }
  }

  private long instant() {
    return BEGIN + Duration.ofMillis(now).toNanos();
  }

  /** Time passes, and timers fire when they are due. */
  List<String> pass(long millis) {
    long end = now + millis;
    var lines = new ArrayList<String>();
    while (true) {
      Optional<Map.Entry<Timer, Long>> next =
          timers.entrySet().stream()
              .filter(due -> due.getKey() instanceof Timer.OfEngine && due.getValue() <= end)
              .min(
                  Map.Entry.<Timer, Long>comparingByValue()
                      .thenComparing(due -> due.getKey().toString()));
      if (next.isEmpty()) {
        break;
      }
      Timer timer = next.get().getKey();
      now = Math.max(now, next.get().getValue());
      timers.remove(timer);
      lines.add("at " + now + " ms " + timer);
      on(new Input.TimerFired(timer)).forEach(line -> lines.add("  " + line));
    }
    now = end;
    return lines;
  }

  /** Time passes, and the process does nothing. */
  List<String> sleep(long millis) {
    now += millis;
    return List.of();
  }
}
