package io.quorate.election;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole of it over sockets. */
final class TcpElectionTest {

  @AfterEach
  void nothing_is_left() {
    Await.noThread();
  }

  @Test
  void three_servers_elect_and_elect_again_when_the_leader_is_gone() {
    try (Cluster three = Cluster.onLoopback(3, 0)) {
      assertEquals(id(3), three.startTogether());
      three.stop(3);
      assertEquals(id(2), three.awaitAgreement());
      three.start(3);
      assertEquals(id(2), three.awaitAgreement(), "one that comes back disturbs nobody");
    }
  }

  @Test
  void five_servers_and_observers_agree() {
    try (Cluster five = Cluster.onLoopback(5, 1)) {
      assertEquals(id(5), five.startTogether());
      LeaderElection stranger = five.startObserver();
      assertEquals(id(5), five.awaitAgreement());
      assertEquals(ServerState.OBSERVING, five.server(6).view().state());
      assertEquals(ServerState.OBSERVING, stranger.view().state());
      assertTrue(Cluster.count(stranger, "notificationsReceived") > 0);
      assertTrue(Cluster.count(stranger, "linkUp") > 0);
    }
  }

  @Test
  void elections_come_to_the_same_result_again_and_again() {
    try (Cluster three = Cluster.onLoopback(3, 0)) {
      for (int i = 0; i < 20; i++) {
        assertEquals(id(3), three.startTogether());
      }
    }
  }
}
