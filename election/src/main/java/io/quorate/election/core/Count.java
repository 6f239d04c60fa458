package io.quorate.election.core;

import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.util.Set;
import java.util.TreeSet;

/** What the ballots add up to, by the voters of now. It is asked, and changes nothing. */
final class Count {
  private final ServerId self;
  private final Peers peers;
  private final Candidacy candidacy;
  private QuorumVerifier voters;

  Count(ServerId self, QuorumVerifier voters, Peers peers, Candidacy candidacy) {
    this.self = self;
    this.voters = voters;
    this.peers = peers;
    this.candidacy = candidacy;
  }

  void reconfigure(QuorumVerifier next) {
    voters = next;
  }

  Set<ServerId> voters() {
    return voters.voters();
  }

  boolean isQuorum(Set<ServerId> ids) {
    return voters.isQuorum(ids);
  }

  /** Nobody else is needed. */
  boolean isQuorumAlone() {
    return voters.isQuorum(Set.of(self));
  }

  /**
   * Its leader itself has said that it leads, and a quorum agrees. Nobody else need see that: where
   * only the leader reaches the others it never does, and elsewhere it is told only who has to
   * know. So it is enough that the leader says so in our round, of a vote that we would take over.
   */
  boolean isElectedBy(VoteLedger ledger, Ballot ballot, Ballot ours) {
    ServerId leader = ballot.vote().leader();
    boolean leads =
        leader.equals(self)
            ? candidacy.canStand() && ballot.round() == ours.round()
            : ledger.saysItLeads(leader);
    boolean yields = ledger.of(leader).filter(ours::yieldsTo).isPresent();
    Set<ServerId> agreeing = ledger.voters(ballot::agreesWith);
    if (ours.agreesWith(ballot)) {
      agreeing.add(self);
    }
    return leads && voters.weight(leader) > 0 && (yields || voters.isQuorum(agreeing));
  }

  /**
   * We lead, and a quorum follows another. Who hears that others cannot be reached decides without
   * them; one of those may start a moment later, and win over all who have not decided yet.
   */
  boolean isLost(VoteLedger ballots, Ballot ballot, Ballot ours) {
    boolean another = !ballot.isLooking() && !ballot.vote().leader().equals(self);
    return another && isElectedBy(ballots, ballot, ours);
  }

  /**
   * Every voter that may be there agrees on this vote, and each of them decides as we do. Beside a
   * server that always waits we wait too: it may still turn to a late better candidate.
   */
  boolean nothingBetterCanCome(Vote vote, Set<ServerId> agreeing) {
    boolean led = vote.leader().equals(self) || peers.isLinked(vote.leader());
    return led
        && voters.voters().stream()
            .filter(voter -> !voter.equals(self) && !peers.isUnreachable(voter))
            .allMatch(voter -> agreeing.contains(voter) && peers.isOurs(voter));
  }

  /** A quorum, with ourselves, has said that it votes for nobody. */
  boolean hasNoCandidate(VoteLedger ballots) {
    Set<ServerId> idle = ballots.voters(ballot -> !ballot.isVote());
    idle.add(self);
    return voters.isQuorum(idle);
  }

  /** Whoever looks in a later round comes back only to a quorum that is there without it. */
  boolean mayBeFollowed(VoteLedger lookingLater) {
    var left = new TreeSet<>(peers.linked());
    left.add(self);
    left.removeAll(lookingLater.voters(ballot -> true));
    return voters.isQuorum(left);
  }
}
