package io.quorate.testkit.exhaustive;

import static io.quorate.testkit.exhaustive.Queues.DOWN;
import static io.quorate.testkit.exhaustive.Queues.EMPTY;

import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Proposal;
import io.quorate.testkit.exhaustive.Choice.Kind;
import io.quorate.testkit.exhaustive.ServerState.Armed;
import io.quorate.testkit.exhaustive.Servers.Effect;
import io.quorate.testkit.exhaustive.Servers.Sent;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a small world: which choices a state has, and what each leads to. There is one clock
 * for all. Only a timer that fires moves it; everything else may come before or after.
 *
 * <p>A state is a few ints, each the number of something that is remembered once:
 *
 * <pre>
 *   time | history | bounds left | links | a state of each server | a queue of each direction
 * </pre>
 *
 * Links carry messages in order. One that breaks loses what is under way, each end is told later,
 * and it comes up at both ends at once. From a process that dies everything still arrives before
 * its peers are told.
 */
final class SmallWorld {
  private static final int TIME = 0;
  private static final int HISTORY = 1;
  private static final int LEFT = 2;
  private static final int LINKS = 3;
  private static final int SERVERS = 4;

  /** More choices than any state has. */
  static final int MAX_CHOICES = 128;

  private final Scenario scenario;
  private final int count;
  private final Servers servers;
  private final Queues queues;
  private final Interner<Long> times = new Interner<>();
  private final Interner<History> histories = new Interner<>();
  private final List<Input> inputs = new ArrayList<>();
  private final Interner<Object> inputKeys = new Interner<>();

  /** What the last choice made servers do. */
  private final List<Effect> effects = new ArrayList<>();

  /** Of a crash: what was to be written is durable, and nobody was told. */
  static final int WRITTEN = 1;

  /** The least that a message can ask for. */
  private static final Duration NEXT_TO_NOTHING = Duration.ofMillis(1);

  private record Heard(int from, int item) {}

  SmallWorld(Scenario scenario) {
    this.scenario = scenario;
    this.count = scenario.servers();
    this.servers = new Servers(scenario);
    this.queues = new Queues(scenario.replacing());
  }

  /** Returns the most terms that were granted on one path. */
  int mostTerms() {
    int most = 0;
    for (int number = 0; number < histories.size(); number++) {
      most = Math.max(most, histories.get(number).leaders().size());
    }
    return most;
  }

  Engines engines() {
    return servers.engines();
  }

  /** Returns how many ints a state has. */
  int length() {
    return SERVERS + count + count * count;
  }

  /** No process has ever run. */
  int[] nothing() {
    var state = new int[length()];
    state[TIME] = times.of(0L);
    state[HISTORY] = histories.of(History.EMPTY);
    state[LEFT] = scenario.bounds().all();
    for (int server = 0; server < count; server++) {
      state[SERVERS + server] = servers.of(ServerState.absent(server));
    }
    return state;
  }

  // ---- what a state says ----

  long now(int[] state) {
    return times.get(state[TIME]);
  }

  ServerState server(int[] state, int server) {
    return servers.get(state[SERVERS + server]);
  }

  History history(int[] state) {
    return histories.get(state[HISTORY]);
  }

  private int way(int from, int to) {
    return SERVERS + count + from * count + to;
  }

  Optional<Message> firstOf(int[] state, int from, int to) {
    int queue = state[way(from, to)];
    return queue == EMPTY || queues.head(queue) == DOWN
        ? Optional.empty()
        : Optional.of(queues.message(queues.head(queue)));
  }

  private int link(int one, int other) {
    return 1 << (Math.min(one, other) * count + Math.max(one, other));
  }

  private boolean isLinked(int[] state, int one, int other) {
    return (state[LINKS] & link(one, other)) != 0;
  }

  int serverOf(Effect effect) {
    return servers.get(effect.next()).server();
  }

  List<Effect> effects() {
    return List.copyOf(effects);
  }

  // ---- choices ----

  /** Finds the choices of a state, with timers that are due by an instant; returns how many. */
  int choices(int[] state, long end, int[] into) {
    int found = 0;
    int left = state[LEFT];
    long earliest = earliest(state);
    for (int a = 0; a < count; a++) {
      ServerState server = server(state, a);
      if (!server.runs()) {
        into[found++] = Choice.of(Kind.START, a, 0);
        continue;
      }
      long due = server.timers().isEmpty() ? Long.MAX_VALUE : server.timers().getFirst().due();
      if (due <= end && (due <= earliest || Bounds.has(left, Bounds.LATE))) {
        for (int timer = 0; timer < server.earliest(); timer++) {
          into[found++] = Choice.of(Kind.FIRE, a, timer);
        }
      }
      if (server.writing().isPresent()) {
        into[found++] = Choice.of(Kind.WRITE, a, 0);
      }
      if (server.ending() != 0) {
        into[found++] = Choice.of(Kind.END_TASK, a, 0);
      }
      if (Bounds.has(left, Bounds.CRASH)) {
        into[found++] = Choice.of(Kind.CRASH, a, 0);
        if (server.writing().isPresent()) {
          into[found++] = Choice.of(Kind.CRASH, a, WRITTEN);
        }
      }
      if (Bounds.has(left, Bounds.COMMAND)) {
        into[found++] = Choice.of(Kind.LEAVE, a, 0);
        if (server.term().isPresent()) {
          into[found++] = Choice.of(Kind.HAND_OFF, a, 0);
        }
      }
    }
    return linkChoices(state, into, found);
  }

