package io.quorate.examples.probe;

import static io.quorate.examples.probe.Samples.opinion;
import static io.quorate.examples.probe.Samples.silence;
import static io.quorate.protocol.ServerState.FOLLOWING;
import static io.quorate.protocol.ServerState.LEADING;
import static io.quorate.protocol.ServerState.LOOKING;
import static io.quorate.protocol.ServerState.OBSERVING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class VerdictTest {

  private static void assertAgreed(long leader, Answer... answers) {
    var verdict = Verdict.of(List.of(answers));
    assertEquals(Optional.of(ServerId.of(leader)), verdict.leader(), verdict.toString());
    assertTrue(verdict.agreed());
  }

  private static void assertNotAgreed(String remark, Answer... answers) {
    var verdict = Verdict.of(List.of(answers));
    assertFalse(verdict.agreed(), verdict.toString());
    assertTrue(
        verdict.remarks().stream().anyMatch(said -> said.contains(remark)), verdict.toString());
  }

  @Test
  void allAgree() {
    assertAgreed(
        3, opinion(1, FOLLOWING, 3, 1), opinion(2, FOLLOWING, 3, 1), opinion(3, LEADING, 3, 1));
  }

  @Test
  void aQuorumIsEnough() {
    assertAgreed(3, opinion(1, FOLLOWING, 3, 1), silence(), opinion(3, LEADING, 3, 1));
    assertAgreed(3, opinion(1, FOLLOWING, 3, 1), opinion(2, FOLLOWING, 3, 1), silence());
    assertAgreed(
        3, opinion(1, FOLLOWING, 3, 1), opinion(2, LOOKING, 2, 1), opinion(3, LEADING, 3, 1));
  }

  @Test
  void oneServerIsNoQuorumOfThree() {
    assertNotAgreed("no quorum", opinion(3, LEADING, 3, 1));
    assertNotAgreed("no quorum", opinion(3, LEADING, 3, 1), opinion(3, LEADING, 3, 1));
  }

  @Test
  void serversThatLookAgreeOnNobody() {
    assertNotAgreed("no quorum", opinion(1, LOOKING, 3, 1), opinion(2, LOOKING, 3, 1));
  }

  @Test
  void anObserverDoesNotCount() {
    assertNotAgreed("no quorum", opinion(1, FOLLOWING, 3, 1), opinion(2, OBSERVING, 3, 1));
    assertNotAgreed("no quorum", opinion(1, FOLLOWING, 3, 1), opinion(9, FOLLOWING, 3, 1));
  }

  @Test
  void disagreementIsNamed() {
    assertNotAgreed(
        "server 1: leader is 1 in epoch 1", opinion(1, LEADING, 1, 1), opinion(3, LEADING, 3, 2));
    assertNotAgreed(
        "server 2: leader is 3 in epoch 1", opinion(2, FOLLOWING, 3, 1), opinion(3, LEADING, 3, 2));
  }

  @Test
  void aMinorityThatSaysOtherwiseIsNamedAndChangesNothing() {
    List<Answer> answers =
        List.of(opinion(1, LEADING, 1, 1), opinion(2, FOLLOWING, 3, 2), opinion(3, LEADING, 3, 2));
    var verdict = Verdict.of(answers);
    assertEquals(Optional.of(ServerId.of(3)), verdict.leader());
    assertTrue(verdict.remarks().contains("server 1: leader is 1 in epoch 1"));
  }

  @Test
  void aLeaderThatDoesNotSaySoDoesNotLead() {
    assertNotAgreed(
        "itself does not say",
        opinion(1, FOLLOWING, 3, 1),
        opinion(2, FOLLOWING, 3, 1),
        opinion(3, LOOKING, 3, 1));
  }

  @Test
  void whoCannotBeNamedDoesNotCount() {
    var nobody =
        new Answer.Opinion(
            new HostPort("x", 1), Optional.empty(), Samples.says(FOLLOWING, 3, 1, Samples.three()));
    assertNotAgreed("x:1 is no member's address", nobody, opinion(3, LEADING, 3, 1));
  }

  @Test
  void withoutAConfigurationThereIsNoQuorum() {
    var old =
        new Answer.Opinion(
            new HostPort("x", 1),
            Optional.of(ServerId.of(1)),
            new Notification(LEADING, new Vote(ServerId.of(1), 0, 0), 1, 0, Optional.empty()));
    assertNotAgreed("nobody told who the members are", old);
    assertNotAgreed("nobody told who the members are", silence());
    assertNotAgreed("nobody told who the members are");
  }

  @Test
  void theNewestConfigurationCounts() {
    EnsembleConfig one =
        new EnsembleConfig(Samples.ensemble("3=c:3", "").members(), Optional.empty(), 5);
    var leader =
        new Answer.Opinion(
            new HostPort("c", 3), Optional.of(ServerId.of(3)), Samples.says(LEADING, 3, 1, one));
    List<Answer> answers = List.of(leader, opinion(1, LOOKING, 1, 1));
    var verdict = Verdict.of(answers);
    assertEquals(Optional.of(ServerId.of(3)), verdict.leader());
    assertTrue(verdict.remarks().contains("the servers are not configured alike"));
  }

  @Test
  void groupsAndWeightsCount() {
    var hierarchy =
        new EnsembleConfig.Hierarchy(
            Map.of(1L, Set.of(ServerId.of(1), ServerId.of(2), ServerId.of(3))),
            Map.of(ServerId.of(3), 5L));
    var config = new EnsembleConfig(Samples.three().members(), Optional.of(hierarchy), 0);
    var heavy =
        new Answer.Opinion(
            new HostPort("c", 3), Optional.of(ServerId.of(3)), Samples.says(LEADING, 3, 1, config));
    assertAgreed(3, heavy);
  }
}
