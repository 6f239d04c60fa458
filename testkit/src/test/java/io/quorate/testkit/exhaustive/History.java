package io.quorate.testkit.exhaustive;

import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.ServerId;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who has led and what was promised, ever. Immutable.
 *
 * @param leaders by epoch
 * @param promised what has been durable
 */
record History(SortedMap<Long, ServerId> leaders, Set<Promise> promised) {

  /** A voter has durably promised an epoch to one life of a server. */
  record Promise(ServerId voter, long epoch, ServerId to, long instance) {}

  static final History EMPTY = new History(new TreeMap<>(), Set.of());

  /** A server was granted a term. */
  History granted(Scenario scenario, ServerId server, long instance, FencingToken token) {
    long epoch = token.epoch();
    Violation.unless(!leaders.containsKey(epoch), "S1 (one leader of an epoch)", token(token));
    Violation.unless(
        leaders.isEmpty() || leaders.lastKey() < epoch, "S2 (epochs grow)", token(token));
    Violation.unless(
        token.leader().equals(server) && scenario.mayLead(server),
        "S4 (only who may leads)",
        server + ": " + token);
    var by = new TreeSet<ServerId>();
    for (ServerId voter : scenario.voters().voters()) {
      if (promised.contains(new Promise(voter, epoch, server, instance))) {
        by.add(voter);
      }
    }
    Violation.unless(
        scenario.voters().isQuorum(by) && by.contains(server),
        "S4 (a quorum, the leader included, has promised durably)",
        token + " by " + by);
    var next = new TreeMap<>(leaders);
    next.put(epoch, server);
    return new History(next, promised);
  }

  private String token(FencingToken token) {
    return "epoch " + token.epoch() + " of server " + token.leader() + " after " + leaders;
  }

  /** A voter's store has this now. */
  History durable(Scenario scenario, ServerId voter, EpochState state) {
    if (state.promisedEpoch() == 0) {
      return this;
    }
    var promise =
        new Promise(voter, state.promisedEpoch(), state.promisedTo(), state.promisedInstance());
    if (promised.contains(promise)) {
      return this;
    }
    if (scenario.flaw() != Flaw.STORE_LIES) {
      Violation.unless(
          promised.stream()
              .filter(it -> it.voter().equals(voter))
              .allMatch(it -> it.epoch() < promise.epoch()),
          "S1 (a voter promises an epoch once, and never a smaller one)",
          promise + " after " + promised);
    }
    var next = new HashSet<>(promised);
    next.add(promise);
    return new History(leaders, next);
  }

  /** A server says who leads. */
  void shown(LeaderView view) {
    view.leader()
        .ifPresent(
            leader ->
                Violation.unless(
                    view.confirmed() && leader.equals(leaders.get(view.epoch())),
                    "S1 (whoever is shown as leader was granted that epoch)",
                    view + " with " + leaders));
  }
}
