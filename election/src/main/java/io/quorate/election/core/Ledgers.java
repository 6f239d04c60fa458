package io.quorate.election.core;

import io.quorate.protocol.ServerId;
import java.util.List;
import java.util.Set;

/** What voters said, kept by when it counts. */
final class Ledgers {
  private final VoteLedger current = new VoteLedger();
  private final VoteLedger established = new VoteLedger();
  private final VoteLedger early = new VoteLedger();
  private final List<VoteLedger> all = List.of(current, established, early);

  /** What voters said last, as far as it was in this round; once settled, in any. */
  VoteLedger current() {
    return current;
  }

  /** What servers that follow or lead said, in whatever round, since we began to look. */
  VoteLedger established() {
    return established;
  }

  /** Votes of later rounds, heard while settled: they count as soon as we look, too. */
  VoteLedger early() {
    return early;
  }

  /** From looking to settled: what the settled said goes on to count. */
  void settle() {
    current.recordAll(established);
    established.clear();
  }

  /** Takes what a settled voter says while we look in this round; returns whether it is news. */
  boolean hearSettled(ServerId from, Ballot ballot, long round) {
    if (ballot.round() == round) {
      current.record(from, ballot);
    } else {
      current.forget(from);
    }
    return established.record(from, ballot);
  }

  /** Takes what a voter says while we are settled so. */
  void hearWhileSettled(ServerId from, Ballot ballot, Ballot ours) {
    boolean later = ballot.round() > ours.round();
    if (ballot.isLooking() && later) {
      early.record(from, ballot);
    } else {
      early.forget(from);
    }
    if (ballot.isLooking() && !later && from.equals(ours.vote().leader())) {
      current.forget(from); // It is late, or it has forgotten that it leads. It will be asked.
    } else {
      current.record(from, ballot);
    }
  }

  void forget(ServerId voter) {
    all.forEach(ledger -> ledger.forget(voter));
  }

  void retain(Set<ServerId> voters) {
    all.forEach(ledger -> ledger.retain(voters));
  }
}
