package io.quorate.election.engine;

import static io.quorate.election.engine.Timer.OfEngine.SUCCESSION;
import static io.quorate.election.engine.Timer.OfEngine.SUSPECT;
import static io.quorate.election.engine.Timer.OfEngine.UNCONFIRMED;

import io.quorate.election.LeaseTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.Revocation;
import io.quorate.election.engine.EpochPromise.Request;
import io.quorate.election.engine.Timer.OfEngine;
import io.quorate.election.spi.Event;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.Notification;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Surrender;
import io.quorate.protocol.UnknownExtension;
import io.quorate.transport.TransportEvent.DownCause;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, by promise and lease: what makes a leader of somebody that the algorithm nominated,
 * and keeps it one whatever the algorithm says afterwards. It joins the voter's side ({@link
 * EpochPromise}), the nominee's and leader's side ({@link Proposer}), and what is known of the
 * present leader. Not safe for use by several threads.
 */
final class Tenure {

  /** Larger epochs are not believed, so that counting on from one can never overflow. */
  static final long MAX_EPOCH = Long.MAX_VALUE >> 1;

  /** A nominee is given up after so many times {@code suspectAfter} without a word of its lead. */
  static final int UNCONFIRMED_WAIT = 3;

  /** An observer is told less often, and so waits longer. */
  static final int OBSERVER_PATIENCE = 2;

  /**
   * A leader to whom a quorum has promised its epoch.
   *
   * @param id who leads
   * @param epoch its epoch
   */
  record Leader(ServerId id, long epoch) {}

  private final ServerId self;
  private final QuorumVerifier voters;
  private final LeaseTimings timings;
  private final boolean fastFailover;
  private final boolean isVoter;
  private final Effects effects;
  private final Host host;
  private final EpochPromise promise;
  private final Term term;
  private final Proposer proposer;

  /** The time of the present step. */
  private long now;

  private @Nullable Leader leader;

  /** Of all leaders that we know of, the one of the largest epoch. */
  private @Nullable Leader latest;

  /** The latest leader has given up. */
  private boolean latestIsOver;

  private @Nullable ServerId nominee;

  /** Whom the last leader named, until somebody leads or it takes too long. */
  private @Nullable ServerId successor;

  /**
   * Voters that closed their connection and have no other one yet. No observers: one without an id
   * gets another with each connection, and none of them comes back.
   */
  private final Set<ServerId> gone = new HashSet<>();

  Tenure(EngineConfig config, EngineConfig.Promise ours, Links links, Effects effects, Host host) {
    this.self = config.context().self();
    this.voters = config.context().voters();
    this.timings = ours.timings();
    this.fastFailover = ours.fastFailover();
    this.isVoter = voters.voters().contains(self);
    this.effects = effects;
    this.host = host;
    this.promise = new EpochPromise(self, ours, voters, effects);
    this.term = new Term(config, ours, new Proposer.Parts(promise, links, effects), this, host);
    this.proposer = term.proposer();
    effects.hearOurselves(message -> onFrame(self, message));
  }

  // ---- what others ask ----

  /** Returns who leads, if anybody is known to. */
  Optional<Leader> leader() {
    return Optional.ofNullable(leader);
  }

  /** Returns the largest epoch that we have promised, or are about to. */
  long promisedEpoch() {
    return promise.possibleEpoch();
  }

  /** Returns our own term, whether it has begun or not. */
  Term term() {
    return term;
  }

  long now() {
    return now;
  }

  // ---- time ----

  void start(long at) {
    now = at;
    promise.start(at);
    proposer.start(at);
  }

  /** Every step begins with this: whatever has happened, a lease that is over is over. */
  void tick(long at) {
    Duration pause = Duration.ofNanos(Math.max(0, at - now));
    now = at;
    proposer.checkLease(at, pause);
  }

  void onTimer(OfEngine timer) {
    switch (timer) {
      case PROPOSE -> proposer.onProposeTimer(now);
      case NOMINATION -> proposer.onNominationTimer();
      case HEARTBEAT -> proposer.onHeartbeatTimer(now);
      case LEASE -> proposer.onLeaseTimer(now);
      case BOUND -> {
        promise.reconsider(now);
        proposer.attempt(now);
      }
      case SUSPECT -> onSilence();
      case UNCONFIRMED -> onUnconfirmed();
      case SUCCESSION -> endSuccession();
      case COOLDOWN -> term.onCooldownTimer();
      case PREFERENCE -> term.onPreferenceTimer();
      case RESTART, STABLE, POSITION, WARNINGS ->
          throw new IllegalArgumentException("no timer of the promise: " + timer);
    }
  }

