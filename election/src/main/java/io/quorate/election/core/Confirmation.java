package io.quorate.election.core;

import io.quorate.election.ElectionTimings;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.Set;

/**
 * Whether what was decided has come true: the leader says that it leads, or a quorum follows us. It
 * looks at the ballots, asks whoever has not said so, and owns the timer of that.
 */
final class Confirmation {
  static final String CONFIRM = "confirm";

  /**
   * Into how many intervals {@code confirmWait} is cut; at the end of each but the last one asks.
   */
  private static final int INTERVALS = 8;

  private final ElectionTimings timings;
  private final Outbox out;
  private final Count count;
  private final VoteLedger ballots;

  private Ballot decision = Ballot.ofOurs(ServerState.LOOKING, Vote.NOBODY, 0);
  private boolean gained;
  private boolean asking;
  private int asked;
  private long gains;

  Confirmation(ElectionTimings timings, Outbox out, Count count, VoteLedger ballots) {
    this.timings = timings;
    this.out = out;
    this.count = count;
    this.ballots = ballots;
  }

  /** Begins with another decision, unconfirmed; {@link #check} is to follow. */
  void begin(Ballot settled) {
    decision = settled;
    gained = false;
    gains = 0;
    asking = false;
  }

  /** Takes what is true now; returns whether it has just been confirmed. */
  boolean check() {
    ServerId leader = decision.vote().leader();
    boolean now =
        leads() ? count.isQuorum(ballots.followersOf(leader)) : ballots.saysItLeads(leader);
    if (!now) {
      if (lose()) {
        out.start(CONFIRM, interval());
      }
      return false;
    }
    boolean news = !gained;
    gained = true;
    asking = false;
    if (news) {
      gains++;
      // A process that has stopped, and a network that swallows everything, tell nobody: ask again.
      out.start(CONFIRM, timings.resendMax());
    }
    return news;
  }

  /** Asks, when the time has come; returns false where it was asked often enough. */
  boolean askAgain() {
    if (leads() && count.isQuorumAlone()) {
      return true;
    }
    if (!leads() || gained) {
      ballots.clear(); // What counts is what they say now.
      lose();
    }
    if (++asked >= INTERVALS) {
      return false;
    }
    ServerId leader = decision.vote().leader();
    if (leads()) {
      Set<ServerId> followers = ballots.followersOf(leader);
      count.voters().stream().filter(id -> !followers.contains(id)).sorted().forEach(this::ask);
    } else {
      ask(leader);
    }
    out.start(CONFIRM, interval());
    return true;
  }

  boolean wasEverGained() {
    return gains > 0;
  }

  /** It has not come for half the time that we wait for it, and never did. */
  boolean isLate() {
    return !wasEverGained() && asked * 2 >= INTERVALS;
  }

  /** It was gained again after longer than a leader waits for a quorum that follows it. */
  boolean hasLasted() {
    Duration atLeast = timings.resendMax().multipliedBy(Math.max(0, gains - 1));
    return atLeast.compareTo(timings.confirmWait()) > 0;
  }

  private boolean leads() {
    return decision.state() == ServerState.LEADING;
  }

  /** Returns whether that is news, and so is the first question. */
  private boolean lose() {
    boolean news = !asking;
    gained = false;
    if (news) {
      asking = true;
      asked = 0;
    }
    return news;
  }

  /** A server that has settled answers one that is looking, so that is how to ask it. */
  private void ask(ServerId peer) {
    out.tell(peer, ServerState.LOOKING, decision.vote(), decision.round());
  }

  private Duration interval() {
    return timings.confirmWait().dividedBy(INTERVALS);
  }
}