  private int linkChoices(int[] state, int[] into, int before) {
    int found = before;
    int left = state[LEFT];
    for (int a = 0; a < count; a++) {
      for (int b = 0; b < count; b++) {
        int queue = state[way(a, b)];
        if (queue != EMPTY) {
          into[found++] = Choice.of(Kind.DELIVER, a, b);
          if (queues.head(queue) != DOWN && Bounds.has(left, Bounds.LOSS)) {
            into[found++] = Choice.of(Kind.LOSE, a, b);
          }
        }
        if (a >= b) {
          continue;
        }
        if (isLinked(state, a, b)) {
          if (Bounds.has(left, Bounds.BREAK)) {
            into[found++] = Choice.of(Kind.BREAK, a, b);
          }
        } else if (server(state, a).runs() && server(state, b).runs()) {
          into[found++] = Choice.of(Kind.CONNECT, a, b);
        }
      }
    }
    return found;
  }

  /** Returns when the first timer of all is due. */
  private long earliest(int[] state) {
    long earliest = Long.MAX_VALUE;
    for (int server = 0; server < count; server++) {
      List<Armed> timers = server(state, server).timers();
      if (!timers.isEmpty()) {
        earliest = Math.min(earliest, timers.getFirst().due());
      }
    }
    return earliest;
  }

  /** Returns whether no other timer is due before the one of this choice. */
  boolean isInTime(int[] state, int choice) {
    Choice it = Choice.of(choice);
    return server(state, it.a()).timers().get(it.b()).due() <= earliest(state);
  }

  // ---- what they lead to ----

  /**
   * Makes of a state the one that a choice leads to.
   *
   * @throws Violation if that breaks a rule
   */
  void apply(int[] state, int choice) {
    effects.clear();
    Choice it = Choice.of(choice);
    int a = it.a();
    int b = it.b();
    switch (it.kind()) {
      case DELIVER -> deliver(state, a, b);
      case LOSE -> {
        take(state, Bounds.LOSS);
        state[way(a, b)] = queues.tail(state[way(a, b)]);
      }
      case FIRE -> fire(state, a, b);
      case WRITE -> write(state, a);
      case END_TASK -> step(state, a, new Input.TermEnded(server(state, a).ending()));
      case START -> perform(state, a, servers.begin(state[SERVERS + a], now(state)));
      case CRASH -> {
        take(state, Bounds.CRASH);
        if (b == WRITTEN) {
          state[HISTORY] = histories.of(durable(state, a));
          state[SERVERS + a] = servers.of(servers.written(server(state, a)));
        }
        state[SERVERS + a] = servers.of(server(state, a).dead());
        isDead(state, a);
      }
      case CONNECT -> connect(state, a, b);
      case BREAK -> {
        take(state, Bounds.BREAK);
        disconnect(state, a, b);
      }
      case HAND_OFF -> {
        take(state, Bounds.COMMAND);
        step(state, a, new Input.HandOff(Optional.empty(), Duration.ZERO));
      }
      case LEAVE -> {
        take(state, Bounds.COMMAND);
        step(state, a, new Input.Leave());
      }
    }
    check(state);
  }

  private static void take(int[] state, int bound) {
    state[LEFT] = Bounds.take(state[LEFT], bound);
  }

  private void deliver(int[] state, int from, int to) {
    int queue = state[way(from, to)];
    int item = queues.head(queue);
    state[way(from, to)] = queues.tail(queue);
    if (item == DOWN) {
      step(state, to, down(from, DownCause.CLOSED_BY_PEER));
      return;
    }
    int number = inputKeys.of(new Heard(from, item));
    if (number == inputs.size()) {
      byte[] bytes = MessageCodec.encode(asHeard(queues.message(item)));
      inputs.add(new Input.Happened(new TransportEvent.Received(Scenario.id(from), bytes)));
    }
    step(state, to, number);
  }

  private Message asHeard(Message message) {
    if (scenario.flaw() != Flaw.BINDS_NOBODY) {
      return message;
    }
    if (message instanceof Proposal(long epoch, long sequence, long instance, Duration _)) {
      return new Proposal(epoch, sequence, instance, NEXT_TO_NOTHING);
    }
    return message instanceof Heartbeat(long epoch, long sequence, long instance, Duration _)
        ? new Heartbeat(epoch, sequence, instance, NEXT_TO_NOTHING)
        : message;
  }

