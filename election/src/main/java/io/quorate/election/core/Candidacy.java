package io.quorate.election.core;

import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.Optional;

/** Who may be voted for, ourselves included. */
final class Candidacy {
  /** Larger rounds are not joined, so that counting on from one can never overflow. */
  private static final long MAX_ROUND = Long.MAX_VALUE >> 1;

  private final ServerId self;
  private final Peers peers;
  private QuorumVerifier voters;
  private Position position = Position.START;
  private boolean eligible = true;
  private boolean sittingOut;

  Candidacy(ServerId self, QuorumVerifier voters, Peers peers) {
    this.self = self;
    this.peers = peers;
    this.voters = voters;
  }

  void moveTo(Position now) {
    position = now;
  }

  void setEligible(boolean may) {
    eligible = may;
  }

  /** While we sit out the others speak: whoever does not is not to be counted on afterwards. */
  void sitOut(boolean out) {
    sittingOut = out;
    if (out) {
      peers.doubtAll();
    }
  }

  void reconfigure(QuorumVerifier next) {
    voters = next;
  }

  /**
   * The vote we begin with: for ourselves, or for nobody where we cannot stand. A voter without a
   * state shows by its vote that it has none, and so is not heard.
   */
  Vote initialVote() {
    boolean stateless = isVoter(self) && !hasState();
    return canStand() || stateless
        ? new Vote(self, position.zxid(), position.epoch())
        : Vote.NOBODY;
  }

  boolean canStand() {
    return isVoter(self) && hasState() && !heldBack() && voters.weight(self) > 0;
  }

  private boolean heldBack() {
    return !eligible || sittingOut || !reachesQuorum();
  }

  /** To lead takes a quorum that hears us; those who vote for us may know us only from others. */
  private boolean reachesQuorum() {
    var reached = peers.reached();
    reached.add(self);
    return voters.isQuorum(reached);
  }

  boolean isVoter(ServerId id) {
    return voters.voters().contains(id);
  }

  /** A server without a state joins an ensemble that is there, and takes no part in finding one. */
  boolean hasState() {
    return position.zxid() != Position.NO_STATE.zxid();
  }

  boolean isCandidate(Vote vote) {
    ServerId id = vote.leader();
    return voters.weight(id) > 0 && (!id.equals(self) || canStand());
  }

  /** Returns whether this is a vote for us that could be good at another time. */
  boolean isHeldBack(Vote vote) {
    return vote.leader().equals(self) && voters.weight(self) > 0 && heldBack();
  }

  /** What we vote for on joining the round of somebody who votes so. */
  Vote onJoining(Vote heard) {
    Vote ours = initialVote();
    return isCandidate(heard) && heard.isBetterThan(ours) ? heard : ours;
  }

  /** Why a voter's ballot is not to be counted, if so. */
  Optional<String> objectionTo(Ballot ballot) {
    ServerId leader = ballot.vote().leader();
    if (ballot.state() == ServerState.OBSERVING) {
      return Optional.of("is a voter, yet says that it is observing");
    }
    if (ballot.isVote() && !isVoter(leader)) {
      return Optional.of("votes for " + leader + ", who is no voter");
    }
    if (ballot.round() > MAX_ROUND) {
      return Optional.of("is in the impossible round " + ballot.round());
    }
    return Optional.empty();
  }
}
