package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.zookeeper.Layout;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The running servers of one ensemble, some of them ours. Closes all of them at the end.
 *
 * <p>An election among ZooKeeper's servers may end with two leaders, when a better vote comes later
 * than the 200 ms that each waits for it, as on a busy machine. A whole server finds out when it
 * tries to lead or to follow, and looks again; for a {@link RealPeer} it is done here.
 *
 * <p>Servers may be started by several threads; the rest is for one.
 */
final class Mixed implements AutoCloseable {
  /** A guard against hanging, far beyond what an election takes. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long an agreement is watched. */
  static final Duration QUIET = Duration.ofMillis(1200);

  /**
   * Beyond all that a server of ours does by itself after an election: confirming, asking again.
   */
  static final Duration LONG_QUIET = Duration.ofSeconds(6);

  /** How long a real peer is left with a leader that does not lead, or without followers. */
  private static final Duration DISCOVERY = Duration.ofSeconds(1);

  private static final long LOOK_EVERY_NANOS = 2_000_000;

  private final Layout layout;
  private final ConcurrentSkipListMap<Long, Server> servers = new ConcurrentSkipListMap<>();

  Mixed(Layout layout) {
    this.layout = layout;
  }

  OurServer startOurs(long id) {
    return add(OurServer.start(layout, id));
  }

  RealPeer startReal(long id) {
    return add(RealPeer.start(layout, id));
  }

  <S extends Server> S add(S server) {
    servers.put(server.id(), server);
    return server;
  }

  Server server(long id) {
    return servers.get(id);
  }

  Collection<Server> running() {
    return List.copyOf(servers.values());
  }

  /** Closes one, as if its process ended. */
  void stop(long id) {
    servers.remove(id).close();
  }

  /**
   * Makes every real peer look again, as a whole ZooKeeper server does by itself when it loses its
   * leader. Ours need not be told.
   */
  void lookAgainReal() {
    for (Server server : servers.values()) {
      if (server instanceof RealPeer real) {
        real.lookAgain();
      }
    }
  }

  /** Waits until all running servers have the same leader, which leads; returns it. */
  long awaitAgreement() {
    await(
        "no agreement",
        () -> {
          servers.values().forEach(this::lookAgainIfInVain);
          return agreed();
        });
    return servers.firstEntry().getValue().leader().orElseThrow();
  }

  /** Watches for a while that nobody changes its mind. */
  void assertStaysAgreed(Duration quiet) throws InterruptedException {
    long leader = awaitAgreement();
    long end = System.nanoTime() + quiet.toNanos();
    for (Server server : servers.values()) {
      if (server instanceof OurServer ours) {
        var changes = ours.changesWithin(Duration.ofNanos(end - System.nanoTime()));
        assertEquals(List.of(), changes, "server " + ours.id() + " of ours changed its mind");
      }
    }
    LockSupport.parkNanos(end - System.nanoTime());
    if (!agreed() || leader != awaitAgreement()) {
      fail("the agreement on " + leader + " did not last: " + this);
    }
  }

  void await(String otherwise, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail(otherwise + " within " + PATIENCE + ": " + this);
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private void lookAgainIfInVain(Server server) {
    if (server instanceof RealPeer real && real.isDecidedFor(DISCOVERY)) {
      long leader = real.leader().orElseThrow();
      Server its = servers.get(leader);
      boolean leads = its != null && its.state() == ServerState.LEADING;
      if (!leads || (leader == real.id() && !hasFollowers(leader))) {
        real.lookAgain();
      }
    }
  }

  private boolean hasFollowers(long leader) {
    Set<ServerId> agreeing = new HashSet<>();
    for (Server server : servers.values()) {
      if (server.leader().equals(OptionalLong.of(leader))) {
        agreeing.add(ServerId.of(server.id()));
      }
    }
    return QuorumVerifier.of(layout.ours()).isQuorum(agreeing);
  }

  private boolean agreed() {
    OptionalLong leader = servers.firstEntry().getValue().leader();
    return leader.isPresent()
        && servers.containsKey(leader.getAsLong())
        && servers.values().stream()
            .allMatch(
                server ->
                    server.leader().equals(leader)
                        && server.state() == stateUnder(leader.getAsLong(), server.id()));
  }

  private ServerState stateUnder(long leader, long id) {
    if (id == leader) {
      return ServerState.LEADING;
    }
    var member = layout.members().get(id);
    return member == null || member.role() == Role.OBSERVER
        ? ServerState.OBSERVING
        : ServerState.FOLLOWING;
  }

  @Override
  public void close() {
    servers.values().parallelStream().forEach(Server::close);
    servers.clear();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Server server : servers.values()) {
      String whose = server.getClass().getSimpleName();
      text.append(whose).append(' ').append(server.id()).append(' ').append(server.state());
      server.leader().ifPresent(leader -> text.append(" of ").append(leader));
      text.append("; ");
    }
    return text.toString();
  }
}
