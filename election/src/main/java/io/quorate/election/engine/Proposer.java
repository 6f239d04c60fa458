package io.quorate.election.engine;

import static io.quorate.election.engine.Timer.OfEngine.HEARTBEAT;
import static io.quorate.election.engine.Timer.OfEngine.LEASE;
import static io.quorate.election.engine.Timer.OfEngine.NOMINATION;
import static io.quorate.election.engine.Timer.OfEngine.PROPOSE;

import io.quorate.election.FencingToken;
import io.quorate.election.LeaseTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.Revocation;
import io.quorate.election.engine.EpochPromise.Request;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Message;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Surrender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nominee's and the leader's side: proposes an epoch, leads it once a quorum has promised it,
 * ourselves included, and keeps the lease alive.
 *
 * <pre>
 *   IDLE --nominated--&gt; WAITING --free to promise, a quorum is linked--&gt; PROPOSING
 *    ^  ^                  |  ^                                           |  |  |
 *    |  +----abandoned-----+  +------------refused too often--------------+  |  |
 *    |  +--------------------abandoned---------------------------------------+  |
 *    |                                                     a quorum has promised|
 *    +--surrendered-- ENDING &lt;--lease over, or given up-- LEADING &lt;-------------+
 * </pre>
 *
 * Not safe for use by several threads.
 */
final class Proposer {

  /** A nominee that is not established after so many times {@code suspectAfter} has failed. */
  static final int NOMINATION_WAIT = 2;

  /**
   * So many heartbeats a server listens first that starts where others have led before: if somebody
   * still does, its own promise of a larger epoch would only keep it from following.
   */
  static final int LISTEN_FIRST = 2;

  /** An observer is told at least twice while it would wait before it suspects the leader. */
  private static final int TOLD_PER_SUSPICION = 2;

  /** What becomes of our nomination and of our term. */
  interface Fate {
    /** We lead. */
    void granted();

    /** We do not lead any more, and have to say so. */
    void revoked(FencingToken token, Revocation cause);

    /** What bound the voters is given up. */
    void surrendered(ServerId successor);

    /** The promises did not come in time. */
    void failed();

    /**
     * A voter cannot acknowledge our epoch, since it has promised it, or a larger one, elsewhere.
     */
    void outdone(ServerId voter, long promised);
  }

  private enum Phase {
    IDLE,
    WAITING,
    PROPOSING,
    LEADING,
    ENDING
  }

  private final ServerId self;
  private final QuorumVerifier voters;
  private final LeaseTimings timings;
  private final long instance;
  private final EpochPromise promise;
  private final Links links;
  private final Effects effects;
  private final Fate fate;
  private final Lease lease;
  private final long toldEvery;

  private Phase phase = Phase.IDLE;

  /** The epoch that we propose or lead. */
  private long epoch;

  /** The number of the last thing that we said. */
  private long sequence;

  /** The largest epoch that anybody is known to have promised. */
  private long seen;

  /** We have proposed a larger epoch since the last time that the timer ran out. */
  private boolean raised;

  /** Until then, or until it has heard a leader, a new server listens first. */
  private long listensUntil;

  private boolean hasHeardLeader;
  private ServerId successor = ServerId.NONE;

  /** Questions that wait for a quorum to acknowledge {@link #asked}, and those that came later. */
  private final List<Long> questions = new ArrayList<>();

  private final List<Long> laterQuestions = new ArrayList<>();
  private long asked;

  Proposer(EngineConfig config, EngineConfig.Promise ours, Parts parts, Fate fate) {
    this.self = config.context().self();
    this.voters = config.context().voters();
    this.timings = ours.timings();
    this.instance = ours.instance();
    this.promise = parts.promise();
    this.links = parts.links();
    this.effects = parts.effects();
    this.fate = fate;
    this.lease = new Lease(voters, timings.lease());
    this.toldEvery =
        Math.max(1, timings.suspectAfter().dividedBy(timings.heartbeat()) / TOLD_PER_SUSPICION);
  }

  /** What the proposer works with. */
  record Parts(EpochPromise promise, Links links, Effects effects) {}

  void start(long now) {
    listensUntil = now + timings.heartbeat().multipliedBy(LISTEN_FIRST).toNanos();
  }

  boolean isLeading() {
    return phase == Phase.LEADING;
  }

