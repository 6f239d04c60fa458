package io.quorate.protocol;

import java.time.Duration;

/**
 * A voter's no to a {@link Proposal} or a {@link Heartbeat}, with what stands in the way.
 * Immutable.
 *
 * @param epoch the epoch of what it answers, from 1 up
 * @param sequence the number of what it answers, from 0 up
 * @param promisedEpoch the largest epoch that the sender has promised; 0 for none
 * @param boundFor how long the sender is still bound by a grant to another, from zero, for not
 *     bound, to {@link Proposal#MAX_GRANT}
 */
public record Refusal(long epoch, long sequence, long promisedEpoch, Duration boundFor)
    implements Message {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if one of them is out of its limits
   */
  public Refusal {
    PromiseLimits.check(PromiseLimits.refusal(epoch, sequence, promisedEpoch, boundFor));
  }
}
