package io.quorate.examples.bully;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.examples.Loopback;
import io.quorate.examples.cli.Addresses;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class BullyEnsembleTest {

  private static final int LIMIT_SECONDS = 30;

  private static void awaitLeader(long leader, Collection<LeaderElection> servers)
      throws InterruptedException {
    for (LeaderElection server : servers) {
      var found = new CountDownLatch(1);
      try (var _ =
          server.onEvent(
              _ -> {
                if (server.leader().equals(Optional.of(ServerId.of(leader)))) {
                  found.countDown();
                }
              })) {
        assertTrue(
            found.await(LIMIT_SECONDS, TimeUnit.SECONDS),
            () -> "server " + server.self() + " has " + server.view());
      }
    }
  }

  @Test
  void threeServersOverTcpFollowTheLargest() throws Exception {
    var ensemble =
        EnsembleConfig.majority(
            Addresses.parseMembers(
                Loopback.members(Loopback.freePorts(3)), Member.Role.PARTICIPANT));
    var servers = new TreeMap<ServerId, LeaderElection>();
    try {
      for (ServerId id : ensemble.participants()) {
        servers.put(id, start(id, ensemble));
      }
      awaitLeader(3, servers.values());

      servers.pollLastEntry().getValue().close();
      awaitLeader(2, servers.values());

      servers.put(ServerId.of(3), start(ServerId.of(3), ensemble));
      awaitLeader(3, servers.values());
    } finally {
      servers.values().forEach(LeaderElection::close);
    }
  }

  private static LeaderElection start(ServerId id, EnsembleConfig ensemble) {
    return LeaderElection.start(
        LeaderElectionConfig.builder(id).ensemble(ensemble).algorithm(new BullyProvider()).build());
  }
}