  /** Returns whether we neither lead nor have yet to give up what we led. */
  boolean isWithoutTerm() {
    return phase != Phase.LEADING && phase != Phase.ENDING;
  }

  long epoch() {
    return epoch;
  }

  // ---- proposing ----

  /** We are to lead. */
  void nominate(long now) {
    if (phase == Phase.IDLE) {
      phase = Phase.WAITING;
      raised = false;
      effects.start(NOMINATION, timings.suspectAfter().multipliedBy(NOMINATION_WAIT));
      attempt(now);
    }
  }

  /** Somebody leads, or has led: we know how things are. */
  void hearLeader() {
    hasHeardLeader = true;
  }

  /** We are not to lead after all. */
  void abandon() {
    if (phase == Phase.WAITING || phase == Phase.PROPOSING) {
      phase = Phase.IDLE;
      effects.stop(PROPOSE);
      effects.stop(NOMINATION);
    }
  }

  void onNominationTimer() {
    if (phase == Phase.WAITING || phase == Phase.PROPOSING) {
      abandon();
      fate.failed();
    }
  }

  void onProposeTimer(long now) {
    raised = false;
    if (phase == Phase.PROPOSING) {
      sayProposal(now);
    } else {
      attempt(now);
    }
  }

  /** Something has changed that may have kept us from proposing. */
  void attempt(long now) {
    if (phase != Phase.WAITING || raised) {
      return;
    }
    see(promise.promisedEpoch());
    long listens = seen > 0 && !hasHeardLeader ? Math.max(0, listensUntil - now) : 0;
    long bound = Math.max(listens, promise.boundFor(self, instance, now).toNanos());
    if (bound > 0) {
      effects.start(PROPOSE, Duration.ofNanos(bound));
    } else if (promise.missing().isEmpty() && voters.isQuorum(linked())) {
      propose(now);
    }
  }

  private Set<ServerId> linked() {
    var those = new TreeSet<>(links.recognized());
    those.add(self);
    return those;
  }

  private void propose(long now) {
    phase = Phase.PROPOSING;
    see(promise.promisedEpoch());
    epoch = seen + 1;
    lease.begin();
    sayProposal(now);
  }

  private void sayProposal(long now) {
    lease.say(++sequence, now);
    Proposal word = proposal();
    for (ServerId peer : links.recognized()) {
      if (voters.voters().contains(peer)) {
        effects.send(peer, word);
      }
    }
    effects.start(PROPOSE, timings.heartbeat());
    promise.onRequest(own(now), now);
  }

  private Proposal proposal() {
    return new Proposal(epoch, sequence, instance, timings.grant());
  }

  private Heartbeat heartbeat() {
    return new Heartbeat(epoch, sequence, instance, timings.grant());
  }

  private Request own(long now) {
    boolean leads = phase == Phase.LEADING;
    return new Request(self, epoch, sequence, instance, timings.grant(), leads, now);
  }

  /** Somebody is known to have promised, or to lead, this epoch. */
  void see(long other) {
    seen = Math.max(seen, other);
  }

  // ---- answers ----

  void onAcknowledgement(ServerId voter, Acknowledgement said, long now) {
    boolean ours = said.instance() == instance && said.epoch() == epoch;
    if (!ours || (phase != Phase.PROPOSING && phase != Phase.LEADING)) {
      return;
    }
    boolean longer = lease.acknowledge(voter, said.sequence());
    if (phase == Phase.PROPOSING) {
      if (promise.isPromised(epoch, self, instance) && lease.isValid(now)) {
        establish(now);
      }
    } else if (longer) {
      effects.add(new Output.Renew(epoch, lease.until()));
      effects.start(LEASE, Duration.ofNanos(lease.until() - now));
      answerQuestions(now);
    }
  }

  void onRefusal(ServerId voter, Refusal said, long now) {
    see(said.promisedEpoch());
    if (said.epoch() != epoch || said.promisedEpoch() < epoch) {
      return; // Whoever is only bound keeps our request, and answers it when it is free.
    }
    if (phase == Phase.PROPOSING && raised) {
      phase = Phase.WAITING;
    } else if (phase == Phase.PROPOSING) {
      raised = true;
      propose(now);
    } else if (phase == Phase.LEADING && said.boundFor().isZero()) {
      fate.outdone(voter, said.promisedEpoch());
    }
  }

