package io.quorate.testkit.exhaustive;

import io.quorate.election.engine.Engine;
import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The states of the real engines. An engine cannot be copied: a state is remembered as the shortest
 * list of inputs that leads to it, which a new engine is given when a step from there is needed.
 */
final class Engines {

  /** Engines that are kept in the state in which they are. */
  private static final int MAX_SPARES = 20_000;

  private final Scenario scenario;
  private final List<ElectionContext> contexts;
  private final Map<Fingerprint.Print, Node> nodes = new HashMap<>();
  private final Queue<Node> spares = new ArrayDeque<>();

  /** One life of a server. */
  private record Life(int server, long instance, Optional<EpochState> stored) {}

  /** A state of an engine. */
  static final class Node {
    private final Life life;
    private final @Nullable Node before;
    private final Input input;
    private final long at;
    private final Fingerprint.Print print;
    private @Nullable Engine spare;

    private Node(Life life, @Nullable Node before, Input input, long at, Fingerprint.Print print) {
      this.life = life;
      this.before = before;
      this.input = input;
      this.at = at;
      this.print = print;
    }

    long instance() {
      return life.instance();
    }

    Fingerprint.Print print() {
      return print;
    }
  }

  /**
   * What a step leads to.
   *
   * @param node the next state
   * @param outputs what the engine asks for
   */
  record Step(Node node, List<Output> outputs) {}

  Engines(Scenario scenario) {
    this.scenario = scenario;
    this.contexts = IntStream.range(0, scenario.servers()).mapToObj(scenario::context).toList();
  }

  int size() {
    return nodes.size();
  }

  Step start(int server, long instance, Optional<EpochState> stored, long now) {
    var life = new Life(server, instance, stored);
    return take(make(life), life, null, new Input.Start(), now);
  }

  Step step(Node from, Input input, long now) {
    Engine engine = from.spare;
    from.spare = null;
    return take(engine == null ? repeat(from) : engine, from.life, from, input, now);
  }

  private Engine make(Life life) {
    ElectionContext context = contexts.get(life.server());
    return new Engine(
        scenario.config(context, life.instance(), life.stored()),
        () -> scenario.algorithm(context),
        _ -> {});
  }

  private Engine repeat(Node to) {
    var way = new ArrayDeque<Node>();
    for (Node at = to; at != null; at = at.before) {
      way.push(at);
    }
    Engine engine = make(to.life);
    way.forEach(at -> give(engine, at.input, at.at));
    return engine;
  }

  private Step take(Engine engine, Life life, @Nullable Node from, Input input, long now) {
    List<Output> outputs = give(engine, input, now);
    Node made = new Node(life, from, input, now, Fingerprint.of(List.of(life, engine)));
    Node known = nodes.putIfAbsent(made.print, made);
    Node node = known == null ? made : known;
    keep(engine, node);
    return new Step(node, outputs);
  }

  private void keep(Engine engine, Node node) {
    if (node.spare == null) {
      node.spare = engine;
      spares.add(node);
      if (spares.size() > MAX_SPARES) {
        spares.remove().spare = null;
      }
    }
  }

  private List<Output> give(Engine engine, Input input, long now) {
    var all = new ArrayList<>(engine.on(input, now));
    while (!all.isEmpty() && all.getLast() instanceof Output.AskPosition) {
      all.removeLast();
      all.addAll(engine.on(new Input.Positioned(Position.START), now));
    }
    return all;
  }
}
