package io.quorate.election;

import io.quorate.protocol.ServerId;
import java.util.Comparator;

/**
 * What a leader shows to a resource so that the resource can refuse an earlier leader: the number
 * of its term. No two terms have the same one, and a later term has a larger one, across restarts
 * too. Immutable; ordered by epoch.
 *
 * @param epoch the number of the term, from 1 up
 * @param leader whose term it is
 */
public record FencingToken(long epoch, ServerId leader) implements Comparable<FencingToken> {

  private static final Comparator<FencingToken> ORDER =
      Comparator.comparingLong(FencingToken::epoch).thenComparing(FencingToken::leader);

  /**
   * Checks the epoch.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public FencingToken {
    if (epoch < 1) {
      throw new IllegalArgumentException("epochs start at 1, not " + epoch);
    }
  }

  @Override
  public int compareTo(FencingToken other) {
    return ORDER.compare(this, other);
  }
}
