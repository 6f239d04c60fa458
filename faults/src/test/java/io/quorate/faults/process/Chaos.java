package io.quorate.faults.process;

import io.quorate.faults.ensemble.History;
import io.quorate.faults.ensemble.Judge;
import io.quorate.faults.ensemble.NodeProcess;
import io.quorate.faults.ensemble.Told;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Processes that are killed, stopped, restarted, starved and given other clocks and failing disks,
 * one fault after the other, and what their leaders write meanwhile. In each round every {@link
 * Fault} comes once, in an order that the seed decides, as it decides whom it befalls and for how
 * long; what it meets does not come of the seed.
 */
final class Chaos {

  private static final int SERVERS = 3;

  private static final Duration LEASE = Duration.ofMillis(400);
  private static final Duration SUSPECT_AFTER = Duration.ofMillis(600);

  /** No clock runs faster than another by more: the fastest against the slowest. */
  private static final double DRIFT = 0.106;

  private static final List<String> OPTIONS =
      List.of(
          "--lease=" + LEASE.toMillis() + "ms",
          "--heartbeat=100ms",
          "--suspect-after=" + SUSPECT_AFTER.toMillis() + "ms",
          "--drift=" + DRIFT);

  /** How long a voter is bound, by the machine's clock at most: the slowest clock's. */
  private static final Duration BOUND_FOR = slowest(LEASE, 1 + DRIFT);

  /** What a machine that does other things, too, may add to all that the servers do. */
  private static final Duration BUSY = Duration.ofSeconds(10);

  /**
   * How long it takes at most that somebody leads when a majority runs: the leader's silence is
   * noticed, the voters are free, and the election and one disk take what they take. A voter that
   * was killed and restarted is bound for as long as one that was not, from when it listens.
   */
  private static final Duration LEADER_WITHIN =
      slowest(SUSPECT_AFTER, 1).plus(BOUND_FOR).plus(BUSY);

  /** The same with the start of all JVMs, and with the others' learning who it is. */
  private static final Duration BACK_WITHIN = LEADER_WITHIN.plus(BOUND_FOR).plus(BUSY);

  /** Up to how many leases a process is stopped. */
  private static final int MOST_LEASES = 10;

  /** After so many without running a leader has none left. */
  private static final int LEASE_IS_OVER = 2;

  /** Rates of which the first's lease lasts half as long again as the second's promise. */
  private static final double MUCH_TOO_SLOW = 0.8;

  private static final double MUCH_TOO_FAST = 1.25;

  /** Up to how often what is needed and comes by chance is tried. */
  private static final int MOST_TRIES = 5;

  /** Up to how long all is well before the next fault: somewhere between heartbeats. */
  private static final Duration QUIET = Duration.ofMillis(300);

  /** Busy processes have a fifth of their processor at least: a host may take the rest of it. */
  private static final int LEAST_SHARE = 5;

  /** Up to how long a restart comes after the last one. */
  private static final Duration BETWEEN_STARTS = Duration.ofMillis(500);

  /** For how long a processor is taken. */
  private static final Duration STARVED_AT_LEAST = Duration.ofMillis(800);

  private static final Duration STARVED_AT_MOST = Duration.ofSeconds(3);

  private final Workers workers;
  private final History history;
  private final Random random;
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private final List<String> violations = new ArrayList<>();

  /** Where the history was when the present fault was still to come. */
  private int begun;

  /**
   * How long, and which choices.
   *
   * @param time after which no fault begins, once each has come
   * @param seed of the choices
   */
  record Plan(Duration time, long seed) {}

  private Chaos(Workers workers, long seed) {
    this.workers = workers;
    this.history = workers.history();
    this.random = new Random(seed);
    for (Fault fault : Fault.values()) {
      counts.put(fault, 0);
    }
  }

  private static Duration slowest(Duration own, double factor) {
    return Duration.ofNanos((long) (own.toNanos() * factor / Clocks.SLOWEST));
  }

