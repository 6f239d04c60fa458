package io.quorate.testkit.bugs;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Event;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Rules of fast leader election that one server keeps, checked from outside by what it hears and
 * answers. The promise and the lease make up for a server that breaks one, so without this nobody
 * would see it. Throws where a rule is broken, which no algorithm may. Weaker than the algorithm:
 * it knows all that was heard over a link, and not which of it still counts.
 */
final class FastRules implements ElectionAlgorithm {
  private final ElectionAlgorithm inner;
  private final ElectionContext context;

  private final Set<ServerId> linked = new TreeSet<>();
  private final Map<ServerId, Set<Said>> heard = new HashMap<>();

  /** Since our round began, which may be one that we have been in before. */
  private final Map<ServerId, Said> last = new HashMap<>();

  /** Whether we look, in which round, and the best vote of ours in it that anybody was told. */
  private boolean looks;

  private long round;
  private Vote told = Vote.NOBODY;

  /** Who was elected, once we do not look any more. */
  private ServerId elected = ServerId.NONE;

  private ServerId led = ServerId.NONE;

  private record Said(ServerState state, Vote vote, long round) {
    ServerId leader() {
      return vote.leader();
    }
  }

  private FastRules(ElectionAlgorithm inner, ElectionContext context) {
    this.inner = inner;
    this.context = context;
  }

  /** Returns the same provider, whose algorithms are checked. */
  static ElectionProvider checked(ElectionProvider provider) {
    return new ElectionProvider() {
      @Override
      public String name() {
        return provider.name();
      }

      @Override
      public ElectionAlgorithm create(ElectionContext context) {
        return new FastRules(provider.create(context), context);
      }
    };
  }

  private static void require(boolean holds, String rule, Object detail) {
    if (!holds) {
      throw new IllegalStateException("rule: " + rule + ": " + detail);
    }
  }

  @Override
  public List<Action> on(Event event) {
    boolean looked = looks;
    long before = round;
    Vote toldBefore = told;
    take(event);
    List<Action> actions = inner.on(event);
    boolean withdraws = actions.stream().anyMatch(Action.Withdraw.class::isInstance);
    actions.forEach(this::follow);
    if (!withdraws && round > 0) {
      actions.forEach(this::checkTold);
      if (looked && looks && before == round) {
        checkToldWhoCounts(toldBefore, actions);
      }
      if (event instanceof Event.Heard(ServerId from, Notification said)) {
        checkAnswer(from, said, actions, looked && looks ? before : looked || looks ? 0 : round);
      }
      checkRepeated(actions);
    }
    return actions;
  }

  private void take(Event event) {
    switch (event) {
      case Event.Look _ -> {
        looks = true;
        led = ServerId.NONE;
      }
      case Event.Heard(ServerId from, Notification said) -> {
        var now = new Said(said.state(), said.vote(), said.round());
        heard.computeIfAbsent(from, _ -> new HashSet<>()).add(now);
        last.put(from, now);
      }
      case Event.LinkUp(ServerId peer) -> {
        linked.add(peer);
        forget(peer);
      }
      case Event.LinkDown(ServerId peer) -> {
        linked.remove(peer);
        forget(peer);
        led = peer.equals(led) ? ServerId.NONE : led;
      }
      case Event.Led(ServerId leader) -> led = leader;
      case Event.Unreachable _,
          Event.Recognized _,
          Event.TimerFired _,
          Event.NominationFailed _,
          Event.Eligible _,
          Event.Reconfigured _ -> {}
    }
  }

  private void forget(ServerId peer) {
    heard.remove(peer);
    last.remove(peer);
  }

  private void follow(Action action) {
    switch (action) {
      case Action.Looking(long next) -> {
        looks = true;
        round = next;
        told = Vote.NOBODY;
        last.clear();
      }
      case Action.Nominate(Vote vote, long next) -> {
        checkElected(vote.leader(), next);
        looks = false;
        round = next;
        elected = vote.leader();
      }
      case Action.Withdraw _ -> looks = true;
      case Action.Send _, Action.SetTimer _, Action.CancelTimer _, Action.Warn _ -> {}
    }
  }

