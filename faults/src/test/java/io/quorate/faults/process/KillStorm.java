package io.quorate.faults.process;

import io.quorate.faults.ensemble.History;
import io.quorate.faults.ensemble.Judge;
import io.quorate.faults.ensemble.Servers;
import io.quorate.faults.ensemble.Told;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * All servers of an ensemble, killed with SIGKILL again and again at random moments, and restarted
 * with what their disks hold. The moments come of a seed; what they meet does not.
 */
final class KillStorm {

  /** Short, so that a restart that waits one lease is soon over and many terms begin. */
  private static final List<String> OPTIONS =
      List.of("--lease=400ms", "--heartbeat=100ms", "--suspect-after=600ms");

  /** Up to how long all live before they are killed. */
  private static final int LIFE_MILLIS = 2000;

  /** Up to how long they live on after what a generation waits for. */
  private static final int AFTER_MILLIS = 40;

  /**
   * Up to how long they live on after their leader alone was killed: less and more than it lasts.
   */
  private static final int AFTER_LEADER_MILLIS = 1200;

  /** How long a generation waits for what it wants to be killed at. */
  private static final Duration WAIT = Duration.ofSeconds(15);

  private final Servers servers;
  private final History history;
  private final Random random;
  private final List<String> violations = new ArrayList<>();
  private int generations;
  private long largestBefore;

  /**
   * What came of it.
   *
   * @param generations how often all were killed
   * @param lives how many processes were started
   * @param grants how many terms were told
   * @param lastEpoch of the leader at the end
   * @param lastWait from the last restart until all agreed on their leader
   * @param violations what must not be
   */
  record Outcome(
      int generations,
      int lives,
      long grants,
      long lastEpoch,
      Duration lastWait,
      List<String> violations) {}

  private KillStorm(Servers servers, Random random) {
    this.servers = servers;
    this.history = servers.history();
    this.random = random;
  }

  /**
   * Lets it rage.
   *
   * @param limit within which a leader must stand after the last restart
   */
  static Outcome run(Path launcher, Path parent, int count, Plan plan, Duration limit)
      throws IOException, InterruptedException {
    try (var servers = new Servers(launcher, parent, count, OPTIONS)) {
      var storm = new KillStorm(servers, new Random(plan.seed()));
      long end = System.nanoTime() + plan.time().toNanos();
      while (System.nanoTime() - end < 0) {
        storm.generation();
      }
      return storm.calm(limit);
    }
  }

  /**
   * How long, and which moments.
   *
   * @param time after which the last restart comes
   * @param seed of the random moments
   */
  record Plan(Duration time, long seed) {}

  private void generation() throws IOException, InterruptedException {
    int mark = history.mark();
    servers.startAll();
    switch (random.nextInt(4)) {
      case 0 -> pause(LIFE_MILLIS);
      case 1 -> {
        awaitAny(mark, told -> told.what() instanceof Told.Elected, "somebody is elected");
        pause(AFTER_MILLIS);
      }
      case 2 -> {
        awaitAny(mark, told -> told.what() instanceof Told.Granted, "somebody leads");
        pause(AFTER_MILLIS);
      }
      default -> {
        long leader = awaitAny(mark, told -> told.what() instanceof Told.Granted, "one leads");
        pause(AFTER_MILLIS);
        servers.killAll(List.of(leader));
        pause(AFTER_LEADER_MILLIS);
      }
    }
    var order = new ArrayList<>(servers.ids());
    Collections.shuffle(order, random);
    servers.killAll(order);
    generations++;
    compareWithEarlier(mark);
  }

  private long awaitAny(int mark, Predicate<Told> wanted, String what) throws InterruptedException {
    return history.awaitAfter(
        mark,
        told -> wanted.test(told) ? Optional.of(told.server()) : Optional.empty(),
        WAIT,
        what);
  }

  /** All were dead in between: whatever the times of the lines, what is granted now is larger. */
  private void compareWithEarlier(int mark) {
    List<Told> now = history.since(mark);
    for (Told told : now) {
      if (told.what() instanceof Told.Granted(long epoch) && epoch <= largestBefore) {
        violations.add("after a restart of all, an epoch not above " + largestBefore + ": " + told);
      }
    }
    for (Told told : now) {
      largestBefore = Math.max(largestBefore, epoch(told));
    }
  }

  private static long epoch(Told told) {
    return switch (told.what()) {
      case Told.Granted(long epoch) -> epoch;
      case Told.Valid(long epoch, long _) -> epoch;
      case Told.Revoked(long epoch, String _) -> epoch;
      case Told.Knows(long _, long epoch, boolean confirmed) -> confirmed ? epoch : 0;
      case Told.Listening _, Told.Looking _, Told.Elected _, Told.Other _ -> 0;
    };
  }

  private Outcome calm(Duration limit) throws IOException, InterruptedException {
    int mark = history.mark();
    long restarted = System.nanoTime();
    servers.startAll();
    Told.Knows leader = servers.awaitAgreement(limit);
    Duration wait = Duration.ofNanos(System.nanoTime() - restarted);
    compareWithEarlier(mark);
    List<Told> merged = history.merged();
    violations.addAll(history.complaints());
    violations.addAll(Judge.violations(merged, true));
    long grants = merged.stream().filter(told -> told.what() instanceof Told.Granted).count();
    return new Outcome(
        generations, servers.lives(), grants, leader.epoch(), wait, List.copyOf(violations));
  }

  private void pause(int mostMillis) throws InterruptedException {
    long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(mostMillis));
    var _ = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
  }
}
