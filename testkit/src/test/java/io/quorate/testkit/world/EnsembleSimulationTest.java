package io.quorate.testkit.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.LeaseTimings;
import io.quorate.election.engine.Input;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.protocol.ServerId;
import io.quorate.testkit.world.Script.Rest;
import io.quorate.testkit.world.Setup.AlgorithmKind;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * What one trouble costs an ensemble that is well otherwise. A failure names its seed; {@code
 * -Dsim.seed=N} plays it again, {@code -Dsim.ensembles=N} sets how many.
 */
class EnsembleSimulationTest {
  private static final int SEEDS = Integer.getInteger("sim.ensembles", 40);
  private static final long ONE_SEED = Long.getLong("sim.seed", -1);
  private static final int FEWEST_VOTERS = 3;
  private static final int STAYS_LEASES = 20;
  private static final long STEP = 10 * VirtualTime.MILLI;

  /** Failures after which a server stops, and the longest wait between two. */
  private static final long UNTIL_IT_STOPS = 2 * 20 * 5 * VirtualTime.SECOND;

  @Test
  void aServerWhoseAlgorithmFailsForGoodStopsAndLeadsNoMore() {
    forEachSeed(
        "aServerWhoseAlgorithmFailsForGoodStopsAndLeadsNoMore",
        seed -> world(seed, setup(seed, AlgorithmKind.FAILING)),
        world -> {
          world.faults.end(world.ids(), Rest.GONE);
          world.time.run(UNTIL_IT_STOPS);
          assertTrue(world.history.stops() > 0, "nobody stopped");
        });
  }

  // ---- without ----

  @Test
  void theTroublesOfAFollowerCostTheOthersNothing() {
    forEachSeed(
        "theTroublesOfAFollowerCostTheOthersNothing",
        EnsembleSimulationTest::calm,
        world -> {
          Set<ServerId> others = new TreeSet<>(world.ids());
          ServerId leader = world.leader().orElseThrow().id();
          others.remove(leader);
          ServerId victim = List.copyOf(others).get(world.tasks.nextInt(others.size()));
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

  private static void trouble(World world, Machine victim, ServerId leader) {
    long lasts = world.upTo(world.tasks, 5 * world.setup.lease());
    switch (world.tasks.nextInt(7)) {
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
        EnsembleSimulationTest::calm,
        world ->
            isReplacedWithin(
                world.setup.timings().grant().toNanos() + VirtualTime.SECOND / 2,
                world,
                leader -> leader.server.crash()));
  }

  @Test
  void withFastFailoverADeadLeaderIsReplacedAtOnce() {
    forEachSeed(
        "withFastFailoverADeadLeaderIsReplacedAtOnce",
        seed -> calm(seed, setup(seed, AlgorithmKind.GIVEN).withFastFailover()),
        world -> isReplacedWithin(VirtualTime.SECOND / 4, world, leader -> leader.server.crash()));
  }

  @Test
  void aLeaderThatLeavesIsReplacedAtOnce() {
    forEachSeed(
        "aLeaderThatLeavesIsReplacedAtOnce",
        EnsembleSimulationTest::calm,
        world ->
            isReplacedWithin(
                world.setup.timings().grant().toNanos() + VirtualTime.SECOND / 2,
                world,
                leader -> leader.give(new Input.Leave())));
  }

  private static void isReplacedWithin(long bound, World world, Consumer<ServerProcess> event) {
    var others = new TreeSet<>(world.ids());
    ServerProcess leader = world.leader().orElseThrow();
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

  private static World world(long seed, Setup setup) {
    var tried = new Tried(ElectionProvider.named("fast")::create, false);
    return new World(setup, seed, tried, new VirtualTime(true));
  }

  private static Setup setup(long seed, AlgorithmKind kind) {
    var random = new SplittableRandom(seed);
    int voters = FEWEST_VOTERS + random.nextInt(Setup.MAX_VOTERS + 1 - FEWEST_VOTERS);
    return Setup.draw(random, kind, voters).withoutPreference();
  }

  private static World calm(long seed) {
    return calm(seed, setup(seed, AlgorithmKind.GIVEN));
  }

  /** All are well and know their first leader. */
  private static World calm(long seed, Setup setup) {
    World world = world(seed, setup);
    world.faults.end(world.ids(), Rest.GONE);
    world.time.run(5 * setup.lease() + world.upTo(world.tasks, 2 * setup.lease()));
    return world;
  }

  // ---- what is promised ----

  private static long bound(World world) {
    LeaseTimings t = world.setup.timings();
    return 2 * t.grant().toNanos()
        + 5 * t.suspectAfter().toNanos()
        + world.electionTimings.confirmWait().toNanos();
  }

  private static void findsALeader(World world, BooleanSupplier found, long bound) {
    long end = world.time.now() + bound;
    while (!found.getAsBoolean() && world.time.now() < end) {
      world.time.run(STEP);
    }
    assertTrue(found.getAsBoolean(), "L1 (a quorum finds a leader)");
  }

  /** Only for one that is to be preferred does a leader make room. */
  private static void keepsIt(World world, BooleanSupplier kept) {
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
      String method, LongFunction<World> make, Consumer<World> scenario) {
    long from = Math.max(0, ONE_SEED);
    long to = ONE_SEED >= 0 ? ONE_SEED + 1 : SEEDS;
    for (long seed = from; seed < to; seed++) {
      World world = make.apply(seed);
      try {
        scenario.accept(world);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            String.format(
                "seed %d (replay: -Dtest=EnsembleSimulationTest#%s -Dsim.seed=%d): %s%n%s%n%s",
                seed,
                method,
                seed,
                e.getMessage(),
                world.setup,
                String.join("\n", world.time.trace())),
            e);
      }
    }
  }
}
