package io.quorate.election.core;

import static io.quorate.election.core.Subject.vote;
import static io.quorate.protocol.ServerState.FOLLOWING;
import static io.quorate.protocol.ServerState.LEADING;
import static io.quorate.protocol.ServerState.LOOKING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quorate.election.ElectionTimings;
import io.quorate.election.Hierarchical;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of voting, one by one and in every combination. */
class VoteRulesTest {
  private static final long ROUND = 5;
  private static final Vote FIVE = vote(5, 0, 0);

  /** From the worst to the best. */
  private static final List<Vote> ORDER =
      List.of(
          Vote.NOBODY,
          vote(3, Long.MAX_VALUE, Long.MIN_VALUE),
          vote(3, Long.MAX_VALUE, -1),
          vote(3, Long.MIN_VALUE, 0),
          vote(3, -2, 0),
          vote(1, 0, 0),
          vote(2, 0, 0),
          vote(1, 1, 0),
          vote(1, 1L << 32, 0),
          vote(1, Long.MAX_VALUE, 0),
          vote(2, Long.MIN_VALUE, 1),
          vote(1, 0, Long.MAX_VALUE));

  @Test
  void aVoteOfOurRoundIsTakenOverIfItIsBetterInTheSignedTotalOrder() {
    for (Vote first : ORDER) {
      for (Vote second : ORDER) {
        Subject subject = Subject.linked(3, 3);
        subject.moveTo(new Position(Long.MIN_VALUE, Long.MIN_VALUE));
        subject.look();
        subject.hear(1, LOOKING, first, subject.round());
        List<Action> actions = subject.hear(2, LOOKING, second, subject.round());
        boolean better = ORDER.indexOf(second) > ORDER.indexOf(first);
        assertEquals(better, told(actions, 1), () -> second + " after " + first);
      }
    }
  }

  private static boolean told(List<Action> actions, long peer) {
    return actions.stream()
        .anyMatch(
            action -> action instanceof Action.Send send && send.to().equals(ServerId.of(peer)));
  }

  @TestFactory
  Stream<DynamicTest> whetherTwoBallotsAgreeDependsOnStateAndFormat() {
    return rows(
        """
        # state, version, leader, zxid, round, epoch of either
        LOOKING   2 3 5 1 1   LOOKING   2 3 5 1 1   agree
        LOOKING   2 3 5 1 1   LOOKING   0 3 5 1 1   agree
        LOOKING   2 3 5 1 1   LOOKING   2 2 5 1 1   differ
        LOOKING   2 3 5 1 1   LOOKING   2 3 6 1 1   differ
        LOOKING   2 3 5 1 1   LOOKING   2 3 5 2 1   differ
        LOOKING   2 3 5 1 1   LOOKING   2 3 5 1 2   differ
        LOOKING   2 3 5 1 1   FOLLOWING 2 3 5 1 1   agree
        LOOKING   2 3 5 1 1   LEADING   2 3 6 1 1   differ
        LOOKING   2 3 5 1 1   LEADING   0 3 5 1 2   differ
        FOLLOWING 2 3 5 1 1   LEADING   2 3 5 1 1   agree
        FOLLOWING 2 3 5 1 1   LEADING   2 3 6 9 1   agree
        FOLLOWING 2 3 5 1 1   FOLLOWING 2 3 5 1 2   differ
        FOLLOWING 2 3 5 1 1   FOLLOWING 1 3 5 1 2   differ
        FOLLOWING 2 3 5 1 1   FOLLOWING 2 2 5 1 1   differ
        FOLLOWING 0 3 5 1 1   FOLLOWING 2 3 5 1 2   agree
        FOLLOWING 0 3 5 1 1   FOLLOWING 1 3 5 1 2   agree
        FOLLOWING 0 3 5 1 1   FOLLOWING 2 2 5 1 1   differ
        FOLLOWING 0 3 5 1 1   FOLLOWING 0 3 5 1 2   differ
        FOLLOWING 0 3 5 1 1   FOLLOWING 0 3 9 7 1   agree
        """,
        words -> {
          Ballot one = ballot(words.subList(0, 6));
          Ballot other = ballot(words.subList(6, 12));
          boolean agree = words.get(12).equals("agree");
          assertEquals(agree, one.agreesWith(other));
          assertEquals(agree, other.agreesWith(one));
        });
  }

