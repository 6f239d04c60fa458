package io.quorate.benchmarks.ensemble;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Servers of ours. They are started by the caller's thread, which must be one of the platform. */
final class OurEnsemble implements Ensemble {
  private static final long PATIENCE_SECONDS = 10;
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Places places;
  private final UnaryOperator<LeaderElectionConfig.Builder> settings;
  private final BiConsumer<ServerId, ElectionEvent> listener;
  private final List<LeaderElection> servers = new ArrayList<>();
  private final Agreement agreement = new Agreement();

  /** Prepares servers with settings of their own, and somebody who is told what they tell. */
  OurEnsemble(
      Places places,
      UnaryOperator<LeaderElectionConfig.Builder> settings,
      BiConsumer<ServerId, ElectionEvent> listener) {
    this.places = places;
    this.settings = settings;
    this.listener = listener;
  }

  /** Prepares servers that only elect. */
  static OurEnsemble electing(Places places) {
    return new OurEnsemble(
        places, LeaderElectionConfig.Builder::electionOnly, OurEnsemble::nobodyListens);
  }

  static void nobodyListens(ServerId server, ElectionEvent event) {
    // Who measures by views needs no events.
  }

  List<LeaderElection> servers() {
    return List.copyOf(servers);
  }

  List<String> disagreements() {
    return agreement.disagreements();
  }

  /** Starts all. */
  void start() {
    agreement.expect(places.voters());
    for (Member member : places.members()) {
      ServerId id = member.id();
      LeaderElectionConfig config =
          settings.apply(LeaderElectionConfig.builder(id).ensemble(places.ours())).build();
      servers.add(
          LeaderElection.start(
              config,
              event -> {
                agreement.tell(id, event);
                listener.accept(id, event);
              }));
    }
  }

  @Override
  public long cold() throws InterruptedException {
    long start = System.nanoTime();
    start();
    agreement.await(servers, _ -> true);
    return System.nanoTime() - start;
  }

  @Override
  public void link() {
    await(
        "not all links are up",
        server -> server.view().reachableVoters().size() == places.voters());
  }

  /** Waits until all know that a majority has promised the leader its epoch. */
  void awaitConfirmed() {
    await("not confirmed", server -> server.view().confirmed());
  }

  private interface Condition {
    boolean holds(LeaderElection server);
  }

  private void await(String otherwise, Condition condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!servers.stream().allMatch(condition::holds)) {
      if (System.nanoTime() - deadline > 0) {
        throw new Hang(
            otherwise + " within " + PATIENCE_SECONDS + " s", Agreement.describe(servers));
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  @Override
  public long again() throws InterruptedException {
    long before = servers.stream().mapToLong(each -> each.view().round()).max().orElse(0);
    agreement.expect(servers.size());
    long start = System.nanoTime();
    servers.forEach(LeaderElection::lookAgain);
    agreement.await(servers, view -> view.round() > before);
    return System.nanoTime() - start;
  }

  /** Closes one of them; returns the nanoseconds until the others agree on another one. */
  long close(LeaderElection one) throws InterruptedException {
    List<LeaderElection> others = servers.stream().filter(each -> each != one).toList();
    agreement.expect(others.size());
    var closing = Thread.ofPlatform().name("closing").unstarted(one::close);
    long start = System.nanoTime();
    closing.start();
    agreement.await(others, view -> !view.leader().equals(Optional.of(one.self())));
    long nanos = System.nanoTime() - start;
    closing.join();
    return nanos;
  }

  /** Returns the server that leads, by its own view. */
  LeaderElection leader() {
    return servers.stream()
        .filter(each -> each.view().leader().equals(Optional.of(each.self())))
        .findFirst()
        .orElseThrow(() -> new Hang("nobody leads", Agreement.describe(servers)));
  }

  @Override
  public long votesSent() {
    return servers.stream().map(LeaderElection::counters).mapToLong(OurEnsemble::votesSent).sum();
  }

  /** Those that were replaced by a newer one never went out. */
  private static long votesSent(Map<String, Long> counters) {
    return counters.getOrDefault("notificationsSent", 0L) - counters.getOrDefault("replaced", 0L);
  }

  @Override
  public void close() {
    servers.parallelStream().forEach(LeaderElection::close);
    servers.clear();
  }
}
