package io.quorate.examples.singleton;

import java.util.Arrays;
import java.util.Optional;

/**
 * What one of the processes tells the others' parent, one line each. Immutable.
 *
 * @param kind what
 * @param epoch of its own term, or of the one that it follows
 * @param detail the number of a write; why it was refused, or why the term ended; whom it follows
 */
record Report(Kind kind, long epoch, String detail) {

  /** What there is to tell. */
  enum Kind {
    /** A term began. */
    LEADS,
    /** Another's term is known. */
    FOLLOWS,
    /** A write is worked out and waits for the word to go. */
    READY,
    /** It was let in. */
    WROTE,
    /** It was refused. */
    REFUSED,
    /** The term is over. */
    REVOKED
  }

  static Optional<Report> parse(String line) {
    String[] parts = line.split(" ", 3);
    try {
      return Arrays.stream(Kind.values())
          .filter(kind -> parts.length == 3 && kind.name().equals(parts[0]))
          .findFirst()
          .map(kind -> new Report(kind, Long.parseLong(parts[1]), parts[2]));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return kind + " " + epoch + " " + detail;
  }
}
