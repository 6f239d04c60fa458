package io.quorate.protocol;

import java.time.Duration;

/**
 * An established leader's sign of life: it tells voters and observers who leads, and asks the
 * voters to bind themselves anew. Immutable.
 *
 * @param epoch the epoch that the sender leads, from 1 up
 * @param sequence the number of this request, from 0 up; the answer repeats it
 * @param instance which life of the sender asks, any number
 * @param grant how long a voter is to bind itself, counted from when it receives this; above zero
 *     and at most {@link Proposal#MAX_GRANT}
 */
public record Heartbeat(long epoch, long sequence, long instance, Duration grant)
    implements Message {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if one of them is out of its limits
   */
  public Heartbeat {
    PromiseLimits.check(PromiseLimits.request(epoch, sequence, grant));
  }
}
