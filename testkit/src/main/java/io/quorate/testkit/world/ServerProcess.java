package io.quorate.testkit.world;

import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.engine.Engine;
import io.quorate.election.engine.EngineConfig;
import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.election.engine.Timer;
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
final class ServerProcess {
  final long instance;
  final Machine server;

  /** The number of the link with each peer, as far as this process has been told. */
  final Map<ServerId, Integer> knownLinks = new HashMap<>();

  /** Of which this process has been told that they cannot be reached, and why. */
  final Map<ServerId, UnreachableKind> unreachable = new HashMap<>();

  private final World world;
  private final Engine engine;
  private final Map<Timer, Armed> timers = new HashMap<>();
  private final ArrayDeque<Input> inbox = new ArrayDeque<>();
  private boolean paused;
  private boolean ended;
  private boolean busy;
  private @Nullable EpochState writing;
  private @Nullable Runnable atTheNextWrite;
  private long pauseAtRenewal;

  /** A term that was revoked and whose task still runs; 0 for none. */
  private long endingTask;

  /** It leaves, or its store has failed: only the next life is good for anything. */
  private boolean mustEnd;

  private record Armed(long number, long due) {}

  ServerProcess(World world, Machine server, long instance) {
    this.world = world;
    this.server = server;
    this.instance = instance;
    Setup setup = world.setup;
    var context =
        new ElectionContext(server.id, setup.voters(), world.electionTimings, setup.text());
    var config =
        new EngineConfig(
            context,
            server.identity() == Machine.Identity.OTHER_ENSEMBLE
                ? "alone-" + server.id
                : "simulated",
            server.identity() == Machine.Identity.OTHER_MEMBERS ? World.OTHER_DIGEST : World.DIGEST,
            setup.priorities().getOrDefault(server.id, 0),
            Optional.of(
                new EngineConfig.Promise(
                    setup.timings(), setup.fastFailover(), instance, server.disk())));
    this.engine =
        new Engine(
            config, () -> Algorithms.create(world, context), counter -> world.counted(counter));
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
      for (Output output : engine.on(next, server.clock().at(world.time.now()))) {
        if (output instanceof Output.AskPosition) {
          answer = position();
        } else if (!ended) {
          perform(output);
        }
      }
      next = answer;
    }
    busy = false;
    world.throwPending();
  }

  private Input position() {
    return world.faults.knowsPosition()
        ? new Input.Positioned(server.position)
        : new Input.NoPosition(new IOException("simulated"));
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
        world.history.granted(this, token, validUntil);
      }
      case Output.Renew(long epoch, long validUntil) -> {
        world.history.renewed(this, epoch, validUntil);
        pauseIfItIsTime();
      }
      case Output.Revoke(FencingToken token, Revocation cause) -> revoke(token, cause);
      case Output.Confirmed(long request) -> world.history.confirmed(this, request);
      case Output.Show(LeaderView view) -> world.history.shown(this, view);
      case Output.Tell(var event) -> {
        world.time.note("server", id(), "->", event);
        world.history.told(this, event);
      }
      case Output.Note(String line) -> world.time.note("server", id(), "->", line);
      case Output.Blame(String what, Throwable cause) -> world.blamed(what, cause);
      case Output.AskPosition() -> {}
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
    long due = server.clock().at(world.time.now()) + after.toNanos();
    long number = world.time.next();
    timers.put(timer, new Armed(number, due));
    world.time.at(server.clock().whenItShows(due), () -> fire(timer, number));
  }

  private void fire(Timer timer, long number) {
    Armed armed = timers.get(timer);
    if (ended || armed == null || armed.number() != number) {
      return;
    }
    if (server.clock().at(world.time.now()) - armed.due() < 0) {
      // The clock has slowed down since, and a pause may be over by then.
      world.time.at(server.clock().whenItShows(armed.due()), () -> fire(timer, number));
    } else if (!paused) {
      timers.remove(timer);
      give(new Input.TimerFired(timer));
    }
  }

  private void persist(EpochState state) {
    world.time.note("server", id(), "-> persist", state);
    world.history.require(writing == null, "one write at a time", this);
    writing = state;
    Runnable death = atTheNextWrite;
    long time = world.faults.writeTime();
    world.time.after(time, this::written);
    if (death != null && world.faults.isActive()) {
      atTheNextWrite = null;
      world.time.after(world.upTo(world.disks, time), death);
    }
  }

  private void written() {
    EpochState state = writing;
    if (ended || state == null) {
      return;
    }
    writing = null;
    Faults.WriteEnd end = world.faults.writeEnd();
    if (end != Faults.WriteEnd.NOT_WRITTEN) {
      server.store(state);
    }
    give(
        end == Faults.WriteEnd.WRITTEN
            ? new Input.Persisted()
            : new Input.PersistFailed(new IOException("simulated")));
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
    if (unfinished != null && world.disks.nextBoolean()) {
      server.store(unfinished);
    }
    world.history.died(this);
  }

  /** Something kills it while it writes next. */
  void dieAtTheNextWrite(Runnable death) {
    atTheNextWrite = death;
  }

  /** Its application has just seen that its term is valid when it stands still. */
  void pauseAfterTheNextRenewal(long lasts) {
    pauseAtRenewal = lasts;
  }

  private void pauseIfItIsTime() {
    if (pauseAtRenewal > 0 && world.faults.isActive()) {
      long lasts = pauseAtRenewal;
      pauseAtRenewal = 0;
      world.time.after(0, () -> pause(lasts));
    }
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
    long now = server.clock().at(world.time.now());
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
      world.time.after(world.upTo(world.tasks, 50 * VirtualTime.MILLI), () -> endTask(epoch));
    }
  }
}