  /**
   * Lets it rage.
   *
   * @param image the packaged command
   * @param directory where all files go; what is there is deleted
   */
  static Report run(Path image, Path directory, Plan plan)
      throws IOException, InterruptedException {
    try (var workers = new Workers(image, directory, SERVERS, OPTIONS)) {
      var chaos = new Chaos(workers, plan.seed());
      long start = System.nanoTime();
      try {
        chaos.rage(start + plan.time().toNanos());
      } catch (History.Missing missing) {
        chaos.violations.add(missing.getMessage() + workers.logs());
      }
      return chaos.report(Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /**
   * Gives the clocks rates that are further apart than the promised drift, and kills leaders until
   * somebody leads too early: a judge who does not see that sees nothing.
   *
   * @return what must not be, and is
   */
  static List<String> beyondTheDrift(Path image, Path directory)
      throws IOException, InterruptedException {
    try (var workers = new Workers(image, directory, SERVERS, OPTIONS)) {
      List<String> found = List.of();
      for (int tries = 0; found.isEmpty() && tries < MOST_TRIES; tries++) {
        var chaos = new Chaos(workers, tries);
        long expected = Collections.max(workers.ids());
        for (long id : workers.ids()) {
          workers.surroundings().setRate(id, id == expected ? MUCH_TOO_SLOW : MUCH_TOO_FAST);
        }
        workers.start(workers.ids());
        chaos.killLeader(workers.agree(BACK_WITHIN));
        workers.agree(BACK_WITHIN);
        workers.kill(workers.ids());
        found = Judge.violations(workers.history().merged(), true);
      }
      return found;
    }
  }

  private void rage(long end) throws IOException, InterruptedException {
    for (long id : workers.ids()) {
      workers.surroundings().setRate(id, anyRate());
    }
    workers.start(shuffled(workers.ids()));
    workers.agree(BACK_WITHIN);
    boolean eachCame = false;
    while (!eachCame || System.nanoTime() - end < 0) {
      for (Fault fault : shuffled(List.of(Fault.values()))) {
        if (!eachCame || System.nanoTime() - end < 0) {
          befall(fault);
        }
      }
      eachCame = true;
    }
    for (int tries = 0; workers.ledger().refusals().isEmpty() && tries < MOST_TRIES; tries++) {
      befall(Fault.LEADER_STOPPED);
    }
  }

  private void befall(Fault fault) throws IOException, InterruptedException {
    begun = history.mark();
    Told.Knows leader = workers.agree(BACK_WITHIN);
    pause(upTo(QUIET));
    switch (fault) {
      case LEADER_KILLED -> killLeader(leader);
      case FOLLOWER_KILLED -> killAndRestart(List.of(anyBut(leader.leader())));
      case MAJORITY_KILLED -> killAndRestart(shuffled(workers.ids()).subList(1, SERVERS));
      case LEADER_STOPPED -> stopLeader(leader);
      case FOLLOWER_STOPPED -> stop(List.of(anyBut(leader.leader())), upToMostLeases());
      case ALL_STOPPED -> stop(shuffled(workers.ids()), upToMostLeases());
      case ROLLING_RESTART -> restartAll();
      case CLOCKS_APART -> setClocksApart();
      case DISK_FULL -> fillDisk(any(workers.ids()));
      case DISK_READ_ONLY -> makeDiskReadOnly(any(workers.ids()));
      case FSYNC_FAILS -> failFsync(any(workers.ids()));
      case STARVED -> starve(random.nextInt(3) > 0 ? leader.leader() : any(workers.ids()));
    }
    workers.agree(BACK_WITHIN);
    counts.merge(fault, 1, Integer::sum);
  }

  // ---- signals ----

  private void killLeader(Told.Knows leader) throws IOException, InterruptedException {
    workers.kill(List.of(leader.leader()));
    // Back at once it is one more that may be bound; back late the others elect without it.
    boolean backAtOnce = random.nextBoolean();
    if (backAtOnce) {
      workers.start(leader.leader());
    }
    awaitSuccessor(leader.epoch());
    if (!backAtOnce) {
      workers.start(leader.leader());
    }
  }

  private void killAndRestart(List<Long> ids) throws IOException, InterruptedException {
    workers.kill(ids);
    for (long id : shuffled(ids)) {
      pause(upTo(BETWEEN_STARTS));
      workers.start(id);
    }
  }

  private void stopLeader(Told.Knows leader) throws IOException, InterruptedException {
    NodeProcess process = workers.process(leader.leader());
    Duration time = upToMostLeases();
    int mark = history.mark();
    long resumed = stop(List.of(leader.leader()), time);
    if (time.compareTo(LEASE.multipliedBy(LEASE_IS_OVER)) > 0) {
      workers.agree(BACK_WITHIN);
      history.since(mark).stream()
          .filter(told -> told.life() == process.life() && told.nanos() - resumed > 0)
          .filter(told -> told.what() instanceof Told.Valid(long e, _) && e == leader.epoch())
          .forEach(told -> violations.add("valid after it was stopped: " + told));
    }
  }

  /** Returns a time just before the first goes on. */
  private long stop(List<Long> ids, Duration time) throws IOException, InterruptedException {
    for (long id : ids) {
      workers.process(id).stop();
    }
    pause(time);
    long resumed = System.nanoTime();
    for (long id : shuffled(ids)) {
      workers.process(id).resume();
    }
    return resumed;
  }

  private void restartAll() throws IOException, InterruptedException {
    for (long id : shuffled(workers.ids())) {
      workers.terminateWell(id);
      pause(upTo(BETWEEN_STARTS));
      workers.start(id);
      workers.agree(BACK_WITHIN);
    }
  }

  // ---- clocks ----

  /**
   * The worst that the promised drift allows is a leader with the slowest clock, which counts on
   * its lease for long, among voters with the fastest, which are free early. The server of the
   * largest id usually leads when all start.
   */
  private void setClocksApart() throws IOException, InterruptedException {
    for (long id : shuffled(workers.ids())) {
      workers.terminateWell(id);
    }
    long expected = Collections.max(workers.ids());
    boolean worst = random.nextInt(4) > 0;
    for (long id : workers.ids()) {
      double apart = id == expected ? Clocks.SLOWEST : Clocks.FASTEST;
      workers.surroundings().setRate(id, worst ? apart : anyRate());
    }
    workers.start(shuffled(workers.ids()));
    Told.Knows leader = workers.agree(BACK_WITHIN);
    pause(upTo(QUIET));
    killLeader(leader);
  }

  /** Often an extreme one, and sometimes none of its own. */
  private double anyRate() {
    return switch (random.nextInt(4)) {
      case 0 -> Clocks.SLOWEST;
      case 1 -> Clocks.FASTEST;
      case 2 -> Math.round(1000 * random.nextDouble(Clocks.SLOWEST, Clocks.FASTEST)) / 1000.0;
      default -> 1;
    };
  }

  // ---- disks ----

  private void fillDisk(long victim) throws IOException, InterruptedException {
    workers.disks().fill(victim);
    awaitStoreFailure(victim);
    workers.disks().free(victim);
    restartBroken(victim);
  }

  private void makeDiskReadOnly(long victim) throws IOException, InterruptedException {
    workers.disks().makeReadOnly(victim);
    awaitStoreFailure(victim);
    workers.terminate(victim);
    workers.start(victim);
    if (workers.awaitExit(victim) == 0) {
      violations.add("server " + victim + " ended well, though it could not write");
    }
    workers.disks().makeWritable(victim);
    workers.start(victim);
  }

  private void failFsync(long victim) throws IOException, InterruptedException {
    workers.surroundings().prepareFailures(victim, true);
    restartBroken(victim);
    workers.agree(BACK_WITHIN);
    workers.surroundings().failFsync(workers.process(victim));
    awaitStoreFailure(victim);
    workers.surroundings().prepareFailures(victim, false);
    restartBroken(victim);
  }

  /**
   * Nothing is written but for a promise, so another has to become the leader. The others do, and
   * the one that cannot write follows.
   */
  private void awaitStoreFailure(long victim) throws IOException, InterruptedException {
    int life = workers.process(victim).life();
    int mark = history.mark();
    Told.Knows leader = workers.agree(BACK_WITHIN);
    if (leader.leader() == victim) {
      workers.process(victim).stop();
      awaitSuccessor(leader.epoch());
      workers.process(victim).resume();
    } else {
      workers.terminateWell(leader.leader());
      workers.start(leader.leader());
    }
    workers.awaitTold(
        mark,
        life,
        what -> what instanceof Told.Other(String line) && line.contains("\"storeFailed\""),
        BACK_WITHIN,
        "server " + victim + " notices that it cannot write");
    long next = workers.agree(BACK_WITHIN).leader();
    if (next == victim) {
      violations.add("server " + victim + " leads, though it cannot write");
    }
  }

  /** Its end may be no clean one: it cannot write that it was. */
  private void restartBroken(long id) throws IOException, InterruptedException {
    workers.terminate(id);
    workers.start(id);
  }

  // ---- the processor ----

  private void starve(long victim) throws IOException, InterruptedException {
    int processor = random.nextInt(Runtime.getRuntime().availableProcessors());
    Duration most = STARVED_AT_MOST.minus(STARVED_AT_LEAST);
    Duration time = STARVED_AT_LEAST.plus(upTo(most));
    try (var busy = new BusyProcesses(workers.process(victim).pid(), processor)) {
      pause(time);
      if (busy.taken().compareTo(time.dividedBy(LEAST_SHARE)) < 0) {
        violations.add("in " + time + " busy processes had only " + busy.taken());
      }
    }
  }

  // ---- helpers ----

  /** On a busy machine somebody else may lead by the time at which the leader is done harm to. */
  private void awaitSuccessor(long epoch) throws InterruptedException {
    history.awaitAfter(
        begun,
        told ->
            told.what() instanceof Told.Granted(long later) && later > epoch
                ? Optional.of(later)
                : Optional.empty(),
        LEADER_WITHIN,
        "somebody leads after epoch " + epoch);
  }

  private Report report(Duration time) {
    List<Told> merged = history.merged();
    Clocks.Seen clocks = Clocks.look(merged, workers.surroundings().ratesOfLives());
    FencedStore.Ledger ledger = workers.ledger();
    violations.addAll(history.complaints());
    violations.addAll(Judge.violations(merged, true));
    violations.addAll(ledger.violations());
    violations.addAll(clocks.violations());
    violations.addAll(Terms.violations(merged));
    return new Report(
        time,
        counts,
        workers.lives(),
        workers.hanging(),
        Terms.of(merged),
        ledger,
        clocks,
        List.copyOf(violations));
  }

  private long any(List<Long> ids) {
    return ids.get(random.nextInt(ids.size()));
  }

  private long anyBut(long id) {
    return any(workers.ids().stream().filter(other -> other != id).toList());
  }

  private <T> List<T> shuffled(List<T> list) {
    var copy = new ArrayList<>(list);
    Collections.shuffle(copy, random);
    return copy;
  }

  private Duration upToMostLeases() {
    return upTo(LEASE.multipliedBy(MOST_LEASES));
  }

  private Duration upTo(Duration most) {
    return Duration.ofNanos(random.nextLong(most.toNanos()));
  }

  /** Lets a fault last. */
  private static void pause(Duration time) throws InterruptedException {
    var _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
