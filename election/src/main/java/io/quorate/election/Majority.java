package io.quorate.election;

import io.quorate.protocol.ServerId;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every voter weighs the same, and more than half of them are a quorum. Immutable.
 *
 * @param voters who votes; with none there is no quorum
 */
public record Majority(Set<ServerId> voters) implements QuorumVerifier {

  /** Copies the set, in the order of ids. */
  public Majority {
    voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
  }

  /**
   * Returns how many voters are a quorum.
   *
   * @return one more than half of them, rounded down
   */
  public int quorumSize() {
    return voters.size() / 2 + 1;
  }

  @Override
  public long weight(ServerId id) {
    return voters.contains(id) ? 1 : 0;
  }

  @Override
  public boolean isQuorum(Set<ServerId> ids) {
    int counted = 0;
    for (ServerId id : ids) {
      counted += voters.contains(id) ? 1 : 0;
    }
    return counted >= quorumSize();
  }
}
