package io.quorate.election.spi;

/**
 * How far a server's history goes: what makes it a better candidate than another. Immutable.
 *
 * @param zxid the last entry, signed; -1 for a server with no state, which cannot stand
 * @param epoch the epoch of that history
 */
public record Position(long zxid, long epoch) {

  /** A server with an empty history. */
  public static final Position START = new Position(0, 0);

  /** A server that has no state and cannot stand, but can follow. */
  public static final Position NO_STATE = new Position(-1, 0);
}
