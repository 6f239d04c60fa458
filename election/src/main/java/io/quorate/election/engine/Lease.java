package io.quorate.election.engine;

import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How long a leader may lead, from what it said and what the voters acknowledged. It counts from
 * the instant at which it <em>began to send</em> the last thing that a quorum acknowledged, and so
 * ends before the first of these voters is free. Instants are nanoseconds of one monotonic clock
 * and are compared by subtraction. Not safe for use by several threads.
 */
final class Lease {

  /** Things said and not yet too old to count. Beyond, the oldest count no more. */
  static final int MAX_SAID = 4096;

  private final QuorumVerifier voters;
  private final long length;

  /** When what was said, by sequence number. */
  private final TreeMap<Long, Long> said = new TreeMap<>();

  /** The largest sequence number that each voter has acknowledged. */
  private final Map<ServerId, Long> acknowledged = new HashMap<>();

  /** The largest sequence number that a quorum has acknowledged; -1 for none. */
  private long covered = -1;

  private long start;

  /**
   * Makes a lease that has not begun.
   *
   * @param voters who acknowledges
   * @param length how long it lasts
   */
  Lease(QuorumVerifier voters, Duration length) {
    this.voters = voters;
    this.length = length.toNanos();
  }

  /** Forgets everything: another epoch is proposed. */
  void begin() {
    said.clear();
    acknowledged.clear();
    covered = -1;
  }

  /** We are about to say this; sequence numbers only grow. */
  void say(long sequence, long now) {
    for (Iterator<Long> at = said.values().iterator(); at.hasNext(); ) {
      if (now - at.next() <= length && said.size() < MAX_SAID) {
        break;
      }
      at.remove();
    }
    said.put(sequence, now);
  }

  /** Takes an acknowledgement of something that we said; returns whether the lease lasts longer. */
  boolean acknowledge(ServerId voter, long sequence) {
    if (!said.containsKey(sequence) || acknowledged.getOrDefault(voter, -1L) >= sequence) {
      return false;
    }
    acknowledged.put(voter, sequence);
    long now = coveredByQuorum();
    Long at = said.get(now);
    if (now <= covered || at == null) {
      return false;
    }
    covered = now;
    start = at;
    return true;
  }

  /** Returns the voters that have acknowledged this or something later. */
  Set<ServerId> acknowledging(long sequence) {
    var those = new HashSet<ServerId>();
    acknowledged.forEach(
        (voter, last) -> {
          if (last >= sequence) {
            those.add(voter);
          }
        });
    return those;
  }

  private long coveredByQuorum() {
    List<Long> sequences = new ArrayList<>(new HashSet<>(acknowledged.values()));
    sequences.sort((a, b) -> Long.compare(b, a));
    for (long sequence : sequences) {
      if (voters.isQuorum(acknowledging(sequence))) {
        return sequence;
      }
    }
    return -1;
  }

  /** Returns the largest sequence number that a quorum has acknowledged; -1 for none. */
  long covered() {
    return covered;
  }

  /** Returns the instant at which it ends; means nothing before a quorum has acknowledged. */
  long until() {
    return start + length;
  }

  boolean isValid(long now) {
    return covered >= 0 && now - until() < 0;
  }
}
