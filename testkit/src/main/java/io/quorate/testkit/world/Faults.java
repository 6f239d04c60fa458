package io.quorate.testkit.world;

import io.quorate.election.Revocation;
import io.quorate.election.engine.Input;
import io.quorate.protocol.ServerId;
import io.quorate.testkit.Fault;
import io.quorate.testkit.world.Script.Rest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Does to a world what a script says, and counts what took effect. */
final class Faults {

  /** How long it lasts at most, in leases, that a driver waits at its close. */
  private static final int CLOSE_LEASES = 4;

  private final World world;
  private final Shapes shapes;
  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private boolean active = true;
  private boolean diskLost;
  private long slowWritesUntil;
  private long slowTasksUntil;
  private long noPositionUntil;
  private long failingWrites;
  private boolean failsAfterWriting;
  private long requests;

  Faults(World world) {
    this.world = world;
    this.shapes = new Shapes(world);
    switch (world.setup.kind()) {
      case GIVEN -> {}
      case THROWING, FAILING -> count(Fault.THROWING_ALGORITHM);
      case RANDOM -> count(Fault.RANDOM_ALGORITHM);
      case SELFISH -> count(Fault.SELFISH_ALGORITHM);
    }
  }

  Map<Fault, Long> counts() {
    return counts;
  }

