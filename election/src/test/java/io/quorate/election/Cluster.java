package io.quorate.election;

import static org.junit.jupiter.api.Assertions.fail;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Position;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.transport.TransportLimits;
import io.quorate.transport.spi.TransportProvider;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Servers of one ensemble in this process. */
final class Cluster implements AutoCloseable {
  /** A loaded machine must not make a server decide without the others. */
  private static final ElectionTimings PATIENT =
      new ElectionTimings(
          Duration.ofSeconds(3),
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          Duration.ofMillis(500),
          Duration.ofSeconds(30));

  private final EnsembleConfig ensemble;
  private final TransportProvider transport;
  private final SortedMap<Long, LeaderElection> running = new TreeMap<>();
  private final Map<Long, Supplier<Position>> positions = new HashMap<>();
  private final Map<Long, ElectionProvider> algorithms = new HashMap<>();
  private TransportLimits limits = TransportLimits.defaults();

  private Cluster(EnsembleConfig ensemble, TransportProvider transport) {
    this.ensemble = ensemble;
    this.transport = transport;
  }

  static Cluster inMemory(int voters, int observers) {
    return new Cluster(Ensembles.inMemory(voters, observers), TransportProvider.named("memory"));
  }

  static Cluster onLoopback(int voters, int observers) {
    return new Cluster(Ensembles.onLoopback(voters, observers), TransportProvider.named("tcp"));
  }

  void position(long id, Supplier<Position> position) {
    positions.put(id, position);
  }

  void algorithm(long id, ElectionProvider provider) {
    algorithms.put(id, provider);
  }

  void closeTimeout(Duration timeout) {
    limits = Ensembles.limits(timeout);
  }

  void startAll() {
    ensemble.members().keySet().stream()
        .map(ServerId::value)
        .filter(id -> !running.containsKey(id))
        .forEach(this::start);
  }

  LeaderElection start(long id) {
    return startWith(id, ensemble);
  }

  LeaderElection startWith(long id, EnsembleConfig config) {
    LeaderElectionConfig.Builder builder =
        LeaderElectionConfig.builder(ServerId.of(id))
            .ensemble(config)
            .electionOnly()
            .transport(transport)
            .timings(PATIENT)
            .limits(limits);
    if (positions.containsKey(id)) {
      builder.position(positions.get(id));
    }
    if (algorithms.containsKey(id)) {
      builder.algorithm(algorithms.get(id));
    }
    LeaderElection server = LeaderElection.start(builder.build());
    running.put(id, server);
    return server;
  }

  LeaderElection startObserver() {
    return startWith(ServerId.OBSERVER.value(), ensemble);
  }

  void stop(long id) {
    LeaderElection server = running.remove(id);
    if (server == null) {
      fail("server " + id + " does not run");
    } else {
      server.close();
    }
  }

  LeaderElection server(long id) {
    LeaderElection server = running.get(id);
    return server != null ? server : fail("server " + id + " does not run");
  }

  List<LeaderElection> servers() {
    return List.copyOf(running.values());
  }

  /** Waits until every running server names the same leader, and that one leads. */
  ServerId awaitAgreement() {
    Await.until("all agree on a leader", () -> agreedLeader().isPresent());
    return agreedLeader().orElseThrow();
  }

  private Optional<ServerId> agreedLeader() {
    List<LeaderView> views = servers().stream().map(LeaderElection::view).toList();
    List<ServerId> leading =
        views.stream()
            .filter(view -> view.state() == ServerState.LEADING)
            .map(LeaderView::self)
            .toList();
    boolean agreed =
        leading.size() == 1
            && views.stream()
                .allMatch(view -> view.leader().equals(Optional.of(leading.getFirst())));
    return agreed ? Optional.of(leading.getFirst()) : Optional.empty();
  }

  /**
   * Starts all in one instant as far as the election can tell: nobody decides before all are there.
   * An observer that looks first hears of the last round, and rightly keeps to it if nobody else
   * leads in the next.
   */
  ServerId startTogether() {
    startAll();
    awaitAgreement();
    long latest = servers().stream().mapToLong(server -> server.view().round()).max().orElse(0);
    servers().forEach(LeaderElection::lookAgain);
    Await.until(
        "a later round",
        () ->
            servers().stream()
                .map(LeaderElection::view)
                .filter(view -> view.state() != ServerState.OBSERVING)
                .allMatch(view -> view.round() > latest));
    return awaitAgreement();
  }

  static long count(LeaderElection server, String counter) {
    return server.counters().getOrDefault(counter, -1L);
  }

  static boolean looks(LeaderElection server) {
    return server.view().state() == ServerState.LOOKING;
  }

  @Override
  public void close() {
    running.values().forEach(LeaderElection::close);
    running.clear();
  }
}
