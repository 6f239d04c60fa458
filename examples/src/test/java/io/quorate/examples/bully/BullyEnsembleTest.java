package io.quorate.examples.bully;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.examples.Ensembles;
import io.quorate.ports.Loopback;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.ServerId;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class BullyEnsembleTest {

  private static final int LIMIT_SECONDS = 30;

  @TempDir Path directory;

  private static void awaitLeader(long leader, Collection<LeaderElection> servers)
      throws InterruptedException {
    for (LeaderElection server : servers) {
      awaitLeader(server, ServerId.of(leader)::equals);
    }
  }

  private static ServerId awaitLeader(LeaderElection server, Predicate<ServerId> wanted)
      throws InterruptedException {
    var found = new LinkedBlockingQueue<ServerId>();
    try (var _ = server.onEvent(_ -> server.leader().filter(wanted).ifPresent(found::add))) {
      ServerId leader = found.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertNotNull(leader, () -> "server " + server.self() + " has " + server.view());
      return leader;
    }
  }

  @Test
  void threeServersOverTcpFollowTheLargest() throws Exception {
    var ensemble = Ensembles.of(Loopback.members(Loopback.freePorts(3)));
    var servers = new TreeMap<ServerId, LeaderElection>();
    try {
      for (ServerId id : ensemble.participants()) {
        servers.put(id, start(id, ensemble, false));
      }
      awaitLeader(3, servers.values());

      servers.pollLastEntry().getValue().close();
      awaitLeader(2, servers.values());
      assertFalse(servers.lastEntry().getValue().view().confirmed());

      servers.put(ServerId.of(3), start(ServerId.of(3), ensemble, false));
      awaitLeader(3, servers.values());
    } finally {
      servers.values().forEach(LeaderElection::close);
    }
  }

  @Test
  void whomAMajorityHasPromisedItsEpochStaysThoughALargerOneComesBack() throws Exception {
    var ensemble = Ensembles.of(Loopback.members(Loopback.freePorts(3)));
    var servers = new TreeMap<ServerId, LeaderElection>();
    try {
      for (ServerId id : ensemble.participants()) {
        servers.put(id, start(id, ensemble, true));
      }
      ServerId first = awaitLeader(servers.firstEntry().getValue(), _ -> true);
      awaitLeader(first.value(), servers.values());

      Optional.ofNullable(servers.remove(first)).orElseThrow().close();
      ServerId next = awaitLeader(servers.firstEntry().getValue(), leader -> !leader.equals(first));
      awaitLeader(next.value(), servers.values());

      servers.put(first, start(first, ensemble, true));
      awaitLeader(next.value(), servers.values());
      assertTrue(servers.lastEntry().getValue().view().confirmed());
    } finally {
      servers.values().forEach(LeaderElection::close);
    }
  }

  private LeaderElection start(ServerId id, EnsembleConfig ensemble, boolean promises) {
    var builder =
        LeaderElectionConfig.builder(id).ensemble(ensemble).algorithm(new BullyProvider());
    return LeaderElection.start(
        promises
            ? builder.data(directory.resolve(id.toString())).build()
            : builder.electionOnly().build());
  }
}
