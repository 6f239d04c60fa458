package io.quorate.protocol;

/**
 * The number by which servers of an ensemble know each other.
 *
 * <p>Members have ids from 0 up. An observer without an id of its own introduces itself with {@link
 * #OBSERVER}; whoever accepts it names that connection -1, -2, and so on. Other negative values
 * occur on the wire as "nobody" ({@link #NONE}) and are never members. Immutable.
 *
 * @param value the number as it stands on the wire, signed
 */
public record ServerId(long value) implements Comparable<ServerId> {

  /** What an observer without an id of its own sends as its id: {@code Long.MAX_VALUE}. */
  public static final ServerId OBSERVER = new ServerId(Long.MAX_VALUE);

  /** What one that nominates nobody sends as its leader: {@code Long.MIN_VALUE}. */
  public static final ServerId NONE = new ServerId(Long.MIN_VALUE);

  /**
   * Returns the id with this value.
   *
   * @param value any number
   * @return the id
   */
  public static ServerId of(long value) {
    return new ServerId(value);
  }

  /**
   * Tells whether a member of an ensemble can have this id.
   *
   * @return true from 0 up, {@link #OBSERVER} excepted
   */
  public boolean isMember() {
    return value >= 0 && value != Long.MAX_VALUE;
  }

  /** Orders by value, signed: the last criterion of the election's total order. */
  @Override
  public int compareTo(ServerId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