  /**
   * Votes of one round, or a leader that says so in our round with a vote that ours is no better
   * than, or an ensemble of any round whose leader has said that it leads.
   */
  private void checkElected(ServerId leader, long in) {
    boolean known = leader.equals(led) || (!looks && leader.equals(elected));
    if (known) {
      return;
    }
    boolean counted =
        looks && in == round && isQuorum(it -> it.leader().equals(leader) && it.round == in);
    boolean leads =
        leader.equals(context.self())
            || heard.getOrDefault(leader, Set.of()).stream()
                .anyMatch(it -> it.state == ServerState.LEADING && it.leader().equals(leader));
    boolean yields =
        looks
            && in == round
            && heard.getOrDefault(leader, Set.of()).stream()
                .anyMatch(
                    it ->
                        it.state == ServerState.LEADING
                            && it.leader().equals(leader)
                            && it.round == in
                            && !told.isBetterThan(it.vote));
    boolean stands =
        isQuorum(
            it ->
                it.leader().equals(leader) && (it.state != ServerState.LOOKING || it.round == in));
    require(
        counted || yields || (leads && stands),
        "a quorum votes so in one round, or the leader says that it leads",
        leader + " in " + in + " by " + heard);
  }

  private boolean isQuorum(Predicate<Said> fits) {
    var those = new HashSet<>(Set.of(context.self()));
    heard.forEach(
        (voter, all) -> {
          if (all.stream().anyMatch(fits)) {
            those.add(voter);
          }
        });
    return context.voters().isQuorum(those);
  }

  /** What is sent is true when it is sent, or asks the one who was elected, or about it. */
  private void checkTold(Action action) {
    if (!(action instanceof Action.Send(ServerId to, Notification said))) {
      return;
    }
    boolean asks = said.state() == ServerState.LOOKING && said.round() == 0;
    if (looks) {
      require(
          asks || (said.state() == ServerState.LOOKING && said.round() == round),
          "what is sent is what is true now",
          said + " in round " + round);
      require(
          asks || !told.isBetterThan(said.vote()),
          "no vote is sent after a better one",
          said + " to " + to + " after " + told);
      told = said.vote();
    } else {
      require(
          asks || (said.round() == round && said.vote().leader().equals(elected)),
          "what is sent is what is true now",
          said + " with " + elected + " elected in " + round);
    }
  }

  /** Who votes as we did is told that we do not any more: it counts us, and may decide. */
  private void checkToldWhoCounts(Vote toldBefore, List<Action> actions) {
    if (told.equals(toldBefore) || toldBefore.equals(Vote.NOBODY)) {
      return;
    }
    var counting = new Said(ServerState.LOOKING, toldBefore, round);
    last.forEach(
        (voter, said) ->
            require(
                !said.equals(counting) || !linked.contains(voter) || isTold(voter, actions),
                "who counts us is told of another vote",
                voter + " says " + said));
  }

  private static boolean isTold(ServerId peer, List<Action> actions) {
    return actions.stream()
        .anyMatch(it -> it instanceof Action.Send send && send.to().equals(peer));
  }

  /** A voter that looks in an earlier round, or where we do not look any more, has an answer. */
  private void checkAnswer(ServerId from, Notification said, List<Action> actions, long since) {
    var voters = context.voters().voters();
    boolean owed =
        voters.contains(context.self())
            && voters.contains(from)
            && linked.contains(from)
            && said.state() == ServerState.LOOKING
            && (looks ? said.round() < since : since > 0)
            && actions.stream().noneMatch(Action.Nominate.class::isInstance);
    require(
        !owed || isTold(from, actions), "a voter that looks has an answer", from + " says " + said);
  }

  /** A new round is told again soon, however long the wait had become. */
  private void checkRepeated(List<Action> actions) {
    if (looks && actions.stream().anyMatch(Action.Looking.class::isInstance)) {
      var soon = context.timings().resendMin();
      require(
          actions.stream()
              .anyMatch(
                  it -> it instanceof Action.SetTimer set && set.after().compareTo(soon) <= 0),
          "a new round is told again soon",
          round);
    }
  }
}
