package io.quorate.election.engine;

import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionTimings;
import io.quorate.election.Ensembles;
import io.quorate.election.LeaderView;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** An engine with a scripted algorithm: the test is the driver, and no time passes. */
final class EngineRig {
  static final Position HERE = new Position(5, 2);
  static final EnsembleConfig ENSEMBLE = Ensembles.inMemory(3, 1);
  static final Hello HELLO =
      new Hello(Hello.CURRENT_PROTOCOL_VERSION, "quorate", ENSEMBLE.digest(), 1, 0);

  /** In the order in which they were made. */
  final List<ScriptedAlgorithm> algorithms = new ArrayList<>();

  final List<Output> outputs = new ArrayList<>();
  final Tally counters = new Tally();
  final EngineConfig config;
  private final Engine engine;
  private Optional<Throwable> noPosition = Optional.empty();
  private int positionsAsked;

  EngineRig(long self, Function<Event, List<Action>> script) {
    var context =
        new ElectionContext(
            ServerId.of(self),
            QuorumVerifier.of(ENSEMBLE),
            ElectionTimings.lan(),
            ConfigText.of(ENSEMBLE));
    config = new EngineConfig(context, "quorate", ENSEMBLE.digest(), 1, Optional.empty());
    engine =
        new Engine(
            config,
            () -> {
              algorithms.add(new ScriptedAlgorithm(script));
              return algorithms.getLast();
            },
            counters);
  }

  EngineRig start() {
    on(new Input.Start());
    return this;
  }

  /** From now on the application cannot tell its position. */
  void failPosition(Throwable cause) {
    noPosition = Optional.of(cause);
  }

  /** Gives an input, and answers when asked for the position; the outputs are those of both. */
  List<Output> on(Input input) {
    outputs.clear();
    List<Output> step = engine.on(input, 0);
    outputs.addAll(step);
    while (!step.isEmpty() && step.getLast() instanceof Output.AskPosition) {
      positionsAsked++;
      step =
          engine.on(
              noPosition.<Input>map(Input.NoPosition::new).orElse(new Input.Positioned(HERE)), 0);
      outputs.addAll(step);
    }
    return outputs;
  }

  List<Output> on(TransportEvent event) {
    return on(new Input.Happened(event));
  }

  List<Output> linkUp(long peer) {
    return on(new TransportEvent.LinkUp(ServerId.of(peer), "somewhere"));
  }

  List<Output> linkDown(long peer, TransportEvent.DownCause cause) {
    return on(new TransportEvent.LinkDown(ServerId.of(peer), cause, "by the test"));
  }

  List<Output> message(long from, Message message) {
    return bytes(from, MessageCodec.encode(message));
  }

  List<Output> bytes(long from, byte[] bytes) {
    return on(new TransportEvent.Received(ServerId.of(from), bytes));
  }

  List<Output> fire(Timer timer) {
    return on(new Input.TimerFired(timer));
  }

  LeaderView view() {
    return engine.view();
  }

  int positionsAsked() {
    return positionsAsked;
  }

  ScriptedAlgorithm algorithm() {
    return algorithms.getLast();
  }

  /** What the last input made the listeners hear. */
  List<ElectionEvent> told() {
    return outputs.stream()
        .filter(Output.Tell.class::isInstance)
        .map(output -> ((Output.Tell) output).event())
        .toList();
  }

  List<String> warnings() {
    return told().stream()
        .filter(ElectionEvent.Warning.class::isInstance)
        .map(event -> ((ElectionEvent.Warning) event).code())
        .toList();
  }
}
