package io.quorate.protocol;

/**
 * A leader's word that it leads no more: the voters are bound to it no longer, and may promise
 * another epoch at once. Immutable.
 *
 * @param epoch the epoch that it gives up, from 1 up
 * @param instance which life of the sender led, as in its heartbeats
 * @param successor the server that is to lead next; {@link ServerId#NONE} to leave it to an
 *     election
 */
public record Surrender(long epoch, long instance, ServerId successor) implements Message {

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if the epoch is below 1, or no member can have the successor's
   *     id
   */
  public Surrender {
    PromiseLimits.check(PromiseLimits.surrender(epoch, successor));
  }
}
