package io.quorate.election.engine;

import static io.quorate.protocol.ServerState.FOLLOWING;
import static io.quorate.protocol.ServerState.LEADING;
import static io.quorate.protocol.ServerState.LOOKING;
import static io.quorate.protocol.ServerState.OBSERVING;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.engine.Timer.OfEngine;
import io.quorate.election.spi.ElectionContext;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import io.quorate.transport.TransportEvent.DownCause;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What the engine lets others know: the view, the events, and the warnings within their budget.
 * Every change of state passes here. A view is always shown before the event that tells it. Not
 * safe for use by several threads.
 */
final class Shown {

  /** Links of observers without an id that are told of in one spell: anybody can make more. */
  static final int STRANGERS_PER_SPELL = 64;

  private final ElectionContext context;
  private final Links links;
  private final Consumer<ElectionCounter> counters;
  private final List<Output> out;
  private final WarningBudget warnings = new WarningBudget();

  /** Observers without an id of whose link it was told that it is up. */
  private final Set<ServerId> strangersTold = new HashSet<>();

  private LeaderView view;

  /** We look and nobody has been told so yet, because the number of the round may follow. */
  private boolean lookingUntold;

  /**
   * Shows nothing yet.
   *
   * @param context who we are and who votes
   * @param links who is reachable
   * @param counters where warnings are counted
   * @param out where the outputs go
   */
  Shown(
      ElectionContext context, Links links, Consumer<ElectionCounter> counters, List<Output> out) {
    this.context = context;
    this.links = links;
    this.counters = counters;
    this.out = out;
    this.view = looking(0);
  }

  LeaderView view() {
    return view;
  }

  boolean isLooking() {
    return view.state() == LOOKING;
  }

  /** To LOOKING, if we do not look; {@link #tellLooking} is to follow. */
  void becomeLooking() {
    if (!isLooking()) {
      show(looking(view.round()));
      lookingUntold = true;
    }
  }

  /** To LOOKING in this round. */
  void lookInRound(long round) {
    if (!isLooking() || view.round() != round) {
      show(looking(round));
      lookingUntold = true;
    }
    tellLooking();
  }

  /** Tells that we look, unless that has been told. */
  void tellLooking() {
    if (lookingUntold) {
      lookingUntold = false;
      tell(StateChanges.of(view));
    }
  }

  /**
   * To the state that follows from whom the algorithm nominated, with an election only; does
   * nothing if that is shown already.
   */
  void settle(Vote vote, long round) {
    LeaderView next = under(vote.leader(), round, vote.peerEpoch(), false);
    if (!next.equals(view)) {
      tellLooking();
      show(next);
      elected(vote, round);
      tell(StateChanges.of(next));
    }
  }

  /** Tells what an election came to. */
  void elected(Vote vote, long round) {
    counters.accept(ElectionCounter.ELECTIONS_DECIDED);
    tellLooking();
    tell(new ElectionEvent.Elected(vote.leader(), round, vote.zxid(), vote.peerEpoch()));
  }

  /** To the state that follows from who leads, which a quorum has promised. */
  void confirm(ServerId leader, long epoch) {
    tellLooking();
    show(under(leader, view.round(), epoch, true));
    if (leader.equals(context.self())) {
      counters.accept(ElectionCounter.TERMS_GRANTED);
      tell(new ElectionEvent.Granted(new FencingToken(epoch, leader)));
    }
    tell(StateChanges.of(view));
  }

  /** To LOOKING: our term is over. */
  void revoke(FencingToken token, Revocation cause) {
    counters.accept(ElectionCounter.TERMS_REVOKED);
    becomeLooking();
    tell(new ElectionEvent.Revoked(token, cause));
    tellLooking();
  }

  private LeaderView under(ServerId leader, long round, long epoch, boolean confirmed) {
    return new LeaderView(
        context.self(),
        stateUnder(leader),
        Optional.of(leader),
        round,
        epoch,
        confirmed,
        reachable(),
        Optional.empty());
  }

  void linksChanged() {
    show(
        new LeaderView(
            context.self(),
            view.state(),
            view.leader(),
            view.round(),
            view.epoch(),
            view.confirmed(),
            reachable(),
            view.failure()));
  }

  /** Tells that a link is up; of observers without an id only so many. */
  void tellUp(ServerId peer) {
    if (peer.isMember() || admits("linkUp", STRANGERS_PER_SPELL)) {
      tell(new ElectionEvent.LinkUp(peer));
      if (!peer.isMember()) {
        strangersTold.add(peer);
      }
    }
  }

  /** Tells that a link is down, if it was told that it is up. */
  void tellDown(ServerId peer, DownCause cause) {
    if (peer.isMember() || strangersTold.remove(peer)) {
      tell(new ElectionEvent.LinkDown(peer, cause));
    }
  }

  void tell(ElectionEvent event) {
    out.add(new Output.Tell(event));
  }

  /** Returns whether the warning was told, and not only counted. */
  boolean warn(String code, String detail) {
    counters.accept(ElectionCounter.WARNINGS);
    if (!admits(code, WarningBudget.PER_CODE)) {
      counters.accept(ElectionCounter.WARNINGS_SUPPRESSED);
      return false;
    }
    tell(new ElectionEvent.Warning(code, detail));
    return true;
  }

  private boolean admits(String code, int most) {
    if (!warnings.isInSpell()) {
      out.add(new Output.SetTimer(OfEngine.WARNINGS, WarningBudget.SPELL));
    }
    return warnings.admits(code, most);
  }

  void endWarningSpell() {
    long notTold = warnings.endSpell();
    if (notTold > 0) {
      long seconds = WarningBudget.SPELL.toSeconds();
      warn("warningsSuppressed", notTold + " in the last " + seconds + " s");
    }
  }

  private ServerState stateUnder(ServerId leader) {
    if (leader.equals(context.self())) {
      return LEADING;
    }
    return context.voters().voters().contains(context.self()) ? FOLLOWING : OBSERVING;
  }

  private LeaderView looking(long round) {
    return new LeaderView(
        context.self(), LOOKING, Optional.empty(), round, 0, false, reachable(), Optional.empty());
  }

  private Set<ServerId> reachable() {
    return context.voters().voters().stream()
        .filter(id -> id.equals(context.self()) || links.isUp(id))
        .collect(Collectors.toUnmodifiableSet());
  }

  private void show(LeaderView next) {
    view = next;
    out.add(new Output.Show(next));
  }
}
