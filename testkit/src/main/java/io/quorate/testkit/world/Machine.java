package io.quorate.testkit.world;

import io.quorate.election.engine.Input;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A machine: what outlives its processes, and the process that runs now. */
final class Machine {
  final ServerId id;
  private DriftingClock clock;
  final Position position;
  private final World world;
  private Optional<EpochState> disk = Optional.empty();
  private Optional<ServerProcess> life = Optional.empty();
  private boolean broken;
  private Identity identity = Identity.RIGHT;

  /** It does not start before this instant of the true time. */
  private long refusesUntil;

  /** What a server is started as. */
  enum Identity {
    RIGHT,
    OTHER_ENSEMBLE,
    OTHER_MEMBERS
  }

  Machine(World world, ServerId id) {
    this.world = world;
    this.id = id;
    this.clock = world.drawClock();
    this.position = new Position(world.tasks.nextInt(3), world.tasks.nextInt(2));
  }

  Optional<ServerProcess> life() {
    return life;
  }

  DriftingClock clock() {
    return clock;
  }

  Identity identity() {
    return identity;
  }

  /** Each ensemble has a directory of its own; what another one finds there is not told. */
  Optional<EpochState> disk() {
    return identity == Identity.OTHER_ENSEMBLE ? Optional.empty() : disk;
  }

  void store(EpochState state) {
    if (identity == Identity.OTHER_ENSEMBLE) {
      return;
    }
    disk = Optional.of(state);
    world.history.durable(id, state);
  }

  /** Nobody dials it. */
  private static final int SOME_PORT = 1;

  /** Starts a process, unless one runs. */
  void start() {
    if (life.isEmpty() && !broken && world.time.now() >= refusesUntil) {
      var process = new ServerProcess(world, this, world.nextInstance());
      world.time.note("server", id, "starts as", process.instance, "with", disk);
      life = Optional.of(process);
      process.give(new Input.Start());
      process.give(
          new Input.Happened(new TransportEvent.Listening(new InetSocketAddress(SOME_PORT))));
      world.network.started(id);
    }
  }

  void misconfigure(Identity as) {
    identity = as;
  }

  /** Its store is not accepted before somebody has put the right one back. */
  void refuseToStart(long lasts) {
    refusesUntil = world.time.now() + lasts;
  }

  void setRate(long ppm) {
    clock = clock.withRate(ppm, world.time.now());
  }

  /** Nothing runs for a while, the clock neither. */
  void suspend(long lasts) {
    life.ifPresent(
        process -> {
          clock = clock.suspended(world.time.now(), lasts);
          process.pause(lasts);
        });
  }

  /** All that is wrong with it ends. */
  void makeWell() {
    refusesUntil = 0;
    life.ifPresent(ServerProcess::resume);
    if (identity != Identity.RIGHT || life.filter(ServerProcess::mustEnd).isPresent()) {
      crash();
    }
    identity = Identity.RIGHT;
    setRate(world.rateAtTheBound(world.tasks.nextBoolean()));
    start();
    life.ifPresent(
        process -> {
          process.hurryTask();
          process.give(new Input.Eligible(true));
        });
  }

  /** It never starts again. */
  void breakForGood() {
    broken = true;
  }

  /** Kills the process, whatever it does. */
  void crash() {
    end("dies").ifPresent(_ -> world.network.died(id));
  }

  /** Ends the process as it wanted; its last words are on their way. */
  void exit() {
    end("exits").ifPresent(_ -> world.network.exited(id));
  }

  private Optional<ServerProcess> end(String how) {
    Optional<ServerProcess> process = life;
    process.ifPresent(
        it -> {
          world.time.note("server", id, how);
          life = Optional.empty();
          it.die();
        });
    return process;
  }

  /** Somebody has removed what was durable; the next process finds nothing. */
  void loseDisk() {
    world.time.note("server", id, "loses its disk");
    disk = Optional.empty();
    world.history.diskLost(id);
  }
}
