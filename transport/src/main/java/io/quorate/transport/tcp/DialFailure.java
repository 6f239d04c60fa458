package io.quorate.transport.tcp;

/**
 * Why a dial failed.
 *
 * @param kind what sort of failure; of several addresses, that of the first kind in order
 * @param detail one line for a person
 */
record DialFailure(Kind kind, String detail) {

  /** The sorts that a person or an election tells apart, the most telling first. */
  enum Kind {
    /** The host is there and nobody listens. */
    REFUSED,
    /** Nothing answered in time. */
    TIMED_OUT,
    /** The name has no address, or the look-up took too long. */
    UNRESOLVED,
    /** Anything else. */
    FAILED
  }
}
