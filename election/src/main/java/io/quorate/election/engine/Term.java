package io.quorate.election.engine;

import static io.quorate.election.engine.Timer.OfEngine.COOLDOWN;
import static io.quorate.election.engine.Timer.OfEngine.PREFERENCE;

import io.quorate.election.FencingToken;
import io.quorate.election.LeaseTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.Revocation;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.Optional;

/**
 * Our own term: whether we may have one, what it comes to, how it ends and who comes next. A term
 * that ends is over at once; what binds the voters is surrendered when no task of it runs any more,
 * or when its lease has run out. Not safe for use by several threads.
 */
final class Term implements Proposer.Fate {

  /** How far the wait for a preferred leader may double. */
  static final int MAX_PREFERENCE_DOUBLINGS = 8;

  private final ServerId self;
  private final QuorumVerifier voters;
  private final LeaseTimings timings;
  private final int priority;
  private final Links links;
  private final Effects effects;
  private final EpochPromise promise;
  private final Tenure tenure;
  private final Host host;
  private final Proposer proposer;
  private final Eligibility eligibility = new Eligibility();

  /** A task of the last term may still run. */
  private boolean taskRuns;

  /** How long we are not to stand once the term is over. */
  private Duration cooldown = Duration.ZERO;

  private int preferenceDoublings;
  private boolean lastWords;

  Term(
      EngineConfig config,
      EngineConfig.Promise ours,
      Proposer.Parts parts,
      Tenure tenure,
      Host host) {
    this.self = config.context().self();
    this.voters = config.context().voters();
    this.timings = ours.timings();
    this.priority = config.priority();
    this.links = parts.links();
    this.effects = parts.effects();
    this.promise = parts.promise();
    this.tenure = tenure;
    this.host = host;
    this.proposer = new Proposer(config, ours, parts, this);
    eligibility.deaf(ours.fastFailover()); // Until we listen.
  }

  Proposer proposer() {
    return proposer;
  }

  // ---- whether we may lead ----

  boolean isEligible() {
    return priority > 0 && voters.weight(self) > 0 && !promise.isSilent() && eligibility.isGiven();
  }

  boolean isLeaving() {
    return eligibility.isLeaving();
  }

  private void eligibilityChanged() {
    if (!isEligible()) {
      proposer.abandon();
    }
    if (!isLeaving()) {
      host.eligibilityChanged(); // The last words of one who leaves need no election.
    }
    tenure.tryToLead();
  }

  void setWanted(boolean yes) {
    eligibility.wanted(yes);
    if (!yes) {
      handOff(Optional.empty(), Duration.ZERO);
    }
    eligibilityChanged();
  }

  void onCooldownTimer() {
    eligibility.cooling(false);
    eligibilityChanged();
  }

  /** Whoever may be taken for dead because nobody listens there must not lead. */
  void setListening(boolean yes) {
    eligibility.deaf(!yes);
    if (!yes) {
      end(new Revocation.ServerFailed("it does not listen"));
    }
    eligibilityChanged();
  }

  /** A nominee that cannot even promise itself its epoch keeps others from leading. */
  void setForgetful(boolean yes) {
    if (yes != eligibility.isForgetful()) {
      eligibility.forgetful(yes);
      eligibilityChanged();
    }
  }

  // ---- its begin ----

  @Override
  public void granted() {
    taskRuns = true;
    cooldown = Duration.ZERO;
    tenure.weLead(proposer.epoch());
    effects.start(PREFERENCE, timings.lease().multipliedBy(1L << preferenceDoublings));
  }

  @Override
  public void failed() {
    tenure.nominationFailed();
  }

  @Override
  public void outdone(ServerId voter, long promised) {
    host.warn(
        "promisedMore",
        "server " + voter + " has promised epoch " + promised + " and cannot follow this term");
  }

  /** Tells as soon as a majority has acknowledged something that is said after this. */
  void confirm(long epoch, long request) {
    if (epoch == proposer.epoch()) {
      proposer.ask(request, tenure.now());
    }
  }

  // ---- its end ----

  /** The application does not want it any more: others have the first chance at the next. */
  void giveUp(long epoch, Revocation why) {
    if (epoch == proposer.epoch()) {
      end(why, proposer.best(), timings.suspectAfter());
    }
  }

  /** To whom is named, unless it is known that it may not lead now. */
  void handOff(Optional<ServerId> to, Duration pause) {
    Optional<ServerId> next = to.filter(id -> links.priority(id) > 0).or(proposer::best);
    end(new Revocation.HandedOff(next.orElse(ServerId.NONE)), next, pause);
  }

  /** The operator wants a new election. */
  void makeRoom() {
    end(new Revocation.Resigned(), Optional.empty(), Duration.ZERO);
  }

  /** It cannot go on. */
  void end(Revocation why) {
    end(why, proposer.best(), Duration.ZERO);
  }

  private void end(Revocation why, Optional<ServerId> next, Duration pause) {
    if (proposer.isLeading()) {
      cooldown = pause;
    }
    proposer.giveUp(why, next.orElse(ServerId.NONE));
  }

  /** A leader makes room for one of larger priority, less often if that does not last. */
  void onPreferenceTimer() {
    Optional<ServerId> better = proposer.best().filter(id -> links.priority(id) > priority);
    if (better.isPresent()) {
      preferenceDoublings = Math.min(preferenceDoublings + 1, MAX_PREFERENCE_DOUBLINGS);
      handOff(better, Duration.ZERO);
    } else if (proposer.isLeading()) {
      effects.start(PREFERENCE, timings.lease());
    }
  }

  /** Somebody else leads. */
  void onOtherLeader(ServerId leader) {
    preferenceDoublings = links.priority(leader) > priority ? 0 : preferenceDoublings;
  }

  @Override
  public void revoked(FencingToken token, Revocation cause) {
    effects.stop(PREFERENCE);
    tenure.weLedUntilNow();
    host.revoked(token, cause);
  }

  /** No task of it runs any more. */
  void onTaskEnded(long epoch) {
    if (epoch == proposer.epoch()) {
      taskRuns = false;
      proposer.onTermEnded(tenure.now());
      eligibility.busy(false);
      eligibilityChanged();
    }
  }

  @Override
  public void surrendered(ServerId next) {
    eligibility.busy(taskRuns);
    if (cooldown.isPositive()) {
      eligibility.cooling(true);
      effects.start(COOLDOWN, cooldown);
    }
    if (next.equals(ServerId.NONE)) {
      host.lookAgain("our term is over");
    } else {
      tenure.beginSuccession(next);
    }
    eligibilityChanged();
    leaveIfDone();
  }

  // ---- the store ----

  void onPersisted() {
    promise.onPersisted(tenure.now());
    sayLastWords();
  }

  void onPersistFailed(String reason) {
    promise.onPersistFailed();
    end(new Revocation.ServerFailed(reason));
    eligibilityChanged();
    sayLastWords();
  }

  // ---- the end of all ----

  void leave() {
    eligibility.leaving();
    end(new Revocation.Closed());
    eligibilityChanged();
    leaveIfDone();
  }

  /**
   * Whom we named leads, or there is nobody: nobody needs us any more. Until then we keep our
   * links, since a link that breaks would start an election beside the succession.
   */
  void leaveIfDone() {
    boolean done = proposer.isWithoutTerm() && !tenure.waitsForSuccessor();
    if (isLeaving() && !lastWords && done) {
      lastWords = true;
      if (!promise.leave(tenure.now())) {
        effects.add(new Output.Left());
      }
    }
  }

  private void sayLastWords() {
    if (lastWords) {
      effects.add(new Output.Left());
    }
  }
}