  private static Stream<DynamicTest> rows(String table, Consumer<List<String>> test) {
    return table
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(
            line ->
                DynamicTest.dynamicTest(line, () -> test.accept(List.of(line.trim().split(" +")))));
  }

  private static Ballot ballot(List<String> words) {
    long[] numbers = words.stream().skip(1).mapToLong(Long::parseLong).toArray();
    return new Ballot(
        ServerState.valueOf(words.get(0)),
        vote(numbers[1], numbers[2], numbers[4]),
        numbers[3],
        (int) numbers[0]);
  }

  @ParameterizedTest(name = "we vote 2 zxid 5 in round 4; 1 says {0} zxid {1} in round {2}")
  @CsvSource({
    "3, 9, 3, 4, 2", "1, 1, 3, 4, 2", "3, 9, 4, 4, 3", "1, 1, 4, 4, 2", "3, 9, 5, 5, 3",
    "1, 1, 5, 5, 2", "1, 5, 5, 5, 2", "3, 5, 5, 5, 3", "3, 9, 0, 4, 2", "3, 9, -1, 4, 2"
  })
  void aLargerRoundIsJoinedAndASmallerOneIsNot(
      long leader, long zxid, long round, long ourRound, long ourLeader) {
    Subject subject = Subject.linked(2, 3);
    subject.moveTo(new Position(5, 0));
    LongStream.range(1, 4).forEach(again -> subject.look());
    subject.hear(1, LOOKING, vote(leader, zxid, 0), round);
    assertEquals(ourRound, subject.round());
    assertEquals(ourLeader, proposal(subject).leader().value());
  }

  /** What we would say again is what we propose. */
  private static Vote proposal(Subject subject) {
    return subject.fire(FastLeaderElection.RESEND).stream()
        .filter(Action.Send.class::isInstance)
        .map(action -> ((Action.Send) action).notification().vote())
        .findFirst()
        .orElseThrow();
  }

  @TestFactory
  Stream<DynamicTest> whoIsAnsweredAndWhoIsCounted() {
    return rows(
        """
        # what we do, who says it is what, in a round that is so, and what we make of it
        LOOKING   voter    LOOKING   smaller  answered
        LOOKING   voter    LOOKING   same     counted
        LOOKING   voter    FOLLOWING smaller  -
        LOOKING   voter    FOLLOWING same     counted
        LOOKING   voter    FOLLOWING larger   -
        LOOKING   voter    LEADING   smaller  -
        LOOKING   voter    LEADING   larger   -
        LOOKING   voter    OBSERVING same     -
        LOOKING   observer LOOKING   smaller  answered
        LOOKING   observer LOOKING   same     answered
        LOOKING   observer LOOKING   larger   answered
        LOOKING   observer OBSERVING same     answered
        LOOKING   observer FOLLOWING same     answered
        FOLLOWING voter    LOOKING   smaller  answered
        FOLLOWING voter    LOOKING   same     answered
        FOLLOWING voter    LOOKING   larger   answered
        FOLLOWING voter    FOLLOWING same     -
        FOLLOWING voter    LEADING   same     -
        FOLLOWING observer LOOKING   larger   answered
        FOLLOWING observer OBSERVING same     answered
        LEADING   voter    LOOKING   smaller  answered
        LEADING   voter    LOOKING   same     answered
        LEADING   voter    LOOKING   larger   answered
        LEADING   voter    FOLLOWING smaller  counted
        LEADING   voter    FOLLOWING same     counted
        LEADING   voter    OBSERVING same     -
        LEADING   observer LOOKING   smaller  answered
        LEADING   observer FOLLOWING same     answered
        OBSERVING voter    LOOKING   smaller  -
        OBSERVING voter    LOOKING   larger   -
        OBSERVING voter    FOLLOWING same     -
        OBSERVING observer LOOKING   same     answered
        OBSERVING observer OBSERVING same     -
        """,
        words -> {
          ServerState ours = ServerState.valueOf(words.get(0));
          ServerState said = ServerState.valueOf(words.get(2));
          boolean votes = words.get(1).equals("voter");
          long round = ROUND + List.of("smaller", "same", "larger").indexOf(words.get(3)) - 1;
          Subject subject = oneVoteShort(ours);
          long from = votes ? 2 : 8;
          boolean asksOnly = !votes && said == LOOKING;
          var actions = subject.hear(from, said, asksOnly ? Vote.NOBODY : FIVE, round);
          assertEquals(words.get(4).equals("answered"), told(actions, from), "answered");
          assertEquals(words.get(4).equals("counted"), hasQuorum(subject), "counted");
        });
  }

