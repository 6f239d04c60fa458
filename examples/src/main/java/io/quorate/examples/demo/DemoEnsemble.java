package io.quorate.examples.demo;

import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;

/** Some servers with the ids from 1 up on free loopback ports. Belongs to one thread. */
final class DemoEnsemble implements AutoCloseable {

  private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();
  private static final String ALGORITHM = "fast";

  private final EnsembleConfig ensemble;
  private final BlockingQueue<Moment> moments;
  private final TreeMap<ServerId, LeaderElection> running = new TreeMap<>();

  /**
   * Chooses the ports; starts nothing.
   *
   * @param servers how many
   * @param moments where all that they tell goes
   * @throws IOException if there is no free port
   */
  DemoEnsemble(int servers, BlockingQueue<Moment> moments) throws IOException {
    this.moments = moments;
    var members = new ArrayList<Member>();
    for (HostPort address : freeAddresses(servers)) {
      ServerId id = ServerId.of(members.size() + 1L);
      members.add(Member.of(id, Member.Role.PARTICIPANT, List.of(address)));
    }
    ensemble = EnsembleConfig.majority(members);
  }

  SortedSet<ServerId> ids() {
    return ensemble.participants();
  }

  SortedSet<ServerId> running() {
    return Collections.unmodifiableSortedSet(running.navigableKeySet());
  }

  /** Starts a server that is not running. */
  void start(ServerId id) {
    var fast = ElectionProvider.named(ALGORITHM);
    var config =
        LeaderElectionConfig.builder(id)
            .ensemble(ensemble)
            .algorithm(new WatchedElection(fast, news -> tell(id, news)))
            .build();
    running.put(id, LeaderElection.start(config, event -> tell(id, new Moment.Told(event))));
  }

  /** Ends a server at once. */
  void kill(ServerId id) {
    LeaderElection election = running.remove(id);
    if (election != null) {
      election.close();
    }
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::kill);
  }

  /** Never waits: it is the servers' own threads that tell. */
  private void tell(ServerId id, Moment.News news) {
    var _ = moments.offer(new Moment(id, System.nanoTime(), news));
  }

  /** All are held at once, so that no two are the same. */
  private static List<HostPort> freeAddresses(int count) throws IOException {
    var held = new ArrayList<ServerSocket>();
    try {
      var addresses = new ArrayList<HostPort>();
      for (int i = 0; i < count; i++) {
        var socket = new ServerSocket();
        held.add(socket);
        socket.bind(new InetSocketAddress(HOST, 0));
        addresses.add(new HostPort(HOST, socket.getLocalPort()));
      }
      return addresses;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
