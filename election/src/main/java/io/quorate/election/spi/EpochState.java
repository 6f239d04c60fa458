package io.quorate.election.spi;

import io.quorate.protocol.ServerId;
import java.time.Duration;

/**
 * What a voter must remember across restarts. Immutable.
 *
 * @param promisedEpoch the largest epoch that it has promised; 0 if none
 * @param promisedTo to whom: a member; {@link ServerId#NONE} exactly if nothing is promised
 * @param promisedInstance to which life of that server, any number
 * @param currentEpoch the largest epoch that it knows a leader to have led; at most the promised
 *     one; 0 if none
 * @param grant how long it binds itself by an acknowledgement of the promised epoch; at most what a
 *     {@code long} holds in nanoseconds
 * @param clean whether it has bound itself to nobody since this was written
 */
public record EpochState(
    long promisedEpoch,
    ServerId promisedTo,
    long promisedInstance,
    long currentEpoch,
    Duration grant,
    boolean clean) {

  // Before the constant below, whose making needs it.
  private static final Duration LONGEST_GRANT = Duration.ofNanos(Long.MAX_VALUE);

  /** The state of a voter that has never promised anything. */
  public static final EpochState EMPTY =
      new EpochState(0, ServerId.NONE, 0, 0, Duration.ZERO, true);

  /**
   * Checks the fields, and how they fit together.
   *
   * @throws IllegalArgumentException if an epoch or the grant is below 0, the current epoch exceeds
   *     the promised one, an epoch is promised to nobody, or none to somebody
   */
  public EpochState {
    if (promisedEpoch < 0 || currentEpoch < 0) {
      throw new IllegalArgumentException("epochs are at least 0");
    }
    if (currentEpoch > promisedEpoch) {
      throw new IllegalArgumentException(
          "the current epoch " + currentEpoch + " exceeds the promised one " + promisedEpoch);
    }
    if (promisedEpoch == 0 ? !promisedTo.equals(ServerId.NONE) : !promisedTo.isMember()) {
      throw new IllegalArgumentException(
          "epoch " + promisedEpoch + " cannot be promised to " + promisedTo);
    }
    if (grant.isNegative() || grant.compareTo(LONGEST_GRANT) > 0) {
      throw new IllegalArgumentException("a grant cannot last " + grant);
    }
  }
}
