package io.quorate.election.core;

import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
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
    Ballot own = ballots.get(leader);
    return own != null && own.state() == ServerState.LEADING && own.vote().leader().equals(leader);
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
