package io.quorate.election.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.LeaseTimings;
import io.quorate.election.engine.SimFaults.Rest;
import io.quorate.election.engine.SimSetup.AlgorithmKind;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * Whole ensembles of real engines in virtual time: with faults, nothing must happen that {@link
 * SimHistory} forbids; without them, what was promised must come. A failure names its seed; {@code
 * -Dtest=EngineSimulationTest#method -Dsim.seed=N} plays it again, {@code -Dsim.seeds=N} sets how
 * many, {@code -Dsim.trace=N} how many lines are kept.
 */
class EngineSimulationTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 60);
  private static final long FIRST_SEED = Long.getLong("sim.first", 0);
  private static final long ONE_SEED = Long.getLong("sim.seed", -1);

  /** A selfish one leads nowhere but alone, so it is rare. */
  private static final List<AlgorithmKind> WRONG =
      List.of(
          AlgorithmKind.RANDOM,
          AlgorithmKind.THROWING,
          AlgorithmKind.RANDOM,
          AlgorithmKind.THROWING,
          AlgorithmKind.RANDOM,
          AlgorithmKind.SELFISH);

  private static final List<AlgorithmKind> SOME =
      List.of(AlgorithmKind.FAST, AlgorithmKind.FAST, AlgorithmKind.FAST, AlgorithmKind.RANDOM);

  private static final int STAYS_LEASES = 20;

  /** How many spells of faults come before the end. */
  private static final int SHORT = 1;

  private static final int LONG = 4;

  /** When all have been told of what happened before the faults ended. */
  private static final long LAST_NEWS = SimTime.SECOND;

  private static final long STEP = 10 * SimTime.MILLI;

  // ---- with faults ----

  @Test
  void afterAnyFaultsAQuorumFindsALeaderAndKeepsIt() {
    forEachSeed(
        "afterAnyFaultsAQuorumFindsALeaderAndKeepsIt",
        seed -> world(seed, setup(seed, AlgorithmKind.FAST, 1)),
        world -> {
          Set<ServerId> well = faultsUntilAQuorumIsWell(world, Rest.GONE);
          findsALeader(world, () -> world.agree(well), bound(world));
          keepsIt(world, () -> world.agree(well));
        });
  }

  /**
   * Votes for somebody who is linked to a few only are passed on to all: it sits out, and those who
   * followed it wait, until they all try another in the same round.
   */
  @Test
  void serversWithSomeLinksOnlyDoNotKeepAQuorumFromALeader() {
    forEachSeed(
        "serversWithSomeLinksOnlyDoNotKeepAQuorumFromALeader",
        seed -> world(seed, setup(seed, AlgorithmKind.FAST, 3).withoutPreference()),
        world -> {
          faultsUntilAQuorumIsWell(world, Rest.HALF_CONNECTED);
          long sitsOut = world.electionTimings.sitOutMax().toNanos();
          findsALeader(world, () -> world.leader().isPresent(), bound(world) + sitsOut);
          keepsIt(world, () -> world.leader().isPresent());
        });
  }

  /**
   * They may cost it its leader: they may lead themselves, and a voter that has promised an epoch
   * to one of them cannot acknowledge another leader of that epoch or a smaller one.
   */
  @Test
  void serversThatComeAndGoDoNotKeepAQuorumFromALeader() {
    forEachSeed(
        "serversThatComeAndGoDoNotKeepAQuorumFromALeader",
        seed -> world(seed, setup(seed, AlgorithmKind.FAST, 3).withoutPreference()),
        world -> {
          Set<ServerId> well = faultsUntilAQuorumIsWell(world, Rest.FLAPPING);
          findsALeader(world, () -> world.agree(well), bound(world));
          world.time.run(STAYS_LEASES * world.setup.lease());
          findsALeader(world, () -> world.agree(well), bound(world));
        });
  }

  @Test
  void aWrongAlgorithmCostsNoSafety() {
    forEachSeed(
        "aWrongAlgorithmCostsNoSafety",
        seed -> world(seed, setup(seed, WRONG.get((int) (seed % WRONG.size())), 1)),
        world -> world.faults.run(LONG));
  }

  @Test
  void aServerWhoseAlgorithmFailsForGoodStopsAndLeadsNoMore() {
    forEachSeed(
        "aServerWhoseAlgorithmFailsForGoodStopsAndLeadsNoMore",
        seed -> world(seed, setup(seed, AlgorithmKind.FAILING, 3)),
        world -> {
          world.faults.end(Set.copyOf(world.ids()), Rest.GONE);
          world.time.run(2 * Engine.MAX_FAILURES * Engine.RESTART_MAX.toNanos());
          assertTrue(world.history.stops() > 0, "nobody stopped");
        });
  }

  @Test
  void trueEvidenceOfADeathCostsNoSafety() {
    forEachSeed(
        "trueEvidenceOfADeathCostsNoSafety",
        seed ->
            world(seed, setup(seed, SOME.get((int) (seed % SOME.size())), 1).withFastFailover()),
        world -> world.faults.run(LONG));
  }

  // ---- without ----

  @Test
  void theTroublesOfAFollowerCostTheOthersNothing() {
    forEachSeed(
        "theTroublesOfAFollowerCostTheOthersNothing",
        EngineSimulationTest::calm,
        world -> {
          Set<ServerId> others = new TreeSet<>(world.ids());
          ServerId leader = world.leader().orElseThrow().id();
          others.remove(leader);
          ServerId victim = world.anyOf(List.copyOf(others));
          others.add(leader);
          others.remove(victim);
          if (!world.setup.voters().isQuorum(others)) {
            return;
          }
          trouble(world, world.server(victim), leader);
          keepsIt(world, () -> world.agree(others));
          world.network.heal(victim, leader);
          findsALeader(world, () -> world.agree(world.ids()), bound(world));
          assertEquals(0, world.history.revocations(), "L2 (the others keep their leader)");
        });
  }

  private static void trouble(SimWorld world, SimServer victim, ServerId leader) {
    long lasts = world.upTo(5 * world.setup.lease());
    switch (world.random.nextInt(7)) {
      case 0 -> world.network.block(victim.id, leader, lasts);
      case 1 -> world.network.mute(victim.id, leader, List.of(leader), lasts / 2, lasts);
      case 2 -> world.network.mute(victim.id, leader, List.of(victim.id), lasts / 2, lasts);
      case 3 -> {
        victim.crash();
        world.time.after(lasts, victim::start);
      }
      case 4 -> victim.life().ifPresent(life -> world.faults.leave(life, lasts));
      case 5 -> victim.life().ifPresent(life -> life.pause(lasts));
      default ->
          victim
              .life()
              .ifPresent(
                  life -> {
                    life.give(new Input.LookAgain());
                    life.give(new Input.Eligible(false));
                    world.time.after(lasts, () -> life.give(new Input.Eligible(true)));
                  });
    }
  }

  @Test
  void whenTheLeaderDiesTheNextOneLeadsSoonAfterItsLease() {
    forEachSeed(
        "whenTheLeaderDiesTheNextOneLeadsSoonAfterItsLease",
        EngineSimulationTest::calm,
        world ->
            isReplacedWithin(
                world.setup.timings().grant().toNanos() + SimTime.SECOND / 2,
                world,
                leader -> leader.server.crash()));
  }

  @Test
  void withFastFailoverADeadLeaderIsReplacedAtOnce() {
    forEachSeed(
        "withFastFailoverADeadLeaderIsReplacedAtOnce",
        seed -> calm(seed, calmSetup(seed).withFastFailover()),
        world -> isReplacedWithin(SimTime.SECOND / 4, world, leader -> leader.server.crash()));
  }

  @Test
  void aLeaderThatLeavesIsReplacedAtOnce() {
    forEachSeed(
        "aLeaderThatLeavesIsReplacedAtOnce",
        EngineSimulationTest::calm,
        world ->
            isReplacedWithin(
                world.setup.timings().grant().toNanos() + SimTime.SECOND / 2,
                world,
                leader -> leader.give(new Input.Leave())));
  }

  private static void isReplacedWithin(long bound, SimWorld world, Consumer<SimProcess> event) {
    var others = new TreeSet<>(world.ids());
    SimProcess leader = world.leader().orElseThrow();
    others.remove(leader.id());
    boolean possible =
        world.setup.voters().isQuorum(others) && others.stream().anyMatch(world.setup::mayLead);
    if (possible) {
      event.accept(leader);
      findsALeader(world, () -> world.agree(others), bound);
      keepsIt(world, () -> world.agree(others));
    }
  }

  // ---- worlds ----

  private static SimSetup setup(long seed, AlgorithmKind kind, int minVoters) {
    return SimSetup.draw(new Random(~seed), kind, minVoters);
  }

  private static SimSetup calmSetup(long seed) {
    return setup(seed, AlgorithmKind.FAST, 3).withoutPreference();
  }

  private static SimWorld world(long seed, SimSetup setup) {
    return new SimWorld(setup, seed);
  }

  private static SimWorld calm(long seed) {
    return calm(seed, calmSetup(seed));
  }

  /** All are well and know their first leader. */
  private static SimWorld calm(long seed, SimSetup setup) {
    SimWorld world = world(seed, setup);
    world.faults.end(Set.copyOf(world.ids()), Rest.GONE);
    world.time.run(5 * setup.lease() + world.upTo(2 * setup.lease()));
    return world;
  }

  private static Set<ServerId> faultsUntilAQuorumIsWell(SimWorld world, Rest rest) {
    world.faults.run(SHORT);
    Set<ServerId> well = drawQuorum(world);
    world.faults.end(well, rest);
    world.time.run(LAST_NEWS);
    return well;
  }

  /**
   * Voters that are a quorum and one of which may lead, perhaps more, and any observer. One with an
   * empty store is not counted: it waits for those that may know what it has promised.
   */
  private static Set<ServerId> drawQuorum(SimWorld world) {
    var order = new ArrayList<>(world.ids());
    Collections.shuffle(order, world.random);
    var well = new TreeSet<ServerId>();
    var counted = new TreeSet<ServerId>();
    for (ServerId id : order) {
      boolean enough =
          world.setup.voters().isQuorum(counted) && counted.stream().anyMatch(world.setup::mayLead);
      if (!enough || world.random.nextInt(4) == 0) {
        well.add(id);
        if (world.server(id).disk().isPresent()) {
          counted.add(id);
        }
      }
    }
    return well;
  }

  // ---- what is promised ----

  /** Returns how long a nomination takes that fails, and all that binds the voters before. */
  private static long bound(SimWorld world) {
    LeaseTimings t = world.setup.timings();
    int failed = Proposer.NOMINATION_WAIT + Tenure.UNCONFIRMED_WAIT;
    return 2 * t.grant().toNanos()
        + failed * t.suspectAfter().toNanos()
        + world.electionTimings.confirmWait().toNanos();
  }

  private static void findsALeader(SimWorld world, BooleanSupplier found, long bound) {
    long end = world.time.now() + bound;
    while (!found.getAsBoolean() && world.time.now() < end) {
      world.time.run(STEP);
    }
    assertTrue(found.getAsBoolean(), "L1 (a quorum finds a leader)");
  }

  /** Only for one that is to be preferred does a leader make room. */
  private static void keepsIt(SimWorld world, BooleanSupplier kept) {
    long epoch = world.history.latest().orElseThrow().token().epoch();
    ServerId leader = world.leader().orElseThrow().id();
    world.time.run(STAYS_LEASES * world.setup.lease());
    assertTrue(kept.getAsBoolean(), "L1 (a leader stays)");
    for (ServerId next : world.history.leadersAfter(epoch)) {
      assertTrue(
          world.setup.priority(next) > world.setup.priority(leader),
          "L1 (a leader stays): " + next + " after " + leader);
      leader = next;
    }
  }

  private static void forEachSeed(
      String method, LongFunction<SimWorld> make, Consumer<SimWorld> scenario) {
    long from = ONE_SEED >= 0 ? ONE_SEED : FIRST_SEED;
    long to = ONE_SEED >= 0 ? ONE_SEED + 1 : FIRST_SEED + SEEDS;
    for (long seed = from; seed < to; seed++) {
      SimWorld world = make.apply(seed);
      try {
        scenario.accept(world);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            String.format(
                "seed %d (replay: -Dtest=EngineSimulationTest#%s -Dsim.seed=%d): %s%n%s%n%s",
                seed, method, seed, e.getMessage(), world.setup, world.time.trace()),
            e);
      }
    }
  }
}