  private void count(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  private long lease() {
    return world.setup.lease();
  }

  // ---- what processes ask ----

  boolean isActive() {
    return active;
  }

  boolean knowsPosition() {
    return !active || world.time.now() >= noPositionUntil;
  }

  long writeTime() {
    boolean slow = active && world.time.now() < slowWritesUntil;
    return 1 + world.upTo(world.disks, slow ? 2 * lease() : VirtualTime.MILLI);
  }

  /** How a write ends. */
  enum WriteEnd {
    WRITTEN,
    NOT_WRITTEN,
    WRITTEN_AND_FAILED
  }

  WriteEnd writeEnd() {
    if (!active || failingWrites == 0) {
      return WriteEnd.WRITTEN;
    }
    failingWrites--;
    count(failsAfterWriting ? Fault.FAILED_SYNC : Fault.FULL_DISK);
    return failsAfterWriting && world.disks.nextBoolean()
        ? WriteEnd.WRITTEN_AND_FAILED
        : WriteEnd.NOT_WRITTEN;
  }

  long taskTime() {
    boolean slow = active && world.time.now() < slowTasksUntil;
    return world.upTo(world.tasks, slow ? 4 * lease() : 5 * VirtualTime.MILLI);
  }

  // ---- the time of faults ----

  /** Starts all servers, and has everything happen at its time. */
  void plan(Script script) {
    for (Machine server : world.servers()) {
      world.time.after(world.upTo(world.tasks, lease() / 2), server::start);
    }
    for (PlannedFault fault : script.faults()) {
      world.time.at(fault.at(), () -> happens(fault));
    }
  }

  /** Any server, or the leader; whoever is named besides if nobody leads. */
  private Machine target(PlannedFault fault) {
    return fault
        .target()
        .map(world::server)
        .orElseGet(
            () -> world.leader().map(it -> it.server).orElseGet(() -> world.server(fault.other())));
  }

  private void happens(PlannedFault planned) {
    Machine server = target(planned);
    world.time.note("----", planned, "hits", server.id);
    var random = new SplittableRandom(planned.seed());
    boolean effective =
        switch (planned.fault()) {
          case LOSS,
              DUPLICATION,
              REORDERING,
              CONSTANT_DELAY,
              EXPONENTIAL_DELAY,
              HEAVY_TAILED_DELAY,
              CLOGGED_LINK,
              LATE_MESSAGE,
              CUT_MESSAGE_KIND ->
              world.network.interfere(server.id, planned.other(), planned);
          case RESET,
              REPLACED_CONNECTION,
              HALF_OPEN_CONNECTION,
              ONE_WAY_CUT,
              SILENT_CUT,
              BLOCKED_LINK,
              FLAPPING_LINK ->
              onLink(planned, server.id, planned.other(), random);
          case ISOLATED_SERVER,
              MUTE_SERVER,
              DEAF_SERVER,
              CLEAN_SPLIT,
              SILENT_SPLIT,
              ONE_WAY_SPLIT,
              PARTIAL_SPLIT,
              RING,
              BRIDGE,
              CHAIN,
              HUB ->
              shapes.make(planned, server.id, random);
          case LEADER_AFTER_LEADER_ISOLATED -> replaceLeader(planned, random);
          case CRASH,
              QUICK_RESTART,
              CRASH_DURING_WRITE,
              TORN_WRITE,
              RESTART_STORM,
              ROLLING_RESTART,
              POWER_FAILURE,
              CLOSED_SERVER,
              PAUSE,
              LONG_PAUSE,
              PAUSE_AFTER_CHECK ->
              onProcess(planned, server, random);
          case DRIFT_AT_THE_BOUND, DRIFT_BEYOND_THE_BOUND, SUSPENDED_MACHINE ->
              onClock(planned, server, random);
          case FULL_DISK, FAILED_SYNC, SLOW_SYNC, OLD_FILE_RESTORED, EMPTIED_DIRECTORY ->
              onDisk(planned, server);
          case WRONG_ENSEMBLE, OTHER_MEMBERS -> misconfigure(planned, server);
          case HAND_OFF, NOT_ELIGIBLE, RESIGNATION, LOOK_AGAIN, CONFIRMATION ->
              server.life().map(life -> command(planned, life, random)).orElse(false);
          case UNKNOWN_POSITION -> {
            noPositionUntil = world.time.now() + planned.lasts();
            yield true;
          }
          case SLOW_TASK -> {
            slowTasksUntil = world.time.now() + planned.lasts();
            yield true;
          }
          case THROWING_ALGORITHM, RANDOM_ALGORITHM, SELFISH_ALGORITHM -> false;
        };
    if (effective && planned.fault() != Fault.FULL_DISK && planned.fault() != Fault.FAILED_SYNC) {
      count(planned.fault());
    }
  }

  // ---- links ----

  private boolean onLink(
      PlannedFault planned, ServerId one, ServerId other, SplittableRandom random) {
    long lasts = planned.lasts();
    long found = random.nextLong(3 * lease());
    return switch (planned.fault()) {
      case RESET -> world.network.cut(one, other);
      case REPLACED_CONNECTION -> world.network.replace(one, other);
      case HALF_OPEN_CONNECTION -> world.network.halfOpen(one, other, lasts);
      case ONE_WAY_CUT -> world.network.mute(one, other, List.of(one), found, lasts);
      case SILENT_CUT -> world.network.mute(one, other, List.of(one, other), found, lasts);
      case BLOCKED_LINK -> world.network.block(one, other, lasts);
      case FLAPPING_LINK -> {
        for (long at = 0; at < lasts; at += lease() / 4) {
          later(at, () -> world.network.block(one, other, lease() / 8));
        }
        yield true;
      }
      default -> throw new IllegalArgumentException("not between two servers: " + planned);
    };
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

  /** Lets the others elect another leader, which the first one does not hear of. */
  private boolean replaceLeader(PlannedFault planned, SplittableRandom random) {
    Optional<ServerProcess> leader = world.leader();
    leader.ifPresent(
        life -> {
          shapes.isolate(life.id(), planned.lasts() + lease());
          later(
              random.nextLong(planned.lasts() + 1),
              () -> world.leader().ifPresent(it -> shapes.isolate(it.id(), 2 * lease())));
        });
    return leader.isPresent();
  }

  // ---- processes ----

  private boolean onProcess(PlannedFault planned, Machine server, SplittableRandom random) {
    long lasts = planned.lasts();
    Optional<ServerProcess> life = server.life();
    switch (planned.fault()) {
      case CRASH -> crash(server, lasts);
      case QUICK_RESTART -> crash(server, random.nextLong(lease() / 2));
      case CRASH_DURING_WRITE, TORN_WRITE -> crashAtTheNextWrite(server, lasts / 4);
      case RESTART_STORM -> {
        for (int i = 0; i < 5; i++) {
          later(random.nextLong(lasts + 1), () -> crash(server, random.nextLong(lease() / 8)));
        }
      }
      case ROLLING_RESTART -> {
        long at = 0;
        for (Machine each : world.servers()) {
          later(at, () -> each.life().ifPresent(it -> leave(it, lease() / 4)));
          at += lease();
        }
      }
      case POWER_FAILURE -> world.servers().forEach(each -> crash(each, random.nextLong(lease())));
      case CLOSED_SERVER -> life.ifPresent(it -> leave(it, lasts));
      case PAUSE -> life.ifPresent(it -> it.pause(Math.min(lasts, 3 * lease())));
      case LONG_PAUSE -> life.ifPresent(it -> it.pause(random.nextLong(10 * lease())));
      case PAUSE_AFTER_CHECK -> life.ifPresent(it -> it.pauseAfterTheNextRenewal(lasts));
      default -> throw new IllegalArgumentException("not of a process: " + planned);
    }
    return life.isPresent();
  }

  private void crash(Machine server, long lasts) {
    server.crash();
    world.time.after(lasts, server::start);
  }

  private void crashAtTheNextWrite(Machine server, long lasts) {
    server
        .life()
        .ifPresent(
            life ->
                life.dieAtTheNextWrite(
                    () -> {
                      // A slow write may outlast its process, and the time of faults.
                      if (active && isIn(server, life)) {
                        crash(server, lasts);
                      }
                    }));
  }

  private static boolean isIn(Machine server, ServerProcess life) {
    return server.life().filter(now -> now == life).isPresent();
  }

  /** Closes as a driver does, which does not wait for ever; and comes back. */
  void leave(ServerProcess life, long comesBackAfter) {
    Machine server = life.server;
    life.give(new Input.Leave());
    world.time.after(
        CLOSE_LEASES * lease(),
        () -> {
          if (isIn(server, life)) {
            server.crash();
          }
        });
    world.time.after(CLOSE_LEASES * lease() + comesBackAfter, server::start);
    world.time.after(comesBackAfter, server::start);
  }

  // ---- clocks ----

  private boolean onClock(PlannedFault planned, Machine server, SplittableRandom random) {
    switch (planned.fault()) {
      case DRIFT_AT_THE_BOUND -> server.setRate(world.rateAtTheBound(random.nextBoolean()));
      case DRIFT_BEYOND_THE_BOUND -> server.setRate(random.nextBoolean() ? 1_000_000 : -500_000);
      case SUSPENDED_MACHINE -> server.suspend(planned.lasts());
      default -> throw new IllegalArgumentException("not of a clock: " + planned);
    }
    return true;
  }

  // ---- disks ----

  private boolean onDisk(PlannedFault planned, Machine server) {
    switch (planned.fault()) {
      case FULL_DISK, FAILED_SYNC -> {
        failingWrites = 1;
        failsAfterWriting = planned.fault() == Fault.FAILED_SYNC;
      }
      case SLOW_SYNC -> slowWritesUntil = world.time.now() + planned.lasts();
      case OLD_FILE_RESTORED -> {
        server.crash();
        server.refuseToStart(planned.lasts());
        world.time.after(planned.lasts(), server::start);
      }
      case EMPTIED_DIRECTORY -> {
        return loseDisk(server, planned.lasts());
      }
      default -> throw new IllegalArgumentException("not of a disk: " + planned);
    }
    return true;
  }

  /** Once in a world, and only if all other voters remember a promise. */
  private boolean loseDisk(Machine server, long lasts) {
    Set<ServerId> voters = world.setup.voters().voters();
    boolean possible =
        !diskLost
            && voters.size() > 1
            && voters.contains(server.id)
            && voters.stream()
                .filter(id -> !id.equals(server.id))
                .allMatch(id -> world.server(id).disk().isPresent());
    if (possible) {
      diskLost = true;
      server.crash();
      server.loseDisk();
      world.time.after(lasts, server::start);
    }
    return possible;
  }

  // ---- mistakes ----

  /** With one voter there is nobody whom it could disagree with. */
  private boolean misconfigure(PlannedFault planned, Machine server) {
    if (world.setup.voters().voters().size() < 2) {
      return false;
    }
    boolean otherEnsemble = planned.fault() == Fault.WRONG_ENSEMBLE;
    server.crash();
    server.misconfigure(
        otherEnsemble ? Machine.Identity.OTHER_ENSEMBLE : Machine.Identity.OTHER_MEMBERS);
    server.start();
    later(
        planned.lasts(),
        () -> {
          server.crash();
          server.misconfigure(Machine.Identity.RIGHT);
          server.start();
        });
    return true;
  }

  // ---- commands ----

  private boolean command(PlannedFault planned, ServerProcess life, SplittableRandom random) {
    Duration pause = Duration.ofNanos(random.nextLong(2 * lease()));
    long epoch = world.history.latest().map(term -> term.token().epoch()).orElse(1L);
    switch (planned.fault()) {
      case HAND_OFF ->
          life.give(
              new Input.HandOff(
                  random.nextBoolean() ? Optional.empty() : Optional.of(planned.other()), pause));
      case NOT_ELIGIBLE -> {
        life.give(new Input.Eligible(false));
        world.time.after(planned.lasts(), () -> life.give(new Input.Eligible(true)));
      }
      case RESIGNATION -> life.give(new Input.GiveUp(epoch, new Revocation.Resigned()));
      case LOOK_AGAIN -> life.give(new Input.LookAgain());
      case CONFIRMATION -> life.give(new Input.Confirm(epoch, requests++));
      default -> throw new IllegalArgumentException("no command: " + planned);
    }
    return true;
  }

  // ---- the end of faults ----

  /** No more faults, but for those that are not well from now on; returns who is well. */
  Set<ServerId> end(Collection<ServerId> wanted, Rest rest) {
    active = false;
    Set<ServerId> well = enough(wanted);
    world.time.note("---- well from now on:", well, "and the rest is", rest);
    for (Machine server : world.servers()) {
      if (!well.contains(server.id)) {
        shapes.breakForGood(server, rest);
      }
    }
    well.forEach(id -> world.server(id).makeWell());
    well.forEach(one -> well.forEach(other -> world.network.heal(one, other)));
    return well;
  }

  /** One with an empty store waits for those that may know what it has promised. */
  private Set<ServerId> enough(Collection<ServerId> wanted) {
    var well = new TreeSet<>(wanted);
    var order = new ArrayList<>(world.ids());
    for (ServerId next : order) {
      var counted = new TreeSet<>(well);
      counted.removeIf(id -> world.server(id).disk().isEmpty());
      if (world.setup.voters().isQuorum(counted)
          && counted.stream().anyMatch(world.setup::mayLead)) {
        break;
      }
      well.add(next);
    }
    return well;
  }
}
