package io.quorate.faults.ensemble;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks for what must never be in what servers told, merged by the time at which they told it.
 *
 * <p>A term is known to have been valid from the first to the last line that says so: the time of
 * such a line is taken before the question is asked, and a term that is over stays over. Unless it
 * was given up it lasts longer, namely as long as its leader could still count on its lease, dead
 * or stopped as it may be.
 */
public final class Judge {

  /** Ends of a term that give it up before its lease is over. */
  private static final Set<String> GIVEN_UP =
      Set.of("closed", "resigned", "handedOff", "taskFailed", "serverFailed");

  private final boolean leasesLast;
  private final List<String> violations = new ArrayList<>();
  private final Map<Long, Term> terms = new TreeMap<>();
  private final Map<Long, Long> leaders = new HashMap<>();
  private final Map<Integer, Long> openTerms = new HashMap<>();
  private Optional<Told> lastGrant = Optional.empty();
  private long largestEpoch;

  private static final class Term {
    private final Told first;
    private final long epoch;
    private long lastValid;
    private long until;
    private boolean grantTold;
    private boolean givenUp;

    Term(Told first, long epoch) {
      this.first = first;
      this.epoch = epoch;
      this.lastValid = first.nanos();
      this.until = first.nanos();
    }

    long end(boolean leasesLast) {
      return leasesLast && !givenUp ? until : lastValid;
    }
  }

  private Judge(boolean leasesLast) {
    this.leasesLast = leasesLast;
  }

  /**
   * Returns what must not be, one line each.
   *
   * @param merged what was told, by time
   * @param leasesLast whether nobody may lead before a dead leader's lease is over, which does not
   *     hold with fast fail-over
   */
  public static List<String> violations(List<Told> merged, boolean leasesLast) {
    var judge = new Judge(leasesLast);
    merged.forEach(judge::look);
    judge.lookForOverlaps();
    return List.copyOf(judge.violations);
  }

  private void look(Told told) {
    switch (told.what()) {
      case Told.Granted(long epoch) -> onGranted(told, epoch);
      case Told.Valid(long epoch, long remaining) -> onValid(told, epoch, remaining);
      case Told.Revoked(long epoch, String cause) -> onRevoked(told, epoch, cause);
      case Told.Knows(long leader, long epoch, boolean confirmed) -> {
        if (confirmed) {
          onLeader(told, leader, epoch);
        }
      }
      case Told.Listening _, Told.Looking _, Told.Elected _, Told.Other _ -> {}
    }
  }

  private void onGranted(Told told, long epoch) {
    Term term = terms.computeIfAbsent(epoch, _ -> new Term(told, epoch));
    if (term.grantTold) {
      violations.add("epoch " + epoch + " was granted twice: " + term.first + ", " + told);
    }
    term.grantTold = true;
    lastGrant
        .filter(last -> epoch < largestEpoch)
        .ifPresent(
            last -> violations.add("epochs went back to " + epoch + ": " + last + ", " + told));
    lastGrant = Optional.of(told);
    if (openTerms.put(told.life(), epoch) != null) {
      violations.add("granted before the last term was revoked: " + told);
    }
    onLeader(told, told.server(), epoch);
  }

  private void onValid(Told told, long epoch, long remaining) {
    Term term = terms.computeIfAbsent(epoch, _ -> new Term(told, epoch));
    term.lastValid = Math.max(term.lastValid, told.nanos());
    term.until = Math.max(term.until, told.nanos() + remaining);
    onLeader(told, told.server(), epoch);
    if (term.first.life() != told.life()) {
      violations.add("two lives lead epoch " + epoch + ": " + term.first + ", " + told);
    }
  }

  private void onRevoked(Told told, long epoch, String cause) {
    Long open = openTerms.remove(told.life());
    if (open == null || open != epoch) {
      violations.add("revoked and not granted: " + told);
    }
    Term term = terms.get(epoch);
    if (term != null) {
      term.givenUp = GIVEN_UP.contains(cause);
    }
  }

  private void onLeader(Told told, long leader, long epoch) {
    Long before = leaders.putIfAbsent(epoch, leader);
    if (before != null && before != leader) {
      violations.add("epoch " + epoch + " has two leaders, " + before + " too: " + told);
    }
    largestEpoch = Math.max(largestEpoch, epoch);
  }

  private void lookForOverlaps() {
    Optional<Term> latest = Optional.empty();
    for (Term term : terms.values()) {
      latest.ifPresent(earlier -> lookForOverlap(earlier, term));
      if (latest.isEmpty() || latest.get().end(leasesLast) < term.end(leasesLast)) {
        latest = Optional.of(term);
      }
    }
  }

  private void lookForOverlap(Term earlier, Term later) {
    long overlap = earlier.end(leasesLast) - later.first.nanos();
    if (overlap > 0) {
      violations.add(
          "epoch "
              + earlier.epoch
              + " was valid for "
              + overlap
              + " ns after the start of epoch "
              + later.epoch
              + ": "
              + earlier.first
              + ", "
              + later.first);
    }
  }
}
