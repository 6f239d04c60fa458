package io.quorate.election.engine;

import io.quorate.election.Revocation;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** What goes wrong, and what people ask for in the meantime. */
final class SimFaults {
  /** How often a write fails. */
  static final double PERSIST_FAILURE = 0.005;

  /** How often an application cannot tell its position. */
  static final double NO_POSITION = 0.02;

  private final SimWorld world;
  private final Random random;
  private boolean active = true;
  private long slowestWrite = 5 * SimTime.MILLI;
  private boolean diskLost;
  private long requests;

  SimFaults(SimWorld world) {
    this.world = world;
    this.random = world.random;
  }

  private long lease() {
    return world.setup.lease();
  }

  boolean isNow(double probability) {
    return active && random.nextDouble() < probability;
  }

  long writeTime() {
    return 1 + world.upTo(isNow(0.1) ? slowestWrite : SimTime.MILLI);
  }

  /** How long a task runs on after it was told to end: at times longer than the lease. */
  long taskTime() {
    if (!active) {
      return world.upTo(5 * SimTime.MILLI);
    }
    return switch (random.nextInt(8)) {
      case 0 -> world.upTo(4 * lease());
      case 1, 2 -> world.upTo(lease());
      default -> world.upTo(5 * SimTime.MILLI);
    };
  }

  // ---- the time of faults ----

  /** Starts all servers, and lets spells of faults of different kinds come one after the other. */
  void run(int spells) {
    for (SimServer server : world.servers()) {
      world.time.after(world.upTo(lease() / 2), server::start);
    }
    for (int i = 0; i < spells; i++) {
      spell();
    }
  }

  private void spell() {
    world.network.delays(random.nextInt(3) == 0 ? SimNetwork.Delays.SLOW : SimNetwork.Delays.LAN);
    slowestWrite = random.nextInt(3) == 0 ? 2 * lease() : 20 * SimTime.MILLI;
    long lasts = (5 + world.upTo(10)) * lease();
    for (int i = random.nextInt(40); i > 0; i--) {
      world.time.after(world.upTo(lasts), this::fault);
    }
    for (int i = random.nextInt(10); i > 0; i--) {
      world.time.after(world.upTo(lasts), this::command);
    }
    world.time.run(lasts);
  }

  /** Any server, the leader above all. */
  private SimServer victim() {
    return world
        .leader()
        .filter(_ -> random.nextBoolean())
        .map(life -> life.server)
        .orElseGet(() -> world.server(world.any()));
  }

  private void fault() {
    SimServer server = victim();
    ServerId one = server.id;
    ServerId other = world.any();
    long lasts = world.upTo((random.nextInt(4) == 0 ? 10 : 3) * lease());
    switch (random.nextInt(16)) {
      case 0, 1 -> crash(server, lasts);
      case 2 -> crash(server, world.upTo(lease() / 2));
      case 3, 4 -> server.life().ifPresent(life -> life.pause(lasts));
      case 5 -> world.network.cut(one, other);
      case 6 -> world.network.replace(one, other);
      case 7 -> world.network.mute(one, other, List.of(one), world.upTo(3 * lease()), lasts);
      case 8 -> world.network.mute(one, other, List.of(one, other), lease(), lasts);
      case 9 -> world.network.block(one, other, lasts);
      case 10 -> partition(lasts);
      case 11, 12, 13 -> isolate(server, lasts);
      case 14 -> replaceLeader(server, lasts);
      default -> loseDisk(server, lasts);
    }
  }

  private void crash(SimServer server, long lasts) {
    server.crash();
    world.time.after(lasts, server::start);
  }

  /** One fault leads to another, while it is the time for faults. */
  private void later(long wait, Runnable fault) {
    world.time.after(
        wait,
        () -> {
          if (active) {
            fault.run();
          }
        });
  }

  /** Cuts it off from all, which they are told, while some of them are started anew. */
  private void isolate(SimServer server, long lasts) {
    world.ids().forEach(other -> world.network.block(server.id, other, lasts));
    for (SimServer other : world.servers()) {
      if (other != server && random.nextInt(3) == 0) {
        later(world.upTo(lease() / 8), () -> crash(other, world.upTo(lease() / 4)));
      }
    }
    if (random.nextInt(4) == 0) {
      server.life().ifPresent(life -> life.pause(world.upTo(2 * lease())));
    }
  }

  /** Lets the others elect another leader, which the first one does not hear of. */
  private void replaceLeader(SimServer server, long lasts) {
    isolate(server, lasts + lease());
    later(
        world.upTo(lasts),
        () -> world.leader().ifPresent(life -> isolate(life.server, world.upTo(2 * lease()))));
  }

