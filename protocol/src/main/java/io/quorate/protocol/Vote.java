package io.quorate.protocol;

import java.util.Comparator;

/**
 * A candidate and what makes it a good one.
 *
 * <p>The natural order is the election's total order: a larger epoch is better, then a larger zxid,
 * then a larger id, all signed. Immutable.
 *
 * @param leader the server voted for; {@link ServerId#NONE} for nobody
 * @param zxid the position of that server's history; -1 for a server with no state
 * @param peerEpoch the epoch of that server
 */
public record Vote(ServerId leader, long zxid, long peerEpoch) implements Comparable<Vote> {

  /** The vote for nobody, which an observer sends: all three fields {@code Long.MIN_VALUE}. */
  public static final Vote NOBODY = new Vote(ServerId.NONE, Long.MIN_VALUE, Long.MIN_VALUE);

  private static final Comparator<Vote> TOTAL_ORDER =
      Comparator.comparingLong(Vote::peerEpoch)
          .thenComparingLong(Vote::zxid)
          .thenComparing(Vote::leader);

  @Override
  public int compareTo(Vote other) {
    return TOTAL_ORDER.compare(this, other);
  }

  /**
   * Tells whether this candidate is the better one.
   *
   * @param other the one to compare with
   * @return true if this is greater in the total order
   */
  public boolean isBetterThan(Vote other) {
    return compareTo(other) > 0;
  }
}
