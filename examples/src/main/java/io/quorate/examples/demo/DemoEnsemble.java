package io.quorate.examples.demo;

import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.examples.cli.FreeAddresses;
import io.quorate.examples.cli.TemporaryDirectory;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Some servers with the ids from 1 up on free loopback ports, with a network between them, and
 * their promises in temporary files. Belongs to one thread; when the JVM ends, another ends them.
 */
final class DemoEnsemble implements AutoCloseable {

  private static final String ALGORITHM = "fast";

  private final Map<ServerId, HostPort> listens = new TreeMap<>();
  private final EnsembleConfig ensemble;
  private final BlockingQueue<Moment> moments;
  private final NavigableMap<ServerId, LeaderElection> running = new ConcurrentSkipListMap<>();
  private final Network network = new Network();
  private final TermWatch watch = TermWatch.begin();
  private final TemporaryDirectory directory;

  /**
   * Chooses the ports; starts nothing.
   *
   * @param servers how many
   * @param moments where all that they tell goes
   * @throws IOException if there is no free port, or no place for files
   */
  DemoEnsemble(int servers, BlockingQueue<Moment> moments) throws IOException {
    this.moments = moments;
    directory = new TemporaryDirectory("quorate-demo-", this::endAll);
    try {
      var members = new ArrayList<Member>();
      for (HostPort address : FreeAddresses.onLoopback(servers)) {
        ServerId id = ServerId.of(members.size() + 1L);
        listens.put(id, address);
        HostPort dialled = network.relay(id, address);
        members.add(Member.of(id, Member.Role.PARTICIPANT, List.of(dialled)));
      }
      ensemble = EnsembleConfig.majority(members);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  SortedSet<ServerId> ids() {
    return ensemble.participants();
  }

  SortedSet<ServerId> running() {
    return Collections.unmodifiableSortedSet(running.navigableKeySet());
  }

  /** What the servers have broken of what they promise. */
  Optional<String> broken() {
    return watch.broken();
  }

  /** Starts a server that is not running. */
  void start(ServerId id) {
    var fast = ElectionProvider.named(ALGORITHM);
    var config =
        LeaderElectionConfig.builder(id)
            .ensemble(ensemble)
            .bind(Optional.ofNullable(listens.get(id)).stream().toList())
            .data(directory.path().resolve(id.toString()))
            .algorithm(new WatchedElection(fast, news -> tell(id, news)))
            .build();
    LeaderElection server = LeaderElection.start(config, event -> tell(id, new Moment.Told(event)));
    running.put(id, server);
    watch.add(server);
  }

  /**
   * Ends a server without a word: nothing that it says at its end gets through, and its connections
   * break, as when its process is killed.
   */
  void kill(ServerId id) {
    network.cutOff(id);
    network.breakConnections(id);
    end(id);
    network.connect(id);
  }

  /** Lets another server lead instead of the one that does. */
  void handOff(ServerId from, ServerId to) {
    Optional.ofNullable(running.get(from)).ifPresent(server -> server.handOff(to, Duration.ZERO));
  }

  /** Lets nothing through to or from a server. */
  void cutOff(ServerId id) {
    network.cutOff(id);
  }

  /** Lets all through again. */
  void connect(ServerId id) {
    network.connect(id);
  }

  @Override
  public void close() {
    endAll();
    watch.close();
    network.close();
    directory.close();
  }

  private void endAll() {
    List.copyOf(running.keySet()).forEach(this::end);
  }

  private void end(ServerId id) {
    LeaderElection server = running.remove(id);
    if (server != null) {
      server.close();
      watch.remove(id);
    }
  }

  /** Never waits: it is the servers' own threads that tell. */
  private void tell(ServerId id, Moment.News news) {
    var _ = moments.offer(new Moment(id, System.nanoTime(), news));
  }
}
