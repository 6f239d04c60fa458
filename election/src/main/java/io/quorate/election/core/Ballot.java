package io.quorate.election.core;

import io.quorate.election.spi.Position;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;

/**
 * What a server said last: its state, its vote and the round of it.
 *
 * @param state what it does
 * @param vote whom it votes for or follows
 * @param round its round
 * @param version the format version it speaks, as far as it counts in comparing
 */
record Ballot(ServerState state, Vote vote, long round, int version) {

  static Ballot of(Notification notification) {
    return new Ballot(
        notification.state(), notification.vote(), notification.round(), notification.version());
  }

  static Ballot ofOurs(ServerState state, Vote vote, long round) {
    return new Ballot(state, vote, round, Notification.CURRENT_VERSION);
  }

  boolean isLooking() {
    return state == ServerState.LOOKING;
  }

  /** Returns whether this nominates or follows somebody: what only a voter should do. */
  boolean isVote() {
    return isLooking() ? !vote.leader().equals(ServerId.NONE) : state != ServerState.OBSERVING;
  }

  /** Returns whether this server, whose ballot it is, says that it leads. */
  boolean saysItLeads(ServerId server) {
    return state == ServerState.LEADING && vote.leader().equals(server);
  }

  /** Returns whether this nominates a server without a state. */
  boolean isStateless() {
    return vote.zxid() == Position.NO_STATE.zxid();
  }

  /** Returns whether this looks, in the round of that leader, and for none better. */
  boolean yieldsTo(Ballot leader) {
    return isLooking() && round == leader.round && !vote.isBetterThan(leader.vote);
  }

  /** Returns whether this looks on: later than that was elected, or for a better one. */
  boolean leaves(Ballot elected) {
    boolean better = round == elected.round && vote.isBetterThan(elected.vote);
    return isLooking() && (round > elected.round || better);
  }

  /**
   * Tells whether two ballots elect the same leader. While somebody is looking, everything must be
   * equal. Among servers that have decided, the leader and its epoch are enough, since they may
   * have decided in different rounds; a server of the oldest format does not even tell the epoch.
   */
  boolean agreesWith(Ballot other) {
    if (isLooking() || other.isLooking()) {
      return vote.equals(other.vote) && round == other.round;
    }
    boolean sameLeader = vote.leader().equals(other.vote.leader());
    boolean oneIsOldFormat = (version == 0) != (other.version == 0);
    return sameLeader && (oneIsOldFormat || vote.peerEpoch() == other.vote.peerEpoch());
  }
}
