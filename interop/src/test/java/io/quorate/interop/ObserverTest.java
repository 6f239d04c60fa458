package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.election.LeaderElectionConfig;
import io.quorate.ports.Ports;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.zookeeper.Layout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that do not vote learn who leads. */
@Execution(CONCURRENT)
final class ObserverTest {

  @ParameterizedTest(name = "the id of our observer is {0}")
  @ValueSource(longs = {0, 9})
  void ourObserverLearnsTheLeaderAndTheNextOne(long id) throws Exception {
    try (var mixed = new Mixed(Layout.ofVoters(3).with(id, Role.OBSERVER))) {
      mixed.startOurs(id);
      learnsTheLeaderAndTheNextOne(mixed);
    }
  }

  @Test
  void ourObserverWithoutAnIdLearnsTheLeaderAndTheNextOne() throws Exception {
    Layout layout = Layout.ofVoters(3);
    try (var mixed = new Mixed(layout)) {
      mixed.add(
          OurServer.start(
              LeaderElectionConfig.builder(ServerId.OBSERVER)
                  .ensemble(layout.ours())
                  .electionOnly()
                  .bind(List.of(new HostPort(Layout.HOST, Ports.reserve())))
                  .build()));
      learnsTheLeaderAndTheNextOne(mixed);
    }
  }

  @Test
  void realObserverLearnsTheLeaderFromOurVoters() throws Exception {
    try (var mixed = new Mixed(Layout.ofVoters(3).with(4, Role.OBSERVER))) {
      mixed.startReal(4);
      mixed.startOurs(1);
      mixed.startReal(2);
      mixed.startOurs(3);
      mixed.awaitAgreement();
      assertEquals(ServerState.OBSERVING, mixed.server(4).state());
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }

  private static void learnsTheLeaderAndTheNextOne(Mixed mixed) throws Exception {
    mixed.startReal(1);
    mixed.startReal(2);
    mixed.startReal(3);
    long first = mixed.awaitAgreement();
    mixed.assertStaysAgreed(Mixed.QUIET);
    mixed.stop(first);
    mixed.lookAgainReal();
    assertNotEquals(first, mixed.awaitAgreement());
    mixed.assertStaysAgreed(Mixed.QUIET);
  }
}
