package io.quorate.election;

import io.quorate.protocol.ServerId;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two ways of counting at once, while an ensemble changes from one to the other: a quorum is one in
 * both. Immutable.
 *
 * @param current the ensemble as it was
 * @param next the ensemble as it will be
 */
public record Joint(QuorumVerifier current, QuorumVerifier next) implements QuorumVerifier {

  /** Returns the voters of either. */
  @Override
  public Set<ServerId> voters() {
    var union = new TreeSet<ServerId>(current.voters());
    union.addAll(next.voters());
    return Collections.unmodifiableSortedSet(union);
  }

  /**
   * Returns the larger of the two weights. So a candidate of either ensemble can stand, and the
   * change cannot take the present leader away; whoever it is needs a quorum in both. The weight is
   * not what a quorum is counted by: each of the two counts with its own.
   */
  @Override
  public long weight(ServerId id) {
    return Math.max(current.weight(id), next.weight(id));
  }

  @Override
  public boolean isQuorum(Set<ServerId> ids) {
    return current.isQuorum(ids) && next.isQuorum(ids);
  }
}
