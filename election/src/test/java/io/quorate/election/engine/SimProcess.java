package io.quorate.election.engine;

import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One life of a server: the real engine, and a driver that keeps to the driver's rules. */
final class SimProcess {
  final long instance;
  final SimServer server;

  /** The number of the link with each peer, as far as this process has been told. */
  final Map<ServerId, Integer> knownLinks = new HashMap<>();

  /** Of which this process has been told that they cannot be reached, and why. */
  final Map<ServerId, UnreachableKind> unreachable = new HashMap<>();

  private final SimWorld world;
  private final Engine engine;
  private final Map<Timer, Armed> timers = new HashMap<>();
  private final ArrayDeque<Input> inbox = new ArrayDeque<>();
  private boolean paused;
  private boolean ended;
  private boolean busy;
  private @Nullable EpochState writing;

  /** A term that was revoked and whose task still runs; 0 for none. */
  private long endingTask;

  /** It leaves, or its store has failed: only the next life is good for anything. */
  private boolean mustEnd;

  private record Armed(long number, long due) {}

  SimProcess(SimWorld world, SimServer server, long instance) {
    this.world = world;
    this.server = server;
    this.instance = instance;
    SimSetup setup = world.setup;
    var context =
        new ElectionContext(server.id, setup.voters(), world.electionTimings, setup.text());
    var config =
        new EngineConfig(
            context,
            "sim",
            SimWorld.DIGEST,
            setup.priorities().getOrDefault(server.id, 0),
            Optional.of(
                new EngineConfig.Promise(
                    setup.timings(), setup.fastFailover(), instance, server.disk())));
    this.engine =
        new Engine(
            config, () -> SimAlgorithms.create(setup.kind(), context, world.random), _ -> {});
  }

  ServerId id() {
    return server.id;
  }

  LeaderView view() {
    return engine.view();
  }

  boolean mustEnd() {
    return mustEnd;
  }

  @Override
  public String toString() {
    return id() + "/" + instance;
  }

  // ---- inputs ----

  void give(Input input) {
    if (paused || busy) {
      inbox.add(input);
    } else if (!ended) {
      step(input);
      while (!inbox.isEmpty() && !paused && !ended) {
        step(inbox.remove());
      }
    }
  }

  private void step(Input input) {
    @Nullable Input next = input;
    busy = true;
    while (next != null && !ended) {
      if (!(next instanceof Input.Happened(TransportEvent.Received _))) {
        world.time.note("server", id(), "<-", next);
      }
      mustEnd |= next instanceof Input.Leave || next instanceof Input.PersistFailed;
      world.history.given(this, next);
      Input answer = null;
      for (Output output : engine.on(next, server.clock.at(world.time.now()))) {
        if (output instanceof Output.AskPosition) {
          answer = position();
        } else if (!ended) {
          perform(output);
        }
      }
      next = answer;
    }
    busy = false;
  }

  private Input position() {
    return world.faults.isNow(SimFaults.NO_POSITION)
        ? new Input.NoPosition(new IOException("simulated"))
        : new Input.Positioned(server.position);
  }

  // ---- outputs ----

  private void perform(Output output) {
    switch (output) {
      case Output.Transmit(ServerId to, var message) -> {
        world.history.transmitted(this, to, message);
        world.network.send(this, to, message);
      }
      case Output.SetTimer(Timer timer, Duration after) -> setTimer(timer, after);
      case Output.CancelTimer(Timer timer) -> timers.remove(timer);
      case Output.Persist(EpochState state) -> persist(state);
      case Output.Grant(FencingToken token, long validUntil) -> {
        world.time.note("server", id(), "-> GRANT", token);
        world.history.granted(this, token, server.clock.whenItShows(validUntil));
      }
      case Output.Renew(long epoch, long validUntil) ->
          world.history.renewed(this, epoch, server.clock.whenItShows(validUntil));
      case Output.Revoke(FencingToken token, Revocation cause) -> revoke(token, cause);
      case Output.Confirmed(long request) -> world.history.confirmed(this, request);
      case Output.Show(LeaderView view) -> world.history.shown(this, view);
      case Output.Tell(var event) -> {
        world.time.note("server", id(), "->", event);
        world.history.told(this, event);
      }
      case Output.Note(String line) -> world.time.note("server", id(), "->", line);
      case Output.Blame _, Output.AskPosition() -> {}
      case Output.Left() -> {
        world.time.note("server", id(), "has left");
        server.exit();
      }
      case Output.Stop(String reason) -> {
        world.time.note("server", id(), "stops:", reason);
        world.history.stopped(this);
        server.crash();
      }
    }
  }

  private void setTimer(Timer timer, Duration after) {
    long due = server.clock.at(world.time.now()) + after.toNanos();
    long number = world.time.next();
    timers.put(timer, new Armed(number, due));
    world.time.at(server.clock.whenItShows(due), () -> fire(timer, number));
  }

  private void fire(Timer timer, long number) {
    Armed armed = timers.get(timer);
    if (!ended && !paused && armed != null && armed.number() == number) {
      timers.remove(timer);
      give(new Input.TimerFired(timer));
    }
  }

  private void persist(EpochState state) {
    world.time.note("server", id(), "-> persist", state);
    world.history.require(writing == null, "one write at a time", this);
    writing = state;
    world.time.after(world.faults.writeTime(), this::written);
  }

  private void written() {
    EpochState state = writing;
    if (ended || state == null) {
      return;
    }
    writing = null;
    boolean failed = world.faults.isNow(SimFaults.PERSIST_FAILURE);
    if (!failed || world.random.nextBoolean()) {
      server.store(state);
    }
    give(failed ? new Input.PersistFailed(new IOException("simulated")) : new Input.Persisted());
  }

  private void revoke(FencingToken token, Revocation cause) {
    world.time.note("server", id(), "-> REVOKE", token, cause);
    world.history.revoked(this, token);
    endingTask = token.epoch();
    world.time.after(world.faults.taskTime(), () -> endTask(token.epoch()));
  }

  private void endTask(long epoch) {
    if (!ended && endingTask == epoch) {
      endingTask = 0;
      give(new Input.TermEnded(epoch));
    }
  }

  // ---- faults ----

  void die() {
    ended = true;
    EpochState unfinished = writing;
    writing = null;
    if (unfinished != null && world.random.nextBoolean()) {
      server.store(unfinished);
    }
    world.history.died(this);
  }

  /** Nothing of this process runs for a while. */
  void pause(long lasts) {
    if (!paused) {
      world.time.note("server", id(), "pauses");
      paused = true;
      world.time.after(lasts, this::resume);
    }
  }

  /** All timers first, in the order in which they ran out, and then what has come. */
  void resume() {
    if (ended || !paused) {
      return;
    }
    world.time.note("server", id(), "goes on");
    paused = false;
    var waiting = List.copyOf(inbox);
    inbox.clear();
    long now = server.clock.at(world.time.now());
    List.copyOf(timers.entrySet()).stream()
        .filter(entry -> entry.getValue().due() - now <= 0)
        .sorted(
            Comparator.comparingLong((Map.Entry<Timer, Armed> it) -> it.getValue().due() - now)
                .thenComparingLong(it -> it.getValue().number()))
        .forEach(entry -> fire(entry.getKey(), entry.getValue().number()));
    waiting.forEach(this::give);
  }

  /** Lets a task that takes long end soon. */
  void hurryTask() {
    long epoch = endingTask;
    if (epoch != 0) {
      world.time.after(world.upTo(50 * SimTime.MILLI), () -> endTask(epoch));
    }
  }
}