  private void partition(long lasts) {
    List<ServerId> side = world.ids().stream().filter(_ -> random.nextBoolean()).toList();
    boolean silent = random.nextBoolean();
    boolean oneWay = random.nextBoolean();
    for (ServerId one : side) {
      for (ServerId other : world.ids()) {
        if (!side.contains(other)) {
          if (silent) {
            List<ServerId> mute = oneWay ? List.of(one) : List.of(one, other);
            world.network.mute(one, other, mute, world.upTo(2 * lease()), lasts);
          } else {
            world.network.block(one, other, lasts);
          }
        }
      }
    }
  }

  /** Once in a world, and only if all other voters remember a promise. */
  private void loseDisk(SimServer server, long lasts) {
    Set<ServerId> voters = world.setup.voters().voters();
    boolean othersRemember =
        voters.stream()
            .filter(id -> !id.equals(server.id))
            .allMatch(id -> world.server(id).disk().isPresent());
    if (!diskLost && voters.size() > 1 && voters.contains(server.id) && othersRemember) {
      diskLost = true;
      server.crash();
      server.loseDisk();
    }
    crash(server, lasts);
  }

  // ---- commands ----

  private void command() {
    victim().life().ifPresent(this::command);
  }

  private void command(SimProcess life) {
    Duration pause = Duration.ofNanos(world.upTo(2 * lease()));
    long epoch = world.history.latest().map(term -> term.token().epoch()).orElse(1L);
    switch (random.nextInt(8)) {
      case 0, 1 ->
          life.give(
              new Input.HandOff(
                  random.nextBoolean() ? Optional.empty() : Optional.of(world.any()), pause));
      case 2 -> {
        life.give(new Input.Eligible(false));
        world.time.after(world.upTo(5 * lease()), () -> life.give(new Input.Eligible(true)));
      }
      case 3 -> life.give(new Input.GiveUp(epoch, new Revocation.Resigned()));
      case 4 -> life.give(new Input.LookAgain());
      case 5, 6 -> life.give(new Input.Confirm(epoch, requests++));
      default -> leave(life, world.upTo(2 * lease()));
    }
  }

  /** Closes as a driver does, which does not wait for ever; and comes back. */
  void leave(SimProcess life, long comesBackAfter) {
    SimServer server = life.server;
    life.give(new Input.Leave());
    world.time.after(
        4 * lease(),
        () -> {
          if (server.life().filter(now -> now == life).isPresent()) {
            server.crash();
          }
        });
    world.time.after(4 * lease() + comesBackAfter, server::start);
    world.time.after(comesBackAfter, server::start);
  }

  // ---- the end of faults ----

  /** What becomes of those that do not get well. */
  enum Rest {
    /** They are dead, or cut off from everybody. */
    GONE,
    /** They are well, but some links to the others never come up. */
    HALF_CONNECTED,
    /** Their links come up and break, for ever. */
    FLAPPING
  }

  /** No more faults, but for those that are not well from now on. */
  void end(Set<ServerId> well, Rest rest) {
    active = false;
    world.time.note("---- well from now on:", well, "and the rest is", rest);
    world.network.delays(SimNetwork.Delays.LAN);
    for (SimServer server : world.servers()) {
      if (!well.contains(server.id)) {
        breakForGood(server, rest);
      }
    }
    well.forEach(id -> makeWell(world.server(id)));
    well.forEach(one -> well.forEach(other -> world.network.heal(one, other)));
  }

  private void breakForGood(SimServer server, Rest rest) {
    switch (rest) {
      case GONE -> {
        server.breakForGood();
        if (random.nextBoolean()) {
          server.crash();
        }
        world.ids().forEach(other -> world.network.block(server.id, other, Long.MAX_VALUE));
      }
      case HALF_CONNECTED -> {
        makeWell(server);
        for (ServerId other : world.ids()) {
          if (random.nextBoolean()) {
            world.network.heal(server.id, other);
          } else {
            world.network.block(server.id, other, Long.MAX_VALUE);
          }
        }
      }
      case FLAPPING -> {
        makeWell(server);
        world.ids().forEach(other -> flap(server.id, other));
      }
    }
  }

  /** A link comes up and breaks, or falls silent in one direction, for ever. */
  void flap(ServerId one, ServerId other) {
    world.network.heal(one, other);
    long works = world.upTo(3 * lease());
    long fails = world.upTo(2 * lease());
    world.time.after(
        works,
        () -> {
          switch (random.nextInt(3)) {
            case 0 -> world.network.block(one, other, fails);
            case 1 -> world.network.mute(one, other, List.of(one), fails / 2, fails);
            default -> world.network.mute(one, other, List.of(other), fails / 2, fails);
          }
        });
    world.time.after(works + fails, () -> flap(one, other));
  }

  private static void makeWell(SimServer server) {
    server.life().ifPresent(SimProcess::resume);
    if (server.life().filter(SimProcess::mustEnd).isPresent()) {
      server.crash();
    }
    server.start();
    server
        .life()
        .ifPresent(
            life -> {
              life.hurryTask();
              life.give(new Input.Eligible(true));
            });
  }
}
