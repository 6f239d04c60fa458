package io.quorate.election.engine;

import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A machine: what outlives its processes, and the process that runs now. */
final class SimServer {
  final ServerId id;
  final SimClock clock;
  final Position position;
  private final SimWorld world;
  private Optional<EpochState> disk = Optional.empty();
  private Optional<SimProcess> life = Optional.empty();
  private boolean broken;

  SimServer(SimWorld world, ServerId id) {
    this.world = world;
    this.id = id;
    this.clock = world.drawClock();
    this.position = new Position(world.random.nextInt(3), world.random.nextInt(2));
  }

  Optional<SimProcess> life() {
    return life;
  }

  Optional<EpochState> disk() {
    return disk;
  }

  void store(EpochState state) {
    disk = Optional.of(state);
    world.history.durable(id, state);
  }

  /** Nobody dials it. */
  private static final int SOME_PORT = 1;

  /** Starts a process, unless one runs. */
  void start() {
    if (life.isEmpty() && !broken) {
      var process = new SimProcess(world, this, world.nextInstance());
      world.time.note("server", id, "starts as", process.instance, "with", disk);
      life = Optional.of(process);
      process.give(new Input.Start());
      process.give(
          new Input.Happened(new TransportEvent.Listening(new InetSocketAddress(SOME_PORT))));
      world.network.started(id);
    }
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

  private Optional<SimProcess> end(String how) {
    Optional<SimProcess> process = life;
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