  // ---- the algorithm ----

  /** The algorithm has come to a result. */
  void nominated(ServerId who) {
    nominee = who;
    follow();
    if (who.equals(self)) {
      tryToLead();
    } else if (!self.equals(successor)) {
      proposer.abandon();
    }
    awaitNominee();
  }

  private void awaitNominee() {
    if (leader == null && nominee != null) {
      effects.start(UNCONFIRMED, timings.suspectAfter().multipliedBy(UNCONFIRMED_WAIT));
    }
  }

  /** The algorithm looks again. */
  void withdrawn() {
    nominee = null;
    effects.stop(UNCONFIRMED);
    if (!self.equals(successor)) {
      proposer.abandon();
    }
    follow();
  }

  private void onUnconfirmed() {
    if (leader == null && nominee != null) {
      host.lookAgain("server " + nominee + " was nominated and does not lead");
    }
  }

  /** Promises go to whom the last leader named, else to whom the algorithm nominated. */
  private void follow() {
    ServerId next = next();
    promise.follow(next == null ? Set.of() : Set.of(next), now);
  }

  /** Proposes, if it is our turn. */
  void tryToLead() {
    if (self.equals(next()) && leader == null && term.isEligible()) {
      proposer.nominate(now);
    }
  }

  private @Nullable ServerId next() {
    return successor != null ? successor : nominee;
  }

  /** We were nominated, or named, and could not gain the promises. */
  void nominationFailed() {
    warnOfEmptyStore();
    successor = null;
    effects.stop(SUCCESSION);
    follow();
    host.feed(new Event.NominationFailed());
    if (promise.isStuck(now)) {
      term.setForgetful(true);
    }
  }

  // ---- frames ----

  /** Takes a frame of ours, from a peer that has introduced itself or from ourselves. */
  void onFrame(ServerId from, Message message) {
    switch (message) {
      case Proposal said -> {
        if (isCandidate(from, said.epoch())) {
          onProposal(from, said);
        }
      }
      case Heartbeat said -> {
        if (isCandidate(from, said.epoch())) {
          onHeartbeat(from, said);
        }
      }
      case Acknowledgement said -> {
        if (voters.voters().contains(from)) {
          proposer.onAcknowledgement(from, said, now);
        }
      }
      case Refusal said -> {
        if (voters.voters().contains(from) && said.promisedEpoch() <= MAX_EPOCH) {
          proposer.onRefusal(from, said, now);
        }
      }
      case Surrender said -> onSurrender(from, said);
      case Notification _, Hello _, UnknownExtension _ ->
          throw new IllegalArgumentException("no frame of the promise: " + message);
    }
  }

  private boolean isCandidate(ServerId from, long epoch) {
    boolean possible = epoch <= MAX_EPOCH && voters.weight(from) > 0;
    if (!possible) {
      host.warn("impossibleLeader", "server " + from + " cannot lead epoch " + epoch);
    }
    return possible;
  }

  private void onProposal(ServerId from, Proposal said) {
    warnOfEmptyStore();
    proposer.see(said.epoch() - 1);
    if (isVoter) {
      promise.onRequest(Request.of(from, said, now), now);
    }
  }

  private void onHeartbeat(ServerId from, Heartbeat said) {
    warnOfEmptyStore();
    Leader who = new Leader(from, said.epoch());
    Leader before = latest;
    if (before == null || said.epoch() > before.epoch()) {
      proposer.see(said.epoch());
      proposer.giveUp(new Revocation.Superseded(said.epoch()), ServerId.NONE);
      latest = who;
      latestIsOver = false;
    } else if (said.epoch() == before.epoch() && !who.equals(before)) {
      host.warn("twoLeaders", from + " and " + before.id() + " both claim epoch " + said.epoch());
      return;
    }
    if (who.equals(latest) && !latestIsOver) {
      accept(who);
      Duration patience = timings.suspectAfter();
      effects.start(SUSPECT, isVoter ? patience : patience.multipliedBy(OBSERVER_PATIENCE));
    }
    if (isVoter) {
      promise.onRequest(Request.of(from, said, now), now);
    }
  }

