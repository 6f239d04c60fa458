package io.quorate.election.core;

import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The last ballot of each voter: at most one a voter, so never larger than the ensemble. */
final class VoteLedger {
  private final SortedMap<ServerId, Ballot> ballots = new TreeMap<>();

  /** Returns whether this is news: another ballot than that voter's last one. */
  boolean record(ServerId voter, Ballot ballot) {
    return !ballot.equals(ballots.put(voter, ballot));
  }

  void recordAll(VoteLedger other) {
    ballots.putAll(other.ballots);
  }

  void forget(ServerId voter) {
    ballots.remove(voter);
  }

  void clear() {
    ballots.clear();
  }

  void retain(Set<ServerId> voters) {
    ballots.keySet().retainAll(voters);
  }

  Optional<Ballot> of(ServerId voter) {
    return Optional.ofNullable(ballots.get(voter));
  }

  /** Takes everything out, in the order of ids. */
  Map<ServerId, Ballot> drain() {
    var all = new TreeMap<>(ballots);
    ballots.clear();
    return all;
  }

  /** Returns who said something that fits. */
  Set<ServerId> voters(Predicate<Ballot> fits) {
    var found = new TreeSet<ServerId>();
    ballots.forEach(
        (voter, ballot) -> {
          if (fits.test(ballot)) {
            found.add(voter);
          }
        });
    return found;
  }

  /** Returns whether this server itself has said that it leads. */
  boolean saysItLeads(ServerId leader) {
    return of(leader).filter(own -> own.saysItLeads(leader)).isPresent();
  }

  /** Returns the best vote of those who look, if any fits. */
  Optional<Vote> best(Predicate<Vote> fits) {
    return ballots.values().stream()
        .filter(Ballot::isLooking)
        .map(Ballot::vote)
        .filter(fits)
        .max(Comparator.naturalOrder());
  }

  /** Returns the largest round that anybody is in; 0 if it is empty. */
  long latestRound() {
    return ballots.values().stream().mapToLong(Ballot::round).max().orElse(0);
  }

  /** Returns who follows this server, itself included. */
  Set<ServerId> followersOf(ServerId leader) {
    Set<ServerId> followers =
        voters(
            ballot ->
                ballot.state() == ServerState.FOLLOWING && ballot.vote().leader().equals(leader));
    followers.add(leader);
    return followers;
  }
}
