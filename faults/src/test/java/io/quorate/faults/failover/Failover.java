package io.quorate.faults.failover;

import io.quorate.faults.ensemble.History;
import io.quorate.faults.ensemble.Judge;
import io.quorate.faults.ensemble.NodeProcess;
import io.quorate.faults.ensemble.Servers;
import io.quorate.faults.ensemble.Told;
import io.quorate.faults.host.Hosts;
import io.quorate.faults.host.Rule;
import io.quorate.faults.host.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Rounds of one failure in one ensemble: everybody agrees, the leader fails, the time until the
 * next one is granted its term is taken, and the failed one comes back.
 */
final class Failover {

  /** What a voter that was killed needs besides to be a full one again. */
  private static final Duration MARGIN = Duration.ofMillis(150);

  /** Up to how long a round waits besides, so that it begins anywhere between two heartbeats. */
  private static final int HEARTBEAT_MILLIS = 150;

  /** How long a leader that was stopped runs on before the next round: it could do harm here. */
  private static final Duration AFTERMATH = Duration.ofMillis(100);

  /**
   * What came of it.
   *
   * @param times from just before the signal, or the command that cuts the leader off, until the
   *     successor told that it was granted
   * @param violations what must not be
   */
  record Outcome(Times times, List<String> violations) {}

  private final Failure failure;
  private final Servers servers;
  private final Optional<Hosts> hosts;
  private final Random random;

  private Failover(Failure failure, Servers servers, Optional<Hosts> hosts) {
    this.failure = failure;
    this.servers = servers;
    this.hosts = hosts;
    this.random = new Random(servers.ids().size());
  }

  /** Runs them. */
  static Outcome run(Path launcher, Path parent, Failure failure, int count, int rounds)
      throws IOException, InterruptedException {
    if (!failure.isOfTheNetwork()) {
      var servers = new Servers(launcher, parent, count, failure.options());
      return run(failure, servers, Optional.empty(), rounds);
    }
    try (Hosts hosts = Hosts.make(count)) {
      var servers = new Servers(launcher, parent, hosts.members(), hosts::on);
      return run(failure, servers, Optional.of(hosts), rounds);
    }
  }

  private static Outcome run(Failure failure, Servers prepared, Optional<Hosts> hosts, int rounds)
      throws IOException, InterruptedException {
    var times = new ArrayList<Long>();
    History history = prepared.history();
    try (Servers servers = prepared) {
      servers.startAll();
      var failover = new Failover(failure, servers, hosts);
      for (int round = 0; round < rounds; round++) {
        times.add(failover.round());
      }
      servers.awaitAgreement(Servers.LIMIT);
    }
    var violations = new ArrayList<>(history.complaints());
    violations.addAll(Judge.violations(history.merged(), failure.leasesLast()));
    return new Outcome(new Times(times), violations);
  }

  private long round() throws IOException, InterruptedException {
    servers.awaitAgreement(Servers.LIMIT);
    awaitAllBeingFullVoters();
    Told.Knows old = servers.awaitAgreement(Servers.LIMIT);
    pause(Duration.ofNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS))));
    int mark = servers.history().mark();
    NodeProcess leader = servers.process(old.leader());
    long start = System.nanoTime();
    switch (failure) {
      case TERMINATED -> leader.terminate();
      case KILLED, KILLED_FAST -> leader.kill();
      case STOPPED -> leader.stop();
      case CUT_OFF -> cut(Way.of(old.leader(), servers.ids()));
      case MUTE -> cut(Way.from(old.leader(), servers.ids()));
      case DEAF -> cut(Way.to(old.leader(), servers.ids()));
    }
    long granted =
        servers
            .history()
            .awaitAfter(
                mark, told -> grantAfter(told, old.epoch()), Servers.LIMIT, "a successor leads");
    comeBack(old, leader);
    return granted - start;
  }

  private static Optional<Long> grantAfter(Told told, long epoch) {
    return told.what() instanceof Told.Granted(long later) && later > epoch
        ? Optional.of(told.nanos())
        : Optional.empty();
  }

  /**
   * After SIGKILL a voter promises nothing for a while, and with one less another time is taken.
   */
  private void awaitAllBeingFullVoters() throws InterruptedException {
    Duration quiet = Failure.GRANT.plus(MARGIN);
    for (long id : servers.ids()) {
      Optional<Long> listens = servers.process(id).listeningSince();
      long since = listens.orElseThrow(() -> new IllegalStateException(id + " does not listen"));
      pause(quiet.minusNanos(System.nanoTime() - since));
    }
  }

  private void comeBack(Told.Knows old, NodeProcess leader)
      throws IOException, InterruptedException {
    switch (failure) {
      case TERMINATED, KILLED, KILLED_FAST -> {
        int exitCode = servers.awaitExit(old.leader());
        if (failure == Failure.TERMINATED && exitCode != 0) {
          servers.history().complain("SIGTERM ended with exit code " + exitCode);
        }
        servers.start(old.leader());
      }
      case STOPPED -> {
        long resumed = System.nanoTime();
        int mark = servers.history().mark();
        leader.resume();
        pause(AFTERMATH);
        servers.awaitAgreement(Servers.LIMIT);
        servers.history().since(mark).stream()
            .filter(told -> told.life() == leader.life() && told.nanos() > resumed)
            .filter(told -> told.what() instanceof Told.Valid(long e, _) && e == old.epoch())
            .forEach(told -> servers.history().complain("valid after it was stopped: " + told));
      }
      case CUT_OFF, MUTE, DEAF -> hosts().heal();
    }
  }

  private Hosts hosts() {
    return hosts.orElseThrow();
  }

  private void cut(List<Way> ways) throws IOException, InterruptedException {
    hosts().put(Rule.CUT, ways);
  }

  /** Lets time pass, which is what is measured here. */
  private static void pause(Duration time) throws InterruptedException {
    if (time.isPositive()) {
      var _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