  private void onSurrender(ServerId from, Surrender said) {
    promise.onSurrender(from, said.epoch(), said.instance(), now);
    Leader who = new Leader(from, said.epoch());
    if (who.equals(latest)) {
      latestIsOver = true;
    }
    if (who.equals(leader)) {
      boolean named = voters.weight(said.successor()) > 0 && !said.successor().equals(from);
      beginSuccession(named ? said.successor() : null);
      loseLeader();
      if (!named && from.equals(nominee)) {
        host.lookAgain("server " + from + " gave up leading");
      }
    }
  }

  /** A new server that has not met everybody yet is nothing odd; one that waits for long is. */
  private void warnOfEmptyStore() {
    if (promise.isStuck(now)) {
      host.warn(
          "emptyStore",
          "others have promised epochs and this server remembers none: it promises nothing before"
              + " it has heard from "
              + promise.missing());
    }
  }

  // ---- the present leader ----

  private void accept(Leader who) {
    if (who.equals(leader)) {
      return;
    }
    promise.isLed(who.epoch());
    proposer.hearLeader();
    if (!who.id().equals(self)) {
      proposer.abandon();
      term.onOtherLeader(who.id());
    }
    effects.stop(UNCONFIRMED);
    successor = null;
    effects.stop(SUCCESSION);
    leader = who;
    follow();
    host.leaderChanged();
    host.feed(new Event.Led(who.id()));
    term.leaveIfDone();
  }

  /** We lead. */
  void weLead(long epoch) {
    latest = new Leader(self, epoch);
    latestIsOver = false;
    accept(latest);
  }

  /** We lead no more. */
  void weLedUntilNow() {
    leader = null;
    latestIsOver = true;
  }

  /** Returns whether somebody else was named and has not led since. */
  boolean waitsForSuccessor() {
    return successor != null && !successor.equals(self);
  }

  private void loseLeader() {
    leader = null;
    effects.stop(SUSPECT);
    awaitNominee();
    host.leaderChanged();
    tryToLead();
  }

  private void onSilence() {
    Leader silent = leader;
    if (silent != null && !silent.id().equals(self)) {
      loseLeader();
      host.suspect(silent.id());
    }
  }

  void beginSuccession(@Nullable ServerId next) {
    successor = next;
    if (next != null) {
      effects.start(SUCCESSION, timings.suspectAfter());
    }
    follow();
  }

  private void endSuccession() {
    successor = null;
    effects.stop(SUCCESSION);
    follow();
    tryToLead();
    term.leaveIfDone();
  }

  // ---- links ----

  /** A peer has introduced itself, or has done so anew. */
  void onHello(ServerId peer, Hello said, boolean first) {
    if (said.promisedEpoch() > MAX_EPOCH) {
      return;
    }
    if (voters.voters().contains(peer)) {
      proposer.see(said.promisedEpoch());
    }
    promise.hear(peer, said.promisedEpoch(), now);
    if (promise.missing().isEmpty()) {
      term.setForgetful(false);
    }
    if (first) {
      proposer.onRecognized(peer, now);
    }
  }

  void onLinkUp(ServerId peer) {
    gone.remove(peer);
  }

  void onLinkDown(ServerId peer, DownCause cause) {
    switch (cause) {
      case CLOSED_BY_PEER, FAILED -> {
        if (voters.voters().contains(peer)) {
          gone.add(peer);
        }
      }
      case REPLACED, WRITE_STALLED, BAD_FRAME, CLOSED_BY_US -> gone.remove(peer);
    }
    if (leader != null && leader.id().equals(peer)) {
      loseLeader();
    }
    if (peer.equals(successor)) {
      endSuccession();
    }
  }

  /** A dial that began after the link went down was refused at every address. */
  void onRefused(ServerId peer) {
    if (fastFailover && gone.contains(peer)) {
      promise.release(peer, now);
      proposer.attempt(now);
    }
  }

  /** We listen, or do so no longer: a dial that is refused may be taken for our death. */
  void onListening(boolean yes) {
    if (fastFailover) {
      term.setListening(yes);
    }
  }
}
