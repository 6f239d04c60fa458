package io.quorate.election.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionTimings;
import io.quorate.election.Ensembles;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.LeaseTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Three engines that hear each other, on one clock. It checks at every step that at most one of
 * them leads, that no epoch is led twice, and that terms begin and end in order.
 */
final class EngineBus {
  private static final int SERVERS = 3;
  private static final Duration ON_THE_WAY = Duration.ofMillis(2);
  private static final Duration TO_THE_DISK = Duration.ofMillis(7);

  /** How long a task goes on when its term is over. */
  private static final Duration TO_END_A_TASK = Duration.ofMillis(30);

  /** Something that is going to happen; in order of time, then of when it was planned. */
  private record Plan(long at, long number, Runnable what) {}

  /** One server. */
  private static final class Node {
    final ServerId id;
    final Engine engine;
    final Map<Timer, Long> timers = new HashMap<>();
    @Nullable FencingToken leads;
    long validUntil;

    Node(ServerId id, Engine engine) {
      this.id = id;
      this.engine = engine;
    }
  }

  private final EnsembleConfig ensemble = Ensembles.inMemory(SERVERS, 0);
  private final Map<ServerId, Node> nodes = new TreeMap<>();
  private final PriorityQueue<Plan> plans =
      new PriorityQueue<>(Comparator.comparingLong(Plan::at).thenComparingLong(Plan::number));
  private final Set<ServerId> cutOff = new HashSet<>();
  private long now;
  private long planned;
  private long lastEpoch;
  private int terms;

  EngineBus(Function<ServerId, ElectionAlgorithm> algorithms) {
    for (int i = 1; i <= SERVERS; i++) {
      ServerId id = Ensembles.id(i);
      var context =
          new ElectionContext(
              id, QuorumVerifier.of(ensemble), ElectionTimings.lan(), ConfigText.of(ensemble));
      var promise = new EngineConfig.Promise(LeaseTimings.lan(), false, i, Optional.empty());
      var config = new EngineConfig(context, "quorate", ensemble.digest(), 1, Optional.of(promise));
      nodes.put(id, new Node(id, new Engine(config, () -> algorithms.apply(id), new Tally())));
    }
    nodes.values().forEach(node -> step(node, new Input.Start()));
    nodes.values().forEach(this::linkAll);
  }

  /** Returns how many terms have begun. */
  int terms() {
    return terms;
  }

  Optional<ServerId> leader() {
    return nodes.values().stream()
        .filter(node -> node.leads != null && node.validUntil > now)
        .map(node -> node.id)
        .findFirst();
  }

  LeaderView view(ServerId of) {
    return node(of).engine.view();
  }

  private Node node(ServerId id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new IllegalArgumentException("no server " + id);
    }
    return node;
  }

  private void linkAll(Node node) {
    nodes.values().stream()
        .filter(other -> other != node)
        .forEach(other -> happens(node, new TransportEvent.LinkUp(other.id, "bus")));
  }

  private void happens(Node node, TransportEvent event) {
    step(node, new Input.Happened(event));
  }

  /** Nobody hears this server any more, nor does it hear anybody. */
  void cutOff(ServerId id) {
    cutOff.add(id);
    for (Node other : nodes.values()) {
      if (!other.id.equals(id)) {
        happens(other, new TransportEvent.LinkDown(id, DownCause.FAILED, "cut"));
        happens(node(id), new TransportEvent.LinkDown(other.id, DownCause.FAILED, "cut"));
      }
    }
  }

  void reconnect(ServerId id) {
    cutOff.remove(id);
    for (Node other : nodes.values()) {
      if (!other.id.equals(id)) {
        happens(other, new TransportEvent.LinkUp(id, "bus"));
        happens(node(id), new TransportEvent.LinkUp(other.id, "bus"));
      }
    }
  }

  /** Lets time pass. */
  void run(Duration time) {
    long end = now + time.toNanos();
    while (!plans.isEmpty() && plans.peek().at() <= end) {
      Plan next = plans.remove();
      now = next.at();
      next.what().run();
    }
    now = end;
  }

  private void plan(Duration after, Runnable what) {
    plans.add(new Plan(now + after.toNanos(), planned++, what));
  }

  private void step(Node node, Input input) {
    for (Output output : node.engine.on(input, now)) {
      perform(node, output);
    }
  }

  private void perform(Node node, Output output) {
    switch (output) {
      case Output.Transmit(ServerId to, var message) -> {
        byte[] bytes = MessageCodec.encode(message);
        plan(ON_THE_WAY, () -> deliver(node, node(to), bytes));
      }
      case Output.SetTimer(Timer timer, Duration after) -> {
        long number = planned;
        node.timers.put(timer, number);
        plan(after, () -> fire(node, timer, number));
      }
      case Output.CancelTimer(Timer timer) -> node.timers.remove(timer);
      case Output.Persist _ -> plan(TO_THE_DISK, () -> step(node, new Input.Persisted()));
      case Output.Grant(FencingToken token, long until) -> granted(node, token, until);
      case Output.Renew(long _, long until) -> node.validUntil = until;
      case Output.Revoke(FencingToken token, var _) -> {
        assertEquals(token, node.leads, "only what was granted is revoked");
        node.leads = null;
        plan(TO_END_A_TASK, () -> step(node, new Input.TermEnded(token.epoch())));
      }
      case Output.AskPosition() -> step(node, new Input.Positioned(EngineRig.HERE));
      case Output.Stop(String reason) -> throw new AssertionError(reason);
      case Output.Confirmed _,
          Output.Show _,
          Output.Tell _,
          Output.Note _,
          Output.Blame _,
          Output.Left _ -> {}
    }
  }

  private void deliver(Node from, Node to, byte[] bytes) {
    if (!cutOff.contains(from.id) && !cutOff.contains(to.id)) {
      happens(to, new TransportEvent.Received(from.id, bytes));
    }
  }

  private void fire(Node node, Timer timer, long number) {
    if (node.timers.remove(timer, number)) {
      step(node, new Input.TimerFired(timer));
    }
  }

  private void granted(Node node, FencingToken token, long until) {
    assertEquals(Optional.empty(), leader(), "nobody else leads when " + token + " begins");
    assertEquals(node.id, token.leader());
    assertTrue(token.epoch() > lastEpoch, token + " begins after epoch " + lastEpoch);
    assertTrue(until > now, "a term is valid when it begins");
    lastEpoch = token.epoch();
    node.leads = token;
    node.validUntil = until;
    terms++;
  }
}
