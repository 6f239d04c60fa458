package io.quorate.election.core;

import static io.quorate.protocol.ServerState.FOLLOWING;
import static io.quorate.protocol.ServerState.LEADING;
import static io.quorate.protocol.ServerState.LOOKING;
import static io.quorate.protocol.ServerState.OBSERVING;

import io.quorate.election.ElectionTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fast leader election, by the rules that ZooKeeper's servers follow on the wire, as a pure state
 * machine.
 *
 * <p>Every voter proposes a vote and tells all others. It takes over any better vote that it hears,
 * and tells that. When a quorum proposes what it proposes itself, that server is elected. Rounds
 * number the elections: votes of different rounds are never counted together, and a server that
 * hears of a larger round joins it.
 *
 * <pre>
 *             a quorum and nothing better to expect; or an established ensemble
 *   LOOKING -------------------------------------------------------------------&gt; LEADING
 *      ^                                                                         FOLLOWING
 *      |                                                                         OBSERVING
 *      +-------------------------------------------------------------------------+
 *             no quorum follows us; the leader is gone or does not lead; told to
 * </pre>
 *
 * <p>The way there is {@link #settle}, the way back {@link #withdraw} and then {@link #onLook}; no
 * other method changes the state. Not safe for use by several threads.
 */
public final class FastLeaderElection implements ElectionAlgorithm {
  static final String FINALIZE = "finalize";
  static final String RESEND = "resend";
  static final String CONFIRM = "confirm";
  static final String SIT_OUT = "sitOut";

  private final ServerId self;
  private final ElectionTimings timings;
  private final Peers peers = new Peers();
  private final Outbox out;
  private final Candidacy candidacy;
  private final Answers answers;
  private final Backoff resend;
  private final Backoff sitOut;

  /** What voters said last, as far as it was in this round; once settled, in any. */
  private final VoteLedger ballots = new VoteLedger();

  /** What servers that follow or lead said, in whatever round, since we began to look. */
  private final VoteLedger established = new VoteLedger();

  /** Votes of later rounds, heard while settled: they count as soon as we look, too. */
  private final VoteLedger early = new VoteLedger();

  private final List<VoteLedger> ledgers = List.of(ballots, established, early);

  private QuorumVerifier voters;
  private ServerState state = LOOKING;

  /** Grows with every election; 0 before the first. */
  private long round;

  /** Our proposal while looking; the elected one's vote once settled. */
  private Vote vote = Vote.NOBODY;

  private boolean resendSoon;

  private Confirmation confirmation = new Confirmation();

  /**
   * Makes the election of one server; it says nothing before {@link Event.Look}.
   *
   * @param context who we are and who the others are
   */
  public FastLeaderElection(ElectionContext context) {
    self = context.self();
    timings = context.timings();
    voters = context.voters();
    out = new Outbox(context, peers);
    candidacy = new Candidacy(self, voters);
    answers = new Answers(self, candidacy);
    resend = new Backoff(timings.resendMin(), timings.resendMax());
    sitOut = new Backoff(timings.sitOutMin(), timings.sitOutMax());
  }

  @Override
  public List<Action> on(Event event) {
    switch (event) {
      case Event.Look(Position position) -> onLook(position);
      case Event.Heard(ServerId from, Notification said) -> onHeard(from, said);
      case Event.LinkUp(ServerId peer) -> onLinkUp(peer);
      case Event.LinkDown(ServerId peer) -> onLinkDown(peer);
      case Event.Unreachable(ServerId peer) -> peers.notReached(peer);
      case Event.Recognized(ServerId peer) -> peers.recognize(peer);
      case Event.TimerFired(String timer) -> onTimer(timer);
      case Event.NominationFailed() -> onNominationFailed();
      case Event.Reconfigured(QuorumVerifier next) -> onReconfigured(next);
    }
    tally();
    if (resendSoon && state == LOOKING) {
      resend.reset();
      out.start(RESEND, resend.next());
    }
    resendSoon = false;
    return out.drain();
  }

  // ---- looking ----

  private void onLook(Position position) {
    state = LOOKING;
    out.stop(CONFIRM);
    candidacy.moveTo(position);
    established.clear();
    beginRound(round + 1, candidacy.initialVote());
    early.drain().forEach(this::onLookingBallot);
  }

  private void beginRound(long number, Vote best) {
    round = number;
    ballots.clear();
    out.add(new Action.Looking(round));
    propose(best);
  }

  private void propose(Vote better) {
    vote = better;
    out.stop(FINALIZE);
    answers.renew();
    tellVoters();
    resendSoon = true;
  }

  // ---- what the others say ----

  private void onHeard(ServerId from, Notification said) {
    Ballot ballot = Ballot.of(said);
    boolean wasLooking = state == LOOKING;
    if (candidacy.isVoter(from)) {
      hearVoter(from, ballot);
    } else if (ballot.isVote()) {
      out.warn("server " + from + " is no voter, yet votes for " + ballot.vote().leader());
    }
    // Whoever has to know of a change is told of it anyway.
    if (wasLooking == (state == LOOKING)
        && answers.isOwed(from, ballot, Ballot.ofOurs(state, vote, round))) {
      tell(from);
    }
  }

  private void hearVoter(ServerId from, Ballot ballot) {
    Optional<String> objection = candidacy.objectionTo(ballot);
    if (objection.isPresent()) {
      out.warn("server " + from + " " + objection.get());
    } else if (state != LOOKING) {
      onBallotWhileSettled(from, ballot);
    } else if (ballot.state() == LOOKING) {
      onLookingBallot(from, ballot);
    } else {
      onSettledBallot(from, ballot);
    }
  }

  /** A voter looks, and so do we. */
  private void onLookingBallot(ServerId from, Ballot ballot) {
    established.forget(from);
    if (!candidacy.isVoter(self) || !candidacy.hasState()) {
      return;
    }
    if (ballot.isStateless() || ballot.round() < round) {
      ballots.forget(from);
      return;
    }
    if (ballot.round() > round) {
      beginRound(ballot.round(), candidacy.onJoining(ballot.vote()));
    } else if (candidacy.isCandidate(ballot.vote()) && ballot.vote().isBetterThan(vote)) {
      propose(ballot.vote());
    }
    resendSoon |= ballots.record(from, ballot);
  }

  /** A voter has settled while we look: perhaps there is an ensemble to join. */
  private void onSettledBallot(ServerId from, Ballot ballot) {
    resendSoon |= established.record(from, ballot);
    if (ballot.round() == round) {
      ballots.record(from, ballot);
    } else {
      ballots.forget(from);
    }
    if (ballot.round() == round && isElectedBy(ballots, ballot)) {
      join(ballots, ballot);
    } else if (isElectedBy(established, ballot)) {
      join(established, ballot);
    }
  }

  /** The leader itself knows best in which round it was elected, and with which vote. */
  private void join(VoteLedger ledger, Ballot ballot) {
    Ballot own = ledger.of(ballot.vote().leader()).orElse(ballot);
    settle(own.vote(), own.round());
  }

  /** A quorum agrees with this ballot, and its leader itself has said that it leads. */
  private boolean isElectedBy(VoteLedger ledger, Ballot ballot) {
    ServerId leader = ballot.vote().leader();
    boolean leads =
        leader.equals(self)
            ? candidacy.canStand() && ballot.round() == round
            : ledger.saysItLeads(leader);
    Set<ServerId> agreeing = ledger.voters(ballot::agreesWith);
    if (ourBallot().agreesWith(ballot)) {
      agreeing.add(self);
    }
    return leads && voters.weight(leader) > 0 && voters.isQuorum(agreeing);
  }

  // ---- deciding ----

  private Ballot ourBallot() {
    return Ballot.ofOurs(LOOKING, vote, round);
  }

  private void tally() {
    if (state != LOOKING || !candidacy.isVoter(self) || !candidacy.isCandidate(vote)) {
      return;
    }
    Set<ServerId> agreeing = ballots.voters(ourBallot()::agreesWith);
    agreeing.add(self);
    if (!voters.isQuorum(agreeing)) {
      out.stop(FINALIZE);
    } else if (nothingBetterCanCome(agreeing)) {
      settle(vote, round);
    } else if (!out.isRunning(FINALIZE)) {
      out.start(FINALIZE, timings.finalizeWait());
    }
  }

  /**
   * Every voter that may be there agrees, and each of them decides as we do. Beside a server that
   * always waits we wait too: it may still turn to a late better candidate.
   */
  private boolean nothingBetterCanCome(Set<ServerId> agreeing) {
    boolean led = vote.leader().equals(self) || peers.isLinked(vote.leader());
    return led
        && voters.voters().stream()
            .filter(voter -> !voter.equals(self) && !peers.isUnreachable(voter))
            .allMatch(voter -> agreeing.contains(voter) && peers.isOurs(voter));
  }

  /** From LOOKING to one of the other states. */
  private void settle(Vote elected, long inRound) {
    out.stop(FINALIZE);
    out.stop(RESEND);
    answers.renew();
    ballots.recordAll(established);
    established.clear();
    vote = elected;
    round = Math.max(inRound, 1);
    ServerState follower = candidacy.isVoter(self) ? FOLLOWING : OBSERVING;
    state = elected.leader().equals(self) ? LEADING : follower;
    confirmation = new Confirmation();
    out.add(new Action.Nominate(vote, round));
    tellOutcome();
    checkConfirmation();
  }

  /** From any state to LOOKING; {@link Event.Look} follows. */
  private void withdraw(String reason) {
    state = LOOKING;
    vote = Vote.NOBODY;
    out.add(new Action.Withdraw(reason));
  }

  // ---- settled ----

  private void onBallotWhileSettled(ServerId from, Ballot ballot) {
    boolean looks = ballot.state() == LOOKING;
    boolean later = ballot.round() > round;
    if (looks && later) {
      early.record(from, ballot);
    } else {
      early.forget(from);
    }
    if (looks && ballot.round() == round && ballot.vote().equals(vote)) {
      return; // It agrees, and only asks whether we do.
    }
    boolean fromLeader = from.equals(vote.leader());
    if (fromLeader && looks && !later) {
      ballots.forget(from); // It is late, or it has forgotten that it leads. It will be asked.
    } else {
      ballots.record(from, ballot);
    }
    if (fromLeader && (looks ? later : !ballots.saysItLeads(from))) {
      withdraw("server " + from + " is " + ballot.state() + " and does not lead");
    } else if (looks && later && state == LEADING && !mayBeFollowed()) {
      withdraw("too many look for a leader in a later round");
    } else {
      checkConfirmation();
    }
  }

  /** Whoever looks in a later round comes back only to a quorum that is there without it. */
  private boolean mayBeFollowed() {
    var left = new TreeSet<>(peers.linked());
    left.add(self);
    left.removeAll(early.voters(looking -> true));
    return voters.isQuorum(left);
  }

  /** Are we followed by a quorum, or does our leader say that it leads? If not yet, ask. */
  private void checkConfirmation() {
    boolean now =
        state == LEADING
            ? voters.isQuorum(ballots.followersOf(self))
            : ballots.saysItLeads(vote.leader());
    switch (confirmation.update(now)) {
      case UNCHANGED -> {}
      case MISSING -> out.start(CONFIRM, Confirmation.interval(timings));
      case GAINED -> onConfirmed();
    }
  }

  private void onConfirmed() {
    if (state != LEADING) {
      sitOut.reset(); // As for ourselves, that we are followed does not yet mean that we can lead.
    }
    // A process that has stopped, and a network that swallows everything, tell nobody: ask again.
    out.start(CONFIRM, timings.resendMax());
  }

  private void onConfirmTimer() {
    if (state == LEADING && voters.isQuorum(Set.of(self))) {
      return; // Nobody else is needed.
    }
    if (state != LEADING || confirmation.isGained()) {
      ballots.clear(); // What counts is what they say now.
      confirmation.update(false);
    }
    if (!confirmation.mayAskAgain()) {
      onUnconfirmed();
      return;
    }
    if (state == LEADING) {
      Set<ServerId> followers = ballots.followersOf(self);
      voters.voters().stream().filter(id -> !followers.contains(id)).sorted().forEach(this::ask);
    } else {
      ask(vote.leader());
    }
    out.start(CONFIRM, Confirmation.interval(timings));
  }

  private void onUnconfirmed() {
    if (state != LEADING) {
      withdraw("server " + vote.leader() + " does not say that it leads");
    } else if (confirmation.wasEverGained()) {
      sitOut.reset();
      withdraw("no quorum follows us any more");
    } else {
      sitOut("no quorum follows us");
    }
  }

  private void onNominationFailed() {
    if (state == LEADING) {
      sitOut("the nomination failed");
    }
  }

  /** We cannot lead for now, however good a candidate we are: let others try. */
  private void sitOut(String reason) {
    Duration time = sitOut.next();
    candidacy.sitOut(true);
    out.start(SIT_OUT, time);
    withdraw(reason + "; sitting out " + time.toMillis() + " ms");
  }

  // ---- links, timers, configuration ----

  private void onLinkUp(ServerId peer) {
    peers.up(peer);
    forget(peer);
    if (state != LOOKING) {
      if (candidacy.isVoter(self)) {
        tell(peer);
      }
      checkConfirmation();
    } else if (candidacy.isVoter(peer)) {
      tell(peer);
      resendSoon = true;
    }
  }

  private void onLinkDown(ServerId peer) {
    peers.down(peer);
    forget(peer);
    if (peer.equals(vote.leader())) {
      withdraw("the link to server " + peer + " broke");
    } else if (state == LEADING) {
      checkConfirmation();
    }
  }

  /** It tells again what is true over a new link; until then nothing of it counts. */
  private void forget(ServerId peer) {
    answers.renew(peer);
    ledgers.forEach(ledger -> ledger.forget(peer));
  }

  private void onTimer(String timer) {
    out.hasFired(timer);
    switch (timer) {
      case FINALIZE -> settle(vote, round);
      case RESEND -> onResend();
      case CONFIRM -> onConfirmTimer();
      case SIT_OUT -> onSatOut();
      default -> throw new IllegalArgumentException("no timer of ours: " + timer);
    }
  }

  private void onResend() {
    answers.renew();
    tellVoters();
    out.start(RESEND, resend.next());
  }

  /** Back in the game: in this round, if it is still open and we are the best in it. */
  private void onSatOut() {
    candidacy.sitOut(false);
    if (state == LOOKING && candidacy.initialVote().isBetterThan(vote)) {
      propose(candidacy.initialVote());
    }
  }

  private void onReconfigured(QuorumVerifier next) {
    boolean voted = candidacy.isVoter(self);
    voters = next;
    candidacy.reconfigure(next);
    ledgers.forEach(ledger -> ledger.retain(next.voters()));
    boolean outdated = !candidacy.isCandidate(vote) && !vote.equals(candidacy.initialVote());
    if (round > 0 && (outdated || voted != candidacy.isVoter(self))) {
      withdraw("the configuration changed");
    } else if (state == LOOKING) {
      tellVoters(); // Some of them may have been none before.
      resendSoon = true;
    } else {
      checkConfirmation();
    }
  }

  // ---- telling ----

  private void tell(ServerId peer) {
    if (round > 0) {
      out.tell(peer, state, vote, round);
    }
  }

  /** A server that has settled answers one that is looking, so that is how to ask it. */
  private void ask(ServerId peer) {
    out.tell(peer, LOOKING, vote, round);
  }

  private void tellVoters() {
    peers.linked().stream().filter(candidacy::isVoter).forEach(this::tell);
  }

  /** Tells those to whom it is news how it ended. Voters that agreed see it for themselves. */
  private void tellOutcome() {
    if (state == OBSERVING) {
      return;
    }
    Set<ServerId> agreed = ballots.voters(ourBallot()::agreesWith);
    for (ServerId peer : peers.linked()) {
      if (state == LEADING || peer.equals(vote.leader()) || !agreed.contains(peer)) {
        tell(peer);
      }
    }
  }
}
