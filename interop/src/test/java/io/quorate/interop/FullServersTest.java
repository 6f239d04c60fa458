package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerState;
import io.quorate.zookeeper.Layout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/**
 * Three whole ZooKeeper servers, which replicate among themselves. No server of ours leads here: it
 * has no port at which they could follow it.
 */
@Execution(CONCURRENT)
final class FullServersTest {
  @TempDir private Path directory;

  @Test
  void ourObserverLearnsTheLeaderAndTheNextOneAndProbeShowsIt() throws Exception {
    Layout layout = Layout.ofVoters(3).with(4, Role.OBSERVER);
    try (var mixed = new Mixed(layout)) {
      mixed.startOurs(4);
      startThree(mixed, layout);
      long first = mixed.awaitAgreement();
      assertEquals(ServerState.OBSERVING, mixed.server(4).state());
      mixed.assertStaysAgreed(Mixed.QUIET);

      Probe probe = Probe.of(layout, "10s");
      assertEquals(0, probe.exitCode(), probe.toString());
      assertTrue(probe.verdict().contains("\"leader\":" + first), probe.toString());
      assertTrue(probe.about(layout, first).contains("\"state\":\"LEADING\""), probe.toString());
      assertTrue(probe.about(layout, 4).contains("\"state\":\"OBSERVING\""), probe.toString());

      mixed.stop(first);
      long second = mixed.awaitAgreement();
      assertNotEquals(first, second);
      mixed.add(FullServer.start(layout, first, directory));
      assertEquals(second, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }

  @Test
  void ourVoterJoinsAsAFollowerAndComesBack() throws Exception {
    Layout layout = Layout.ofVoters(4);
    try (var mixed = new Mixed(layout)) {
      startThree(mixed, layout);
      long leader = mixed.awaitAgreement();
      mixed.startOurs(4);
      assertEquals(leader, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
      mixed.stop(4);
      OurServer again = mixed.startOurs(4);
      assertEquals(leader, mixed.awaitAgreement());
      assertEquals(ServerState.FOLLOWING, again.state());
      mixed.assertStaysAgreed(Mixed.LONG_QUIET);

      Probe probe = Probe.of(layout, "10s");
      assertEquals(0, probe.exitCode(), probe.toString());
      assertTrue(probe.about(layout, 4).contains("\"state\":\"FOLLOWING\""), probe.toString());
      assertTrue(probe.verdict().contains("\"leader\":" + leader), probe.toString());
    }
  }

  private void startThree(Mixed mixed, Layout layout) {
    for (long id = 1; id <= 3; id++) {
      mixed.add(FullServer.start(layout, id, directory));
    }
  }
}
