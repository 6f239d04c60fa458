package io.quorate.faults.toxic;

import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.LeaderView;
import io.quorate.election.Leadership;
import io.quorate.faults.ensemble.History;
import io.quorate.faults.ensemble.Judge;
import io.quorate.faults.ensemble.Told;
import io.quorate.ports.Loopback;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The servers 1 to n of one ensemble in this JVM, with a proxy for each to dial each other one.
 * Belongs to one thread.
 */
final class Ensemble implements AutoCloseable {

  private static final int TAIL = 60;

  private final Map<Long, Integer> ports = new TreeMap<>();
  private final Map<Long, LeaderElection> servers = new TreeMap<>();
  private final Map<Long, Detours> detours = new HashMap<>();
  private final History history = new History();
  private final Meter meter = new Meter();
  private final Path directory;
  private final Mesh mesh;

  /** Who leads with which epoch. */
  record Leader(long id, long epoch) {}

  Ensemble(ToxiproxyServer toxiproxy, int count) throws IOException {
    for (int port : Loopback.lastingPorts(count)) {
      ports.put(ports.size() + 1L, port);
    }
    directory = Files.createTempDirectory("quorate-toxics-");
    mesh = new Mesh(toxiproxy, ports);
    try {
      ids().forEach(this::start);
      // Who starts empty where somebody has promised already is bound for that long, and so is of
      // no use to the leader of which a test cuts off the others.
      Await.last(Bounds.LEASE.grant());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** On the thread of a test, which is one of the platform: classes are loaded here. */
  private void start(long id) {
    var members = new ArrayList<Member>();
    ports.forEach(
        (member, port) ->
            members.add(
                Member.of(
                    ServerId.of(member),
                    Member.Role.PARTICIPANT,
                    List.of(new HostPort(Loopback.HOST, port)))));
    var detour = new Detours(peer -> mesh.address(id, peer), meter);
    var config =
        LeaderElectionConfig.builder(ServerId.of(id))
            .ensemble(EnsembleConfig.majority(members))
            .transport(detour)
            .limits(Bounds.LIMITS)
            .timings(Bounds.ELECTION)
            .lease(Bounds.LEASE)
            .data(directory.resolve("data-" + id))
            .build();
    var news = new News(id, Math.toIntExact(id), System.nanoTime(), history);
    LeaderElection server = LeaderElection.start(config, news::tell);
    servers.put(id, server);
    detours.put(id, detour);
    var _ = server.whileLeader(news::lead);
  }

  List<Long> ids() {
    return List.copyOf(ports.keySet());
  }

  List<Long> othersThan(long id) {
    return ids().stream().filter(other -> other != id).toList();
  }

  boolean isQuorum(int count) {
    return count > ports.size() / 2;
  }

  History history() {
    return history;
  }

  Meter meter() {
    return meter;
  }

  Mesh mesh() {
    return mesh;
  }

  LeaderElection server(long id) {
    return Objects.requireNonNull(servers.get(id));
  }

  void softHalt(long id) {
    Objects.requireNonNull(detours.get(id)).softHalt();
  }

  /** Returns the term of a server that is valid now. */
  Optional<Leader> term(long id) {
    return server(id)
        .leadership()
        .filter(Leadership::isValid)
        .map(leadership -> new Leader(id, leadership.token().epoch()));
  }

  /** Returns a leader whose term is valid and whom all these know, if there is one. */
  Optional<Leader> agreed(Collection<Long> those) {
    List<Optional<Leader>> known =
        those.stream().map(id -> known(server(id).view())).distinct().toList();
    return known.size() == 1
        ? known.getFirst().filter(leader -> term(leader.id()).equals(Optional.of(leader)))
        : Optional.empty();
  }

  private static Optional<Leader> known(LeaderView view) {
    return view.leader()
        .filter(_ -> view.confirmed())
        .map(leader -> new Leader(leader.value(), view.epoch()));
  }

  /** Waits until all these know one leader whose term is valid. */
  Leader awaitAgreement(Collection<Long> those, Duration limit) {
    return Await.until(() -> agreed(those), limit, () -> those + " agree on a leader; " + tail());
  }

  /** Lets a server lead that all are linked with. */
  Leader lead(long id) {
    return Await.until(
        () -> {
          Optional<Leader> leader = agreed(ids());
          if (leader.isPresent() && leader.get().id() != id) {
            handOff(leader.get().id(), id);
            return Optional.empty();
          }
          return leader;
        },
        Bounds.BACK,
        () -> id + " leads; " + tail());
  }

  private void handOff(long from, long to) {
    try {
      server(from).handOff(ServerId.of(to), Duration.ZERO);
    } catch (IllegalStateException _) {
      // It has ceased to lead meanwhile.
    }
  }

  /** Waits until each pair has its one link, and nobody has any other connection. */
  void awaitOneLinkAPair() {
    Await.until(
        () -> unlinked().isEmpty() ? Optional.of(true) : Optional.empty(),
        Bounds.LINKS,
        () -> "each pair has one link; " + unlinked());
  }

  /** Returns what is not as it is with one link a pair. */
  private List<String> unlinked() {
    var wrong = new ArrayList<String>();
    for (long id : ids()) {
      Map<String, Long> counters = server(id).counters();
      long links = counters.get("linkUp") - counters.get("linkDown");
      if (links != ids().size() - 1) {
        wrong.add(id + " has " + links + " links");
      }
    }
    if (Sockets.areTold()) {
      expectEnds(wrong, 1);
    }
    return wrong;
  }

  private void expectEnds(List<String> wrong, int linksOfAPair) {
    List<Sockets.End> ends = Sockets.ends();
    for (Mesh.Dial dial : mesh.dials()) {
      int expected = dial.carriesTheLink() ? linksOfAPair : 0;
      expectEnds(wrong, ends, mesh.address(dial.from(), dial.to()).port(), expected);
    }
    ports.forEach(
        (id, port) -> {
          long larger = ids().stream().filter(other -> other > id).count();
          expectEnds(wrong, ends, port, larger * linksOfAPair);
        });
  }

  private static void expectEnds(
      List<String> wrong, List<Sockets.End> ends, int port, long expected) {
    long dialled = ends.stream().filter(end -> end.remote() == port).count();
    long accepted = ends.stream().filter(end -> end.local() == port).count();
    if (dialled != expected || accepted != expected) {
      wrong.add(
          "port %d: %d dialled, %d accepted, not %d".formatted(port, dialled, accepted, expected));
    }
  }

  /** Returns what must not be in all that was told so far. */
  List<String> violations() {
    var found = new ArrayList<>(history.complaints());
    found.addAll(Judge.violations(history.merged(), true));
    for (long id : ids()) {
      if (server(id).counters().get("unexpected") != 0) {
        found.add(id + " had failures that nobody foresaw");
      }
    }
    return found;
  }

  String tail() {
    List<Told> told =
        history.merged().stream().filter(each -> !(each.what() instanceof Told.Valid)).toList();
    var text = new StringBuilder("told last:\n");
    told.subList(Math.max(0, told.size() - TAIL), told.size())
        .forEach(each -> text.append("  ").append(each).append('\n'));
    return text.toString();
  }

  /** Ends all, and sees to it that nothing is left. */
  @Override
  public void close() throws IOException {
    servers.values().forEach(LeaderElection::close);
    try {
      mesh.close();
    } finally {
      try (Stream<Path> paths = Files.walk(directory)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** Waits until nobody holds anything of it any more; it is closed. */
  void awaitNothingLeft() {
    Await.until(
        () -> left().isEmpty() ? Optional.of(true) : Optional.empty(),
        Bounds.LINKS,
        () -> "nothing is left of the servers; " + left());
  }

  private List<String> left() {
    var left = new ArrayList<>(Threads.named("quorate-"));
    if (Sockets.areTold()) {
      expectEnds(left, 0);
      left.addAll(Sockets.descriptors(directory.toString()));
    }
    return left;
  }
}
