package io.quorate.protocol;

/**
 * A voter's yes to a {@link Proposal} or a {@link Heartbeat}: the epoch is promised, and the grant
 * asked for is given. Immutable.
 *
 * @param epoch the epoch of what it answers, from 1 up
 * @param sequence the number of what it answers, from 0 up
 * @param instance the life of the one that asked, as it said
 */
public record Acknowledgement(long epoch, long sequence, long instance) implements Message {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if one of them is out of its limits
   */
  public Acknowledgement {
    PromiseLimits.check(PromiseLimits.answer(epoch, sequence));
  }
}
