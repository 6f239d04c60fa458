package io.quorate.testkit.world;

import io.quorate.election.LeaseTimings;
import io.quorate.protocol.ServerId;
import io.quorate.testkit.Fault;
import io.quorate.testkit.world.Setup.AlgorithmKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Plays a script in two phases: first the faults, in which nothing may happen that {@link History}
 * forbids; then a quorum is well and the rest broken for good, and a leader must stand and stay.
 */
final class Run {

  /** How long a leader must stay, in leases. */
  private static final int STAYS_LEASES = 20;

  /** A nominee waits so many times {@code suspectAfter} for promises before it has failed. */
  private static final int NOMINATION_WAIT = 2;

  /** A server waits so many times {@code suspectAfter} for the lead of whom it elected. */
  private static final int UNCONFIRMED_WAIT = 3;

  /** When all have been told of what happened before the faults ended, but for what binds them. */
  private static final long LAST_NEWS = VirtualTime.SECOND;

  private static final long STEP = 10 * VirtualTime.MILLI;

  private final Script script;
  private final World world;
  private final boolean claimsLiveness;
  private long timeToLeader = -1;

  /**
   * What came of a run.
   *
   * @param script what was played
   * @param violation what went wrong, if anything did
   * @param faults how often each fault took effect
   * @param timeToLeader the virtual nanoseconds from the end of faults to a leader, if it was
   *     awaited
   * @param trace what happened, a line each, if it was asked for
   */
  record Result(
      Script script,
      Optional<ViolationException> violation,
      Map<Fault, Long> faults,
      long elections,
      long terms,
      long events,
      OptionalLong timeToLeader,
      List<String> trace) {

    /** Returns a checksum of everything that happened; the same for the same run. */
    String hash() {
      var sum = new CRC32C();
      trace.forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
      return "%08x-%d".formatted(sum.getValue(), trace.size());
    }
  }

  private Run(Script script, Tried tried, boolean claimsLiveness, boolean traced) {
    this.script = script;
    this.claimsLiveness = claimsLiveness;
    this.world = new World(script.setup(), script.seed(), tried, new VirtualTime(traced));
  }

  /** Plays a script. */
  static Result of(Script script, Tried tried, boolean claimsLiveness, boolean traced) {
    return new Run(script, tried, claimsLiveness, traced).play();
  }

  private Result play() {
    @Nullable ViolationException violation = null;
    try {
      if (script.mayOverlap()) {
        world.history.allowOverlaps();
      }
      world.faults.plan(script);
      world.time.run(script.end());
      if (claimsLiveness && script.setup().kind() == AlgorithmKind.GIVEN && !script.mayOverlap()) {
        liveness();
      }
      world.history.require(
          world.refusedNominations() == 0 || script.setup().kind() != AlgorithmKind.GIVEN,
          "validity (whoever is nominated can lead)",
          world.refusedNominations() + " could not");
    } catch (ViolationException e) {
      violation = e;
      world.time.note("****", e.property(), "is broken:", String.valueOf(e.getMessage()));
    }
    return new Result(
        script,
        Optional.ofNullable(violation),
        world.faults.counts(),
        world.elections(),
        world.history.grants(),
        world.time.events(),
        timeToLeader < 0 ? OptionalLong.empty() : OptionalLong.of(timeToLeader),
        world.time.trace());
  }

  private void liveness() {
    Set<ServerId> well = world.faults.end(script.well(), script.rest());
    long since = world.time.now();
    // Who was started anew at the end may not acknowledge the leader of that moment for so long.
    world.time.run(LAST_NEWS + world.setup.timings().grant().toNanos());
    switch (script.rest()) {
      case GONE -> {
        findsALeader(() -> world.agree(well), bound(), since);
        keepsIt(() -> world.agree(well));
      }
      case HALF_CONNECTED -> {
        long sitsOut = world.electionTimings.sitOutMax().toNanos();
        findsALeader(() -> world.leader().isPresent(), bound() + sitsOut, since);
        keepsIt(() -> world.leader().isPresent());
      }
      case FLAPPING -> {
        // They may lead themselves, and so may cost the others their leader. Who hears of such a
        // leader, and when, is up to its links.
        findsALeader(() -> world.agree(well) || isLedByNoneOf(well), bound(), since);
      }
    }
  }

  private boolean isLedByNoneOf(Set<ServerId> well) {
    return world.leader().filter(leader -> !well.contains(leader.id())).isPresent();
  }

  /** Returns how long a nomination takes that fails, and all that binds the voters before. */
  private long bound() {
    LeaseTimings t = world.setup.timings();
    int failed = NOMINATION_WAIT + UNCONFIRMED_WAIT;
    return 2 * t.grant().toNanos()
        + failed * t.suspectAfter().toNanos()
        + world.electionTimings.confirmWait().toNanos();
  }

  private void findsALeader(BooleanSupplier found, long bound, long since) {
    long end = world.time.now() + bound;
    while (!found.getAsBoolean() && world.time.now() < end) {
      world.time.run(STEP);
    }
    world.history.require(
        found.getAsBoolean(), "L1 (a quorum finds a leader)", "none within " + bound + " ns");
    timeToLeader = world.time.now() - since;
  }

  /** Only for one that is to be preferred does a leader make room. */
  private void keepsIt(BooleanSupplier kept) {
    long epoch = world.history.latest().orElseThrow().token().epoch();
    ServerId leader = world.leader().orElseThrow().id();
    world.time.run(STAYS_LEASES * world.setup.lease());
    world.history.require(kept.getAsBoolean(), "L1 (a leader stays)", leader + " does not");
    for (ServerId next : world.history.leadersAfter(epoch)) {
      world.history.require(
          world.setup.priority(next) > world.setup.priority(leader),
          "L1 (a leader stays)",
          next + " after " + leader);
      leader = next;
    }
  }
}