  private static Input down(int peer, DownCause cause) {
    return new Input.Happened(new TransportEvent.LinkDown(Scenario.id(peer), cause, ""));
  }

  private void fire(int[] state, int server, int which) {
    Armed armed = server(state, server).timers().get(which);
    if (!isInTime(state, Choice.of(Kind.FIRE, server, which))) {
      take(state, Bounds.LATE);
    }
    state[TIME] = times.of(Math.max(now(state), armed.due()));
    step(state, server, new Input.TimerFired(armed.timer()));
  }

  private void write(int[] state, int server) {
    state[HISTORY] = histories.of(durable(state, server));
    step(state, server, new Input.Persisted());
  }

  private History durable(int[] state, int server) {
    EpochState written = server(state, server).writing().orElseThrow();
    return history(state).durable(scenario, Scenario.id(server), written);
  }

  private void connect(int[] state, int a, int b) {
    boolean firstMustHear = queues.endsWithDown(state[way(b, a)]);
    boolean secondMustHear = queues.endsWithDown(state[way(a, b)]);
    state[way(a, b)] = EMPTY;
    state[way(b, a)] = EMPTY;
    if (firstMustHear) {
      step(state, a, down(b, DownCause.REPLACED));
    }
    if (secondMustHear) {
      step(state, b, down(a, DownCause.REPLACED));
    }
    state[LINKS] |= link(a, b);
    step(state, a, up(b));
    step(state, b, up(a));
  }

  private static Input up(int peer) {
    return new Input.Happened(new TransportEvent.LinkUp(Scenario.id(peer), ""));
  }

  private void disconnect(int[] state, int a, int b) {
    state[LINKS] &= ~link(a, b);
    state[way(a, b)] = queues.append(EMPTY, DOWN);
    state[way(b, a)] = queues.append(EMPTY, DOWN);
  }

  /** What a process has said arrives, and then its end. */
  private void isDead(int[] state, int server) {
    for (int peer = 0; peer < count; peer++) {
      if (peer != server) {
        state[way(peer, server)] = EMPTY;
        if (isLinked(state, peer, server)) {
          state[way(server, peer)] = queues.append(state[way(server, peer)], DOWN);
          state[LINKS] &= ~link(peer, server);
        }
      }
    }
  }

  // ---- steps of servers ----

  private void step(int[] state, int server, Input input) {
    int number = inputKeys.of(input);
    if (number == inputs.size()) {
      inputs.add(input);
    }
    step(state, server, number);
  }

  private void step(int[] state, int server, int input) {
    Input given = inputs.get(input);
    perform(state, server, servers.step(state[SERVERS + server], given, input, now(state)));
  }

  private void perform(int[] state, int server, Effect effect) {
    effects.add(effect);
    ServerState before = server(state, server);
    state[SERVERS + server] = effect.next();
    for (Sent sent : effect.sent()) {
      if (isLinked(state, server, sent.to())) {
        int way = way(server, sent.to());
        state[way] = queues.append(state[way], queues.item(sent.message()));
      }
    }
    if (effect.isNews()) {
      remember(state, server, effect);
    }
    if (before.runs() && !server(state, server).runs()) {
      isDead(state, server);
    }
  }

  private void remember(int[] state, int server, Effect effect) {
    History history = history(state);
    for (Output output : effect.outputs()) {
      if (output instanceof Output.Grant(var token, long _)) {
        long instance = Servers.instance(server(state, server));
        history = history.granted(scenario, Scenario.id(server), instance, token);
      } else if (output instanceof Output.Show(var view)) {
        history.shown(view);
      }
    }
    state[HISTORY] = histories.of(history);
  }

  private void check(int[] state) {
    long now = now(state);
    int valid = 0;
    for (int server = 0; server < count; server++) {
      ServerState it = server(state, server);
      boolean trusts = scenario.flaw() == Flaw.IGNORES_LEASE && it.term().isPresent();
      valid += trusts || it.leadsAt(now) ? 1 : 0;
    }
    if (valid > 1) {
      throw new Violation("S3 (one valid leadership at a time)", now + " ns: " + tellTerms(state));
    }
  }

  /** Returns what tells this state from others, whatever the numbers in it. */
  List<Object> contents(int[] state) {
    var all = new ArrayList<Object>(List.of(now(state), history(state), state[LEFT], state[LINKS]));
    for (int server = 0; server < count; server++) {
      ServerState it = server(state, server);
      all.add(it.engine().map(Engines.Node::print));
      all.add(it.timers());
      all.add(List.of(it.lives(), it.disk(), it.writing(), it.ending(), it.term()));
      for (int peer = 0; peer < count; peer++) {
        all.add(queues.contents(state[way(peer, server)]));
      }
    }
    return all;
  }

  private List<String> tellTerms(int[] state) {
    var terms = new ArrayList<String>();
    for (int server = 0; server < count; server++) {
      ServerState it = server(state, server);
      it.term().ifPresent(term -> terms.add("server " + Scenario.id(it.server()) + " " + term));
    }
    return terms;
  }
}
