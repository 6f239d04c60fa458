package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.quorate.zookeeper.Layout;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that comes to an ensemble with a leader takes that leader, however good it is itself.
 */
@Execution(CONCURRENT)
final class JoiningTest {

  @ParameterizedTest(name = "ours is {0}")
  @ValueSource(longs = {1, 2, 3})
  void ourServerJoinsTwoRealOnes(long ours) throws Exception {
    try (var mixed = new Mixed(Layout.ofVoters(3))) {
      LongStream.rangeClosed(1, 3).filter(id -> id != ours).forEach(mixed::startReal);
      long leader = mixed.awaitAgreement();
      mixed.startOurs(ours);
      assertEquals(leader, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }

  @ParameterizedTest(name = "which came late, and which is ours: {0}")
  @ValueSource(strings = {"1,2", "1,3", "2,1", "2,3", "3,1", "3,2"})
  void realServerJoinsOursAndAnother(String ids) throws Exception {
    long late = Long.parseLong(ids.substring(0, 1));
    long ours = Long.parseLong(ids.substring(2));
    try (var mixed = new Mixed(Layout.ofVoters(3))) {
      mixed.startOurs(ours);
      mixed.startReal(6 - late - ours);
      long leader = mixed.awaitAgreement();
      mixed.startReal(late);
      assertEquals(leader, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }

  @ParameterizedTest(name = "the real one is {0}")
  @ValueSource(longs = {1, 2, 3})
  void realServerJoinsTwoOfOurs(long late) throws Exception {
    try (var mixed = new Mixed(Layout.ofVoters(3))) {
      LongStream.rangeClosed(1, 3).filter(id -> id != late).forEach(mixed::startOurs);
      long leader = mixed.awaitAgreement();
      mixed.startReal(late);
      assertEquals(leader, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }

  @Test
  void agreementOutlastsEverythingThatOurServersAskAfterwards() throws Exception {
    try (var mixed = new Mixed(Layout.ofVoters(5))) {
      mixed.startOurs(1);
      mixed.startReal(2);
      mixed.startOurs(3);
      mixed.startReal(4);
      mixed.startOurs(5);
      mixed.awaitAgreement();
      mixed.assertStaysAgreed(Mixed.LONG_QUIET);
    }
  }

  @ParameterizedTest(name = "ours is {0}")
  @ValueSource(longs = {1, 2, 3})
  void ourServerThatLooksAgainFindsTheSameLeader(long ours) throws Exception {
    try (var mixed = new Mixed(Layout.ofVoters(3))) {
      LongStream.rangeClosed(1, 3).filter(id -> id != ours).forEach(mixed::startReal);
      long leader = mixed.awaitAgreement();
      OurServer server = mixed.startOurs(ours);
      mixed.awaitAgreement();
      long elections = server.electionsStarted();
      server.lookAgain();
      mixed.await("no new election", () -> server.electionsStarted() > elections);
      assertEquals(leader, mixed.awaitAgreement());
      mixed.assertStaysAgreed(Mixed.QUIET);
    }
  }
}
