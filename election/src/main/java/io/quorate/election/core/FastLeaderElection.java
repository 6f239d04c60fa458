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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fast leader election, by the rules that ZooKeeper's servers follow on the wire, as a pure state
 * machine.
 *
 * <p>Every voter proposes a vote and tells all others. It takes over any better vote that it hears,
 * and tells whom that concerns. When a quorum proposes what it proposes itself, that server is
 * elected. Rounds number the elections: votes of different rounds are never counted together, and a
 * server that hears of a larger round joins it. Some rules are our own: whom we vote for, or would,
 * is followed on its own word; only who is linked with a quorum stands; who was elected and could
 * not lead sits out, and then counts on those only that have spoken since; and a leader makes way
 * for another that a quorum follows.
 *
 * <pre>
 *             a quorum and nothing better to expect; an established ensemble; a known leader
 *   LOOKING -------------------------------------------------------------------&gt; LEADING
 *      ^                                                                         FOLLOWING
 *      |                                                                         OBSERVING
 *      +-------------------------------------------------------------------------+
 *             no quorum follows us; the leader is gone or does not lead; told to
 * </pre>
 *
 * <p>The way there is {@link #settle}, the way back {@link #withdraw} and then {@link #onLook}; no
 * other method changes the state. A leader that is known to be well is settled on from any state,
 * without a way back in between. Not safe for use by several threads.
 */
public final class FastLeaderElection implements ElectionAlgorithm {
  static final String FINALIZE = "finalize";
  static final String RESEND = "resend";
  static final String CONFIRM = Confirmation.CONFIRM;
  static final String SIT_OUT = SitOut.SIT_OUT;
  static final String OVERDUE = "overdue";

  private final ServerId self;
  private final ElectionTimings timings;
  private final Peers peers = new Peers();
  private final Outbox out;
  private final Candidacy candidacy;
  private final Count count;
  private final Answers answers;
  private final Confirmation confirmation;
  private final Backoff resend;
  private final SitOut sitOut;

  private final Ledgers ledgers = new Ledgers();
  private final VoteLedger ballots = ledgers.current();

  private ServerState state = LOOKING;

  /** Grows with every election; 0 before the first. */
  private long round;

  /** Our proposal while looking; the elected one's vote once settled. */
  private Vote vote = Vote.NOBODY;

  /** Who is known to lead, whatever was voted: told since we began to look; or nobody. */
  private ServerId led = ServerId.NONE;

  private boolean resendSoon;

  /**
   * Makes the election of one server; it says nothing before {@link Event.Look}.
   *
   * @param context who we are and who the others are
   */
  public FastLeaderElection(ElectionContext context) {
    self = context.self();
    timings = context.timings();
    out = new Outbox(context, peers);
    candidacy = new Candidacy(self, context.voters(), peers);
    count = new Count(self, context.voters(), peers, candidacy);
    answers = new Answers(self, candidacy);
    confirmation = new Confirmation(timings, out, count, ballots);
    resend = new Backoff(timings.resendMin(), timings.resendMax());
    sitOut = new SitOut(timings, out, candidacy);
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
      case Event.NominationFailed() -> sitOutIf(state == LEADING, "the nomination failed");
      case Event.Eligible(boolean may) -> onEligible(may);
      case Event.Led(ServerId leader) -> onLed(leader);
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
    led = ServerId.NONE;
    out.stop(CONFIRM);
    candidacy.moveTo(position);
    ledgers.established().clear();
    beginRound(round + 1, candidacy.initialVote());
    ledgers.early().drain().forEach(this::onLookingBallot);
  }

  private void beginRound(long number, Vote best) {
    round = number;
    ballots.clear();
    out.add(new Action.Looking(round));
    propose(best);
  }

  private void propose(Vote better) {
    turnTo(better);
    tellVoters();
  }

  private void turnTo(Vote better) {
    vote = better;
    out.stop(FINALIZE);
    answers.renew();
    resendSoon = true;
  }

  // ---- what the others say ----

  private void onHeard(ServerId from, Notification said) {
    Ballot ballot = Ballot.of(said);
    peers.hear(from);
    boolean wasLooking = state == LOOKING;
    if (candidacy.isVoter(from)) {
      hearVoter(from, ballot);
    } else if (ballot.isVote()) {
      out.warn("server " + from + " is no voter, yet votes for " + ballot.vote().leader());
    }
    // Whoever has to know of a change is told of it anyway.
    if (wasLooking == (state == LOOKING) && answers.isOwed(from, ballot, ours())) {
      tell(from);
    }
  }

  private void hearVoter(ServerId from, Ballot ballot) {
    Optional<String> objection = candidacy.objectionTo(ballot);
    if (objection.isPresent()) {
      out.warn("server " + from + " " + objection.get());
    } else if (ballot.saysItLeads(from) && isToBeFollowed(from, ballot.round())) {
      follow(from, ballot);
    } else if (state != LOOKING) {
      onBallotWhileSettled(from, ballot);
    } else if (ballot.isLooking()) {
      onLookingBallot(from, ballot);
    } else {
      onSettledBallot(from, ballot);
    }
  }

  /** A voter looks, and so do we. */
  private void onLookingBallot(ServerId from, Ballot ballot) {
    ledgers.established().forget(from);
    if (!candidacy.isVoter(self) || !candidacy.hasState()) {
      return;
    }
    if (ballot.isStateless() || ballot.round() < round) {
      ballots.forget(from);
      return;
    }
    if (candidacy.isHeldBack(ballot.vote())) {
      beginRound(ballot.round() + 1, Vote.NOBODY); // A vote from before we were, or were told.
      return;
    }
    if (ballot.round() > round) {
      beginRound(ballot.round(), candidacy.onJoining(ballot.vote()));
    } else if (candidacy.isCandidate(ballot.vote()) && ballot.vote().isBetterThan(vote)) {
      Ballot before = ours();
      turnTo(ballot.vote());
      out.tellChange(before, ours(), ballots, candidacy);
    }
    resendSoon |= ballots.record(from, ballot);
  }

  /** A voter has settled while we look: perhaps there is an ensemble to join. */
  private void onSettledBallot(ServerId from, Ballot ballot) {
    resendSoon |= ledgers.hearSettled(from, ballot, round);
    if (ballot.vote().leader().equals(self) && !out.isRunning(OVERDUE)) {
      out.start(OVERDUE, timings.confirmWait()); // It sees a quorum for us; we may not.
    }
    boolean here = ballot.round() == round && count.isElectedBy(ballots, ballot, ours());
    VoteLedger ledger = here ? ballots : ledgers.established();
    if (here || count.isElectedBy(ledger, ballot, ours())) {
      // The leader itself knows best in which round it was elected, and with which vote.
      Ballot own = ledger.of(ballot.vote().leader()).orElse(ballot);
      settle(own.vote(), own.round());
    }
  }

  // ---- deciding ----

  private Ballot ours() {
    return Ballot.ofOurs(state, vote, round);
  }

  private void tally() {
    if (state != LOOKING || !candidacy.isVoter(self) || !candidacy.isCandidate(vote)) {
      return;
    }
    Set<ServerId> agreeing = ballots.voters(ours()::agreesWith);
    agreeing.add(self);
    if (!count.isQuorum(agreeing)) {
      out.stop(FINALIZE);
    } else if (count.nothingBetterCanCome(vote, agreeing)) {
      settle(vote, round);
    } else if (!out.isRunning(FINALIZE)) {
      out.start(FINALIZE, timings.finalizeWait());
    }
  }

  /** From LOOKING to one of the other states, or from one of those to another leader. */
  private void settle(Vote elected, long inRound) {
    out.stop(FINALIZE);
    out.stop(RESEND);
    out.stop(OVERDUE);
    answers.renew();
    ledgers.settle();
    vote = elected;
    round = Math.max(inRound, 1);
    ServerState follower = candidacy.isVoter(self) ? FOLLOWING : OBSERVING;
    state = elected.leader().equals(self) ? LEADING : follower;
    confirmation.begin(ours());
    out.add(new Action.Nominate(vote, round));
    if (state != OBSERVING) {
      out.tellOutcome(ours(), ballots);
    }
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
    boolean asksLater = ballot.isLooking() && ballot.round() > round;
    if (ballot.isLooking() && ballot.agreesWith(ours())) {
      ledgers.early().forget(from);
      return; // It agrees, and only asks whether we do.
    }
    ledgers.hearWhileSettled(from, ballot, ours());
    boolean makesWay = !ballot.isLooking() && ballot.vote().leader().equals(led);
    boolean fromLeader = from.equals(vote.leader()) && !makesWay; // Then the known one is to speak.
    boolean leads = ballot.isLooking() ? !ballot.leaves(ours()) : ballots.saysItLeads(from);
    if (fromLeader && !leads) {
      withdraw("server " + from + " is " + ballot.state() + " and does not lead");
    } else if (leadsByVotes() && count.isLost(ballots, ballot, ours())) {
      withdraw("a quorum follows server " + ballot.vote().leader());
    } else if (asksLater && leadsByVotes() && !count.mayBeFollowed(ledgers.early())) {
      // Those who have waited for us in vain would only vote for us again.
      giveUp("too many look for a leader in a later round", confirmation.isLate());
    } else {
      checkConfirmation();
    }
  }

  /** Where we are known to lead, those who look later come to know it too. */
  private boolean leadsByVotes() {
    return state == LEADING && !led.equals(self);
  }

  private void checkConfirmation() {
    if (confirmation.check() && state != LEADING && confirmation.hasLasted()) {
      sitOut.reset();
    }
  }

  private void onConfirm() {
    if (confirmation.askAgain()) {
      return;
    }
    if (state != LEADING) {
      withdraw("server " + vote.leader() + " does not say that it leads");
    } else if (confirmation.wasEverGained() || led.equals(self)) {
      sitOut.reset();
      withdraw("no quorum follows us any more");
    } else {
      giveUp("no quorum follows us", true);
    }
  }

  private void sitOutIf(boolean tried, String reason) {
    if (tried) {
      giveUp(reason, true);
    }
  }

  /** Where we have failed, we let others try for a time, however good a candidate we are. */
  private void giveUp(String reason, boolean failed) {
    withdraw(failed ? reason + "; sitting out " + sitOut.begin().toMillis() + " ms" : reason);
  }

  private void onSatOut() {
    sitOut.end();
    stand();
  }

  private void onEligible(boolean may) {
    candidacy.setEligible(may);
    if (may) {
      stand();
    } else if (vote.leader().equals(self) && !candidacy.canStand()) {
      stepBack();
    }
  }

  /** Back in the game: in this round, if it is still open and we are the best in it. */
  private void stand() {
    if (round > 0 && state == LOOKING && candidacy.initialVote().isBetterThan(vote)) {
      propose(candidacy.initialVote());
    }
  }

  /** Those who vote for us stop only in a larger round, where nobody has. */
  private void stepBack() {
    if (state == LEADING) {
      withdraw("we may not lead any more");
    } else if (candidacy.hasState()) {
      beginRound(round + 1, ballots.best(candidacy::isCandidate).orElse(Vote.NOBODY));
    }
  }

  // ---- a leader that is known to be well ----

  private void onLed(ServerId leader) {
    led = leader;
    sitOut.reset();
    if (round == 0 || isSettledOn(leader)) {
      return;
    }
    if (leader.equals(self)) {
      lead();
      return;
    }
    VoteLedger settled = state == LOOKING ? ledgers.established() : ballots;
    settled
        .of(leader)
        .filter(own -> own.saysItLeads(leader))
        .ifPresentOrElse(own -> follow(leader, own), () -> askWhetherItLeads(leader));
  }

  /** To a leader that has begun anew, questions from our round would look like a later election. */
  private boolean isToBeFollowed(ServerId leader, long inRound) {
    return isSettledOn(leader) ? Math.max(inRound, 1) < round : leader.equals(led);
  }

  private boolean isSettledOn(ServerId leader) {
    return state != LOOKING && vote.leader().equals(leader);
  }

  /** In a round in which nobody looks later than we lead, as far as we have heard. */
  private void lead() {
    if (candidacy.canStand()) {
      long open = state == LOOKING ? round : Math.max(round, ledgers.early().latestRound()) + 1;
      ledgers.early().clear();
      settle(candidacy.initialVote(), open);
    }
  }

  private void follow(ServerId leader, Ballot own) {
    if (candidacy.isCandidate(own.vote())) {
      ballots.clear(); // Nobody has seen us agree, so all are to be told.
      ballots.record(leader, own);
      settle(own.vote(), own.round());
    }
  }

  /** If we have settled, we ask in round 0: nobody who hears that is to look again. */
  private void askWhetherItLeads(ServerId leader) {
    out.tell(leader, LOOKING, vote, state == LOOKING ? round : 0);
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
      stand();
    }
  }

  private void onLinkDown(ServerId peer) {
    peers.down(peer);
    forget(peer);
    if (peer.equals(led)) {
      led = ServerId.NONE;
    }
    if (peer.equals(vote.leader())) {
      withdraw("the link to server " + peer + " broke");
    } else if (state == LEADING) {
      checkConfirmation();
    } else if (state == LOOKING && vote.leader().equals(self) && !candidacy.canStand()) {
      stepBack();
    }
  }

  /** It tells again what is true over a new link; until then nothing of it counts. */
  private void forget(ServerId peer) {
    answers.renew(peer);
    ledgers.forget(peer);
  }

  private void onTimer(String timer) {
    out.hasFired(timer);
    switch (timer) {
      case FINALIZE -> settle(vote, round);
      case RESEND -> onResend();
      case CONFIRM -> onConfirm();
      case SIT_OUT -> onSatOut();
      case OVERDUE -> sitOutIf(vote.leader().equals(self), "too few follow us");
      default -> throw new IllegalArgumentException("no timer of ours: " + timer);
    }
  }

  private void onResend() {
    if (vote.equals(Vote.NOBODY) && count.hasNoCandidate(ballots) && sitOut.isInVain()) {
      onSatOut();
    }
    stand();
    answers.renew();
    tellVoters();
    out.start(RESEND, resend.next());
  }

  private void onReconfigured(QuorumVerifier next) {
    boolean voted = candidacy.isVoter(self);
    count.reconfigure(next);
    candidacy.reconfigure(next);
    ledgers.retain(next.voters());
    boolean outdated = !candidacy.isCandidate(vote) && !vote.equals(candidacy.initialVote());
    if (round > 0 && (outdated || voted != candidacy.isVoter(self))) {
      withdraw("the configuration changed");
    } else if (state == LOOKING) {
      tellVoters(); // Some of them may have been none before.
      resendSoon = true;
      stand();
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

  private void tellVoters() {
    peers.linked().stream().filter(candidacy::isVoter).forEach(this::tell);
  }
}