  // ---- leading ----

  private void establish(long now) {
    phase = Phase.LEADING;
    successor = ServerId.NONE;
    effects.stop(PROPOSE);
    effects.stop(NOMINATION);
    effects.start(LEASE, Duration.ofNanos(lease.until() - now));
    effects.add(new Output.Grant(token(), lease.until()));
    fate.granted();
    links.recognized().stream()
        .filter(peer -> !voters.voters().contains(peer))
        .forEach(this::sayThatWeLead);
    beat(now);
  }

  private FencingToken token() {
    return new FencingToken(epoch, self);
  }

  void onHeartbeatTimer(long now) {
    if (phase == Phase.LEADING) {
      beat(now);
    }
  }

  private void beat(long now) {
    lease.say(++sequence, now);
    Heartbeat word = heartbeat();
    for (ServerId peer : links.recognized()) {
      if (sequence % toldEvery == 0 || voters.voters().contains(peer)) {
        effects.send(peer, word);
      }
    }
    effects.start(HEARTBEAT, timings.heartbeat());
    promise.onRequest(own(now), now);
  }

  /** A peer has introduced itself: tell it what we want of it, and that we lead. */
  void onRecognized(ServerId peer, long now) {
    switch (phase) {
      case WAITING -> attempt(now);
      case PROPOSING -> {
        if (voters.voters().contains(peer)) {
          effects.send(peer, proposal());
        }
      }
      case LEADING -> sayThatWeLead(peer);
      case IDLE, ENDING -> {}
    }
  }

  private void sayThatWeLead(ServerId peer) {
    effects.send(peer, heartbeat());
  }

  void ask(long request, long now) {
    if (phase != Phase.LEADING) {
      return;
    }
    if (questions.isEmpty()) {
      questions.add(request);
      asked = sequence + 1;
      beat(now);
    } else {
      laterQuestions.add(request);
    }
  }

  private void answerQuestions(long now) {
    if (questions.isEmpty() || lease.covered() < asked) {
      return;
    }
    questions.forEach(request -> effects.add(new Output.Confirmed(request)));
    questions.clear();
    if (!laterQuestions.isEmpty()) {
      questions.addAll(laterQuestions);
      laterQuestions.clear();
      asked = sequence + 1;
      beat(now);
    }
  }

  /** Returns the best of those who acknowledged lately and may lead. */
  Optional<ServerId> best() {
    return lease.acknowledging(lease.covered()).stream()
        .filter(id -> !id.equals(self) && links.priority(id) > 0 && voters.weight(id) > 0)
        .max(Comparator.comparingInt(links::priority).thenComparing(Comparator.naturalOrder()));
  }

  // ---- the end of a term ----

  /** Ends the term if its lease has run out. */
  void checkLease(long now, Duration pause) {
    if (phase == Phase.LEADING && !lease.isValid(now)) {
      boolean paused = pause.compareTo(timings.lease()) >= 0;
      end(
          paused
              ? new Revocation.ProcessPaused(pause)
              : voters.isQuorum(linked())
                  ? new Revocation.LeaseExpired()
                  : new Revocation.QuorumLost());
    }
  }

  /** Gives up the term, if there is one. */
  void giveUp(Revocation cause, ServerId next) {
    if (phase == Phase.LEADING) {
      successor = next;
      end(cause);
    }
  }

  private void end(Revocation cause) {
    phase = Phase.ENDING;
    questions.clear();
    laterQuestions.clear();
    effects.stop(HEARTBEAT);
    effects.add(new Output.Revoke(token(), cause));
    fate.revoked(token(), cause);
  }

  /** No task of the term runs any more. */
  void onTermEnded(long now) {
    if (phase == Phase.ENDING) {
      surrender(now);
    }
  }

  /** Nobody counts on the lease any more, even if a task still runs. */
  void onLeaseTimer(long now) {
    if (phase == Phase.ENDING) {
      surrender(now);
    }
  }

  private void surrender(long now) {
    phase = Phase.IDLE;
    effects.stop(LEASE);
    Message word = new Surrender(epoch, instance, successor);
    links.recognized().forEach(peer -> effects.send(peer, word));
    promise.onSurrender(self, epoch, instance, now);
    fate.surrendered(successor);
  }
}
