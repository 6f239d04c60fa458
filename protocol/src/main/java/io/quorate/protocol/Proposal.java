package io.quorate.protocol;

import java.time.Duration;

/**
 * A nominee's request to a voter: to promise it an epoch, and to promise no other for a while.
 * Immutable.
 *
 * @param epoch the epoch that the sender wants to lead, from 1 up
 * @param sequence the number of this request, from 0 up; the answer repeats it
 * @param instance which life of the sender asks, any number
 * @param grant how long the voter is to bind itself, counted from when it receives this; above zero
 *     and at most {@link #MAX_GRANT}
 */
public record Proposal(long epoch, long sequence, long instance, Duration grant)
    implements Message {

  /** The longest time for which a voter binds itself at once: an hour. */
  public static final Duration MAX_GRANT = Duration.ofHours(1);

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if one of them is out of its limits
   */
  public Proposal {
    PromiseLimits.check(PromiseLimits.request(epoch, sequence, grant));
  }
}
