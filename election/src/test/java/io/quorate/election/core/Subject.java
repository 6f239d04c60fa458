package io.quorate.election.core;

import static io.quorate.protocol.ServerState.FOLLOWING;
import static io.quorate.protocol.ServerState.LEADING;
import static io.quorate.protocol.ServerState.LOOKING;
import static io.quorate.protocol.ServerState.OBSERVING;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionTimings;
import io.quorate.election.Majority;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * One server's election as its engine treats it: a withdrawal is answered with a new look, timers
 * are kept by name. It also checks what an engine relies on.
 */
final class Subject {
  private static final ConfigText CONFIG =
      ConfigText.of(new EnsembleConfig(new TreeMap<>(), Optional.empty(), 0));

  private final ServerId self;
  private final FastLeaderElection election;
  private QuorumVerifier voters;
  private Position position;

  private ServerState state = LOOKING;
  private Vote vote = Vote.NOBODY;
  private long round;
  private final Map<String, Duration> timers = new TreeMap<>();

  Subject(ServerId self, QuorumVerifier voters, Position position) {
    this.self = self;
    this.voters = voters;
    this.position = position;
    election =
        new FastLeaderElection(new ElectionContext(self, voters, ElectionTimings.lan(), CONFIG));
  }

  /** Makes a voter among equals that has begun to look and is linked with the others. */
  static Subject linked(long self, long others) {
    var subject =
        new Subject(ServerId.of(self), majority(LongStream.rangeClosed(1, others)), Position.START);
    subject.look();
    LongStream.rangeClosed(1, others)
        .filter(id -> id != self)
        .forEach(id -> subject.feed(new Event.LinkUp(ServerId.of(id))));
    return subject;
  }

  static QuorumVerifier majority(LongStream ids) {
    var voters = new TreeSet<ServerId>();
    ids.forEach(id -> voters.add(ServerId.of(id)));
    return new Majority(voters);
  }

  static Notification says(ServerState state, Vote vote, long round) {
    return new Notification(state, vote, round, Notification.CURRENT_VERSION, Optional.of(CONFIG));
  }

  static Vote vote(long leader, long zxid, long epoch) {
    return new Vote(ServerId.of(leader), zxid, epoch);
  }

  List<Action> look() {
    return feed(new Event.Look(position));
  }

  List<Action> hear(long from, ServerState said, Vote about, long inRound) {
    return feed(new Event.Heard(ServerId.of(from), says(said, about, inRound)));
  }

  List<Action> recognize(long... peers) {
    var actions = new ArrayList<Action>();
    Arrays.stream(peers)
        .forEach(peer -> actions.addAll(feed(new Event.Recognized(ServerId.of(peer)))));
    return actions;
  }

  List<Action> fire(String timer) {
    assertTrue(timers.containsKey(timer), () -> timer + " is not set, but " + timers);
    timers.remove(timer);
    return feed(new Event.TimerFired(timer));
  }

  /** Takes one step, and one more for each withdrawal. */
  List<Action> feed(Event event) {
    if (event instanceof Event.Reconfigured(QuorumVerifier next)) {
      voters = next;
    }
    if (event instanceof Event.Look) {
      state = LOOKING;
    }
    List<Action> actions = election.on(event);
    boolean withdrawn = false;
    for (Action action : actions) {
      assertFalse(withdrawn, () -> "something follows a withdrawal: " + actions);
      withdrawn = action instanceof Action.Withdraw;
      perform(action);
    }
    if (!withdrawn) {
      return actions;
    }
    assertFalse(event instanceof Event.Look, "a look that withdraws would never end");
    var all = new ArrayList<>(actions);
    all.addAll(look());
    return all;
  }

  private void perform(Action action) {
    switch (action) {
      case Action.Send send -> requireHonest(send.notification());
      case Action.SetTimer(String name, Duration after) -> {
        assertTrue(after.isPositive(), () -> name + " after " + after);
        timers.put(name, after);
      }
      case Action.CancelTimer(String name) -> timers.remove(name);
      case Action.Looking(long number) -> {
        state = LOOKING;
        round = number;
      }
      case Action.Nominate(Vote elected, long number) -> {
        assertTrue(voters.weight(elected.leader()) > 0, () -> "nominates " + elected.leader());
        vote = elected;
        round = number;
        boolean votes = voters.voters().contains(self);
        state = elected.leader().equals(self) ? LEADING : votes ? FOLLOWING : OBSERVING;
      }
      case Action.Withdraw _ -> state = LOOKING;
      case Action.Warn _ -> {}
    }
  }

  /** What is said is what is so, or a question, which looks like the word of one that looks. */
  private void requireHonest(Notification said) {
    assertTrue(said.state() == LOOKING || said.state() == state, () -> "says " + said);
    assertTrue(state == LOOKING || said.vote().equals(vote), () -> "says " + said);
  }

  void moveTo(Position next) {
    position = next;
  }

  ServerId self() {
    return self;
  }

  ServerState state() {
    return state;
  }

  /** Returns who leads; nobody while looking. */
  Optional<ServerId> leader() {
    return state == LOOKING ? Optional.empty() : Optional.of(vote.leader());
  }

  long round() {
    return round;
  }

  Map<String, Duration> timers() {
    return timers;
  }
}
