package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.zookeeper.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** {@code quorate probe} of ensembles with ZooKeeper's election in them. */
@Execution(CONCURRENT)
final class ProbeTest {
  private static final String TIMEOUT = "10s";

  @Test
  void probeShowsWhoLeadsRealPeers() throws Exception {
    Layout layout = Layout.ofVoters(3);
    try (var mixed = new Mixed(layout)) {
      layout.ids().forEach(mixed::startReal);
      assertShows(layout, mixed);
    }
  }

  @Test
  void probeShowsWhoLeadsOursAmongRealPeers() throws Exception {
    Layout layout = Layout.ofVoters(3);
    try (var mixed = new Mixed(layout)) {
      mixed.startReal(1);
      mixed.startOurs(2);
      mixed.startReal(3);
      assertShows(layout, mixed);
    }
  }

  @Test
  void probeSeesNoLeaderWhereNoQuorumRuns() throws Exception {
    Layout layout = Layout.ofVoters(3);
    try (var mixed = new Mixed(layout)) {
      mixed.startReal(2);
      Probe probe = Probe.of(layout, "3s");
      assertEquals(1, probe.exitCode(), probe.toString());
      assertTrue(probe.about(layout, 2).contains("\"state\":\"LOOKING\""), probe.toString());
      assertTrue(probe.about(layout, 1).contains("\"error\":"), probe.toString());
      assertTrue(probe.verdict().contains("\"agreed\":false"), probe.toString());
    }
  }

  private static void assertShows(Layout layout, Mixed mixed) throws Exception {
    long leader = mixed.awaitAgreement();
    Probe probe = Probe.of(layout, TIMEOUT);
    assertEquals(0, probe.exitCode(), probe.toString());
    for (Server server : mixed.running()) {
      String line = probe.about(layout, server.id());
      assertTrue(line.contains("\"id\":" + server.id() + ","), probe.toString());
      assertTrue(line.contains("\"state\":\"" + server.state() + "\""), probe.toString());
      assertTrue(line.contains("\"leader\":" + leader + ","), probe.toString());
      assertTrue(line.contains("\"members\":[1,2,3]"), probe.toString());
    }
    assertTrue(probe.verdict().contains("\"agreed\":true,\"leader\":" + leader), probe.toString());
    mixed.assertStaysAgreed(Mixed.QUIET);
  }
}