  /** Makes one of five voters, or an observer, for which one more vote for 5 makes a quorum. */
  private static Subject oneVoteShort(ServerState state) {
    long self =
        switch (state) {
          case LOOKING, FOLLOWING -> 1;
          case LEADING -> 5;
          case OBSERVING -> 9;
        };
    Subject subject = Subject.linked(self, 5);
    LongStream.of(8, 9)
        .filter(id -> id != self)
        .forEach(id -> subject.feed(new Event.LinkUp(ServerId.of(id))));
    LongStream.range(1, ROUND).forEach(again -> subject.look());
    switch (state) {
      case LOOKING -> subject.hear(5, LOOKING, FIVE, ROUND);
      case FOLLOWING -> {
        subject.hear(5, LOOKING, FIVE, ROUND);
        subject.hear(3, LOOKING, FIVE, ROUND);
        subject.fire(FastLeaderElection.FINALIZE);
        subject.hear(5, LEADING, FIVE, ROUND);
      }
      case LEADING -> {
        subject.hear(3, LOOKING, FIVE, ROUND);
        subject.hear(4, LOOKING, FIVE, ROUND);
        subject.fire(FastLeaderElection.FINALIZE);
        subject.hear(3, FOLLOWING, FIVE, ROUND);
      }
      case OBSERVING -> {
        subject.hear(5, LEADING, FIVE, ROUND);
        subject.hear(3, FOLLOWING, FIVE, ROUND);
        subject.hear(4, FOLLOWING, FIVE, ROUND);
      }
    }
    assertEquals(state, subject.state());
    return subject;
  }

  /** When a server that is sure of its outcome asks the others next. */
  private static final Duration AGAIN = ElectionTimings.lan().resendMax();

  private static boolean hasQuorum(Subject subject) {
    return switch (subject.state()) {
      case LOOKING -> subject.timers().containsKey(FastLeaderElection.FINALIZE);
      case LEADING -> AGAIN.equals(subject.timers().get(FastLeaderElection.CONFIRM));
      case FOLLOWING, OBSERVING -> false;
    };
  }

