package io.quorate.election.core;

import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whom to tell our vote because of what it has said. Whoever may not count us has an answer to its
 * every question, and a voter to every question that a later word of ours settles. Only a server
 * that votes although it is no voter here is answered once until we have something new to say:
 * perhaps it says the same of us, and two that answered each other would never stop.
 */
final class Answers {
  private final ServerId self;
  private final Candidacy candidacy;
  private final Set<ServerId> answered = new TreeSet<>();

  Answers(ServerId self, Candidacy candidacy) {
    this.self = self;
    this.candidacy = candidacy;
  }

  /** There is something new to say, or it is time to say it again. */
  void renew() {
    answered.clear();
  }

  /** It is another link, or there is none. */
  void renew(ServerId peer) {
    answered.remove(peer);
  }

  /** Returns whether a peer is to be told our vote now; counts as told then. */
  boolean isOwed(ServerId peer, Ballot said, Ballot ours) {
    boolean asks = said.state() == ServerState.LOOKING;
    boolean settled = ours.state() != ServerState.LOOKING;
    boolean weVote = candidacy.isVoter(self);
    if (candidacy.isVoter(peer)) {
      return weVote && asks && (settled || said.round() < ours.round());
    }
    boolean endless = !settled && (said.isVote() || !ours.isVote());
    return (weVote || asks) && ((asks && !endless) || answered.add(peer));
  }
}
