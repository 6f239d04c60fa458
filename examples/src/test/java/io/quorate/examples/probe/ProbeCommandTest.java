package io.quorate.examples.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.examples.CommandRun;
import io.quorate.examples.Ensembles;
import io.quorate.ports.Loopback;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ProbeCommandTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void itAsksOurOwnServers() throws Exception {
    List<Integer> ports = Loopback.freePorts(3);
    var ensemble = Ensembles.of(Loopback.members(ports));
    var servers = new ArrayList<LeaderElection>();
    try {
      for (ServerId id : ensemble.participants()) {
        servers.add(
            LeaderElection.start(
                LeaderElectionConfig.builder(id).ensemble(ensemble).electionOnly().build()));
      }
      for (LeaderElection server : servers) {
        server.awaitLeader(LIMIT);
      }
      String[] all = ports.stream().map(port -> Loopback.HOST + ":" + port).toArray(String[]::new);
      CommandRun run = untilAgreed(all);
      assertEquals(0, run.exitCode(), run.out());
      assertEquals(4, run.out().lines().count(), run.out());
      for (int id = 1; id <= 3; id++) {
        assertTrue(run.out().contains("\"id\":" + id + ","), run.out());
      }
      assertTrue(run.out().contains("\"members\":[1,2,3]"), run.out());

      CommandRun one = CommandRun.of("probe", all[0], "--timeout", "20");
      assertEquals(1, one.exitCode(), one.out());
      assertTrue(one.out().contains("no quorum"), one.out());
    } finally {
      servers.forEach(LeaderElection::close);
    }
  }

  /** An ensemble may still move when each server knows a leader. */
  private static CommandRun untilAgreed(String[] addresses) {
    var args = new ArrayList<>(List.of("probe", "--json", "--timeout", "20"));
    args.addAll(List.of(addresses));
    long deadline = System.nanoTime() + LIMIT.toNanos();
    CommandRun run;
    do {
      run = CommandRun.of(args.toArray(String[]::new));
    } while (run.exitCode() != 0 && System.nanoTime() < deadline);
    return run;
  }
}