  @TestFactory
  Stream<DynamicTest> whoIsFollowedOnceALeaderIsKnown() {
    return rows(
        """
        # what we do, who is known to lead, when it says that it leads; what we do then, under whom
        LOOKING   4 never  LOOKING   0
        LOOKING   4 before FOLLOWING 4
        LOOKING   4 after  FOLLOWING 4
        LOOKING   1 never  LEADING   1
        LOOKING   7 never  LOOKING   0
        FOLLOWING 4 never  FOLLOWING 5
        FOLLOWING 4 before FOLLOWING 4
        FOLLOWING 4 after  FOLLOWING 4
        FOLLOWING 5 never  FOLLOWING 5
        FOLLOWING 5 after  FOLLOWING 5
        FOLLOWING 1 never  LEADING   1
        LEADING   4 never  LEADING   5
        LEADING   4 before FOLLOWING 4
        LEADING   4 after  FOLLOWING 4
        LEADING   5 never  LEADING   5
        OBSERVING 4 never  OBSERVING 5
        OBSERVING 4 before OBSERVING 4
        OBSERVING 4 after  OBSERVING 4
        OBSERVING 9 never  OBSERVING 5
        """,
        words -> {
          ServerId known = ServerId.of(Long.parseLong(words.get(1)));
          for (long round : List.of(1L, ROUND, ROUND + 3)) {
            Subject subject = oneVoteShort(ServerState.valueOf(words.get(0)));
            var actions = new ArrayList<Action>();
            if (words.get(2).equals("before")) {
              actions.addAll(
                  subject.hear(known.value(), LEADING, vote(known.value(), 7, 1), round));
            }
            actions.addAll(subject.feed(new Event.Led(known)));
            if (words.get(2).equals("after")) {
              actions.addAll(
                  subject.hear(known.value(), LEADING, vote(known.value(), 7, 1), round));
            }
            assertEquals(ServerState.valueOf(words.get(3)), subject.state());
            long leader = subject.leader().map(ServerId::value).orElse(0L);
            assertEquals(Long.parseLong(words.get(4)), leader);
            assertFalse(actions.stream().anyMatch(Action.Withdraw.class::isInstance));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> whatHappensWhenWeMayNotLeadOrMayAgain() {
    return rows(
        """
        # what we do, whom we vote for or follow, what we are told; is another election begun?
        LOOKING   1 no  yes
        LOOKING   5 no  -
        FOLLOWING 5 no  -
        LEADING   5 no  yes
        OBSERVING 5 no  -
        LOOKING   1 yes -
        LOOKING   5 yes -
        FOLLOWING 5 yes -
        LEADING   5 yes -
        OBSERVING 5 yes -
        """,
        words -> {
          boolean ownVote = words.get(1).equals("1");
          ServerState state = ServerState.valueOf(words.get(0));
          Subject subject = ownVote ? Subject.linked(1, 5) : oneVoteShort(state);
          long before = subject.round();
          var actions = subject.feed(new Event.Eligible(words.get(2).equals("yes")));
          boolean another = words.get(3).equals("yes");
          assertEquals(another ? before + 1 : before, subject.round());
          assertEquals(another, !actions.isEmpty());
          assertEquals(another ? LOOKING : state, subject.state());
          if (another) {
            assertEquals(Vote.NOBODY, proposal(subject));
          }
        });
  }

  @Test
  void onlyAVoterWithWeightAStateAndAQuorumToHearItStands() {
    var voters =
        new Hierarchical(ids(1, 2, 3, 4), Map.of(1L, ids(1, 2, 3, 4)), Map.of(ServerId.of(4), 0L));
    for (long id = 1; id <= 9; id++) {
      var peers = new Peers();
      var candidacy = new Candidacy(ServerId.of(id), voters, peers);
      peers.up(ServerId.of(4));
      assertEquals(false, candidacy.canStand());
      peers.up(ServerId.of(id == 1 ? 2 : 1));
      assertEquals(id <= 3, candidacy.canStand());
      assertEquals(id <= 3 ? vote(id, 0, 0) : Vote.NOBODY, candidacy.initialVote());
      candidacy.moveTo(new Position(7, 2));
      assertEquals(id <= 3 ? vote(id, 7, 2) : Vote.NOBODY, candidacy.initialVote());
      for (long other = 1; other <= 9; other++) {
        assertEquals(other <= 3, candidacy.isCandidate(vote(other, 9, 9)));
      }
      candidacy.sitOut(true);
      assertEquals(Vote.NOBODY, candidacy.initialVote());
      assertEquals(false, candidacy.isCandidate(vote(id, 7, 2)));
      candidacy.setEligible(false);
      candidacy.sitOut(false);
      assertEquals(Vote.NOBODY, candidacy.initialVote());
      assertEquals(false, candidacy.canStand());
      candidacy.setEligible(true);
      assertEquals(false, candidacy.canStand());
      peers.hear(ServerId.of(id == 1 ? 2 : 1));
      assertEquals(id <= 3, candidacy.canStand());
      candidacy.moveTo(Position.NO_STATE);
      assertEquals(false, candidacy.canStand());
      assertEquals(false, candidacy.isCandidate(vote(id, -1, 0)));
    }
  }

  private static Set<ServerId> ids(long... ids) {
    return Subject.majority(LongStream.of(ids)).voters();
  }
}
