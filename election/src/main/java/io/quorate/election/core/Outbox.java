package io.quorate.election.core;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionContext;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The actions of one step, in their order, and the timers that run from step to step. */
final class Outbox {
  private final ElectionContext context;
  private final Peers peers;
  private final Set<String> running = new TreeSet<>();
  private List<Action> actions = new ArrayList<>();

  Outbox(ElectionContext context, Peers peers) {
    this.context = context;
    this.peers = peers;
  }

  List<Action> drain() {
    List<Action> all = actions;
    actions = new ArrayList<>();
    return all;
  }

  void add(Action action) {
    actions.add(action);
  }

  /**
   * Without a link there is nobody to tell; when one comes up, it is told what is true then. What a
   * peer was to be told earlier in this step is outdated by this.
   */
  void tell(ServerId peer, ServerState state, Vote vote, long round) {
    if (peers.isLinked(peer)) {
      actions.removeIf(action -> isTo(peer, action));
      actions.add(new Action.Send(peer, context.notification(state, vote, round)));
    }
  }

  private static boolean isTo(ServerId peer, Action action) {
    return action instanceof Action.Send send && send.to().equals(peer);
  }

  /**
   * Tells that we vote for a better one now: the candidate, those who count on us for the one
   * before, who is to be told something anyway, and who does not decide by our rules. The others
   * follow the candidate on its own word. Where we hear of the candidate from others only, perhaps
   * they do too, so all are told.
   */
  void tellChange(Ballot before, Ballot now, VoteLedger ballots, Candidacy candidacy) {
    ServerId candidate = now.vote().leader();
    for (ServerId peer : peers.linked()) {
      boolean concerned =
          peer.equals(candidate)
              || peer.equals(before.vote().leader())
              || actions.stream().anyMatch(action -> isTo(peer, action))
              || ballots.of(peer).filter(before::agreesWith).isPresent();
      boolean waits = peers.isOurs(peer) && peers.isLinked(candidate);
      if (candidacy.isVoter(peer) && (concerned || !waits)) {
        tell(peer, now.state(), now.vote(), now.round());
      }
    }
  }

  /** Tells those to whom it is news how it ended, and who do not follow on the leader's word. */
  void tellOutcome(Ballot settled, VoteLedger ballots) {
    ServerId leader = settled.vote().leader();
    Ballot agreed = Ballot.ofOurs(ServerState.LOOKING, settled.vote(), settled.round());
    for (ServerId peer : peers.linked()) {
      boolean sees = ballots.of(peer).filter(agreed::agreesWith).isPresent();
      boolean follows =
          peers.isOurs(peer) && ballots.of(peer).filter(said -> said.yieldsTo(settled)).isPresent();
      if (settled.state() == ServerState.LEADING || peer.equals(leader) || !(sees || follows)) {
        tell(peer, settled.state(), settled.vote(), settled.round());
      }
    }
  }

  void start(String timer, Duration after) {
    running.add(timer);
    actions.add(new Action.SetTimer(timer, after));
  }

  void stop(String timer) {
    if (running.remove(timer)) {
      actions.add(new Action.CancelTimer(timer));
    }
  }

  void hasFired(String timer) {
    running.remove(timer);
  }

  boolean isRunning(String timer) {
    return running.contains(timer);
  }

  void warn(String detail) {
    actions.add(new Action.Warn("voteIgnored", detail));
  }
}
