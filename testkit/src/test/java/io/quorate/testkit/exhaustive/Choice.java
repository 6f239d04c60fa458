package io.quorate.testkit.exhaustive;

/**
 * What happens next, in one int: its kind and two small numbers.
 *
 * @param kind what
 * @param a a server
 * @param b another server, or which timer
 */
record Choice(Kind kind, int a, int b) {

  /** What may happen. */
  enum Kind {
    /** What is first on the way from a to b arrives. */
    DELIVER,
    /** A message that is first on the way from a to b is lost. */
    LOSE,
    /** A timer of a fires. */
    FIRE,
    /** What a was to write is written. */
    WRITE,
    /** The task of a term of a that is over ends. */
    END_TASK,
    /** A process of a begins. */
    START,
    /** The process of a dies; if b is 1, after what it was to write became durable. */
    CRASH,
    /** The link of a and b comes up. */
    CONNECT,
    /** The link of a and b breaks, and what is under way is lost. */
    BREAK,
    /** a is told to hand off. */
    HAND_OFF,
    /** a is told to leave. */
    LEAVE
  }

  private static final Kind[] KINDS = Kind.values();
  private static final int BITS = 8;
  private static final int MASK = (1 << BITS) - 1;

  @SuppressWarnings("EnumOrdinal") // No number outlives the run.
  static int of(Kind kind, int a, int b) {
    return (kind.ordinal() << (2 * BITS)) | (a << BITS) | b;
  }

  static Choice of(int choice) {
    return new Choice(KINDS[choice >> (2 * BITS)], (choice >> BITS) & MASK, choice & MASK);
  }

  /** Returns what happens, for a person. */
  String tell() {
    String one = "server " + Scenario.id(a);
    String both = "server " + Scenario.id(a) + " and server " + Scenario.id(b);
    return switch (kind) {
      case DELIVER -> "server " + Scenario.id(b) + " hears from " + one;
      case LOSE -> "what " + one + " said to server " + Scenario.id(b) + " is lost";
      case FIRE -> one + " has a timer that fires";
      case WRITE -> one + " is told that what it wrote is durable";
      case END_TASK -> one + " has ended its task";
      case START -> one + " starts";
      case CRASH -> one + " dies" + (b == 0 ? "" : " when what it wrote is durable");
      case CONNECT -> both + " are linked";
      case BREAK -> "the link breaks between " + both;
      case HAND_OFF -> one + " is told to hand off";
      case LEAVE -> one + " is told to leave";
    };
  }
}
