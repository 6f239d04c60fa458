package io.quorate.election;

/**
 * Thrown when a resource refuses a token because it has seen a larger one: the holder's term is
 * over, whatever the holder believes.
 *
 * <p>It is unchecked, and no {@link java.io.IOException}, so that it passes through code that tries
 * failed writes again: trying again never helps. Let it end the task of that term.
 */
public final class StaleTokenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long offeredEpoch;
  private final long largestEpoch;

  /**
   * Makes one.
   *
   * @param offeredEpoch the epoch of the token that was refused
   * @param largestEpoch the largest epoch that the resource has seen
   */
  public StaleTokenException(long offeredEpoch, long largestEpoch) {
    super("epoch " + offeredEpoch + " is stale: epoch " + largestEpoch + " has been seen");
    this.offeredEpoch = offeredEpoch;
    this.largestEpoch = largestEpoch;
  }

  /**
   * Returns the epoch of the token that was refused.
   *
   * @return a smaller one than {@link #largestEpoch}
   */
  public long offeredEpoch() {
    return offeredEpoch;
  }

  /**
   * Returns the largest epoch that the resource has seen.
   *
   * @return the epoch of a later term
   */
  public long largestEpoch() {
    return largestEpoch;
  }
}
