package io.quorate.election.engine;

/** The name of a timer: two owners, so that their names cannot meet. */
public sealed interface Timer {

  /**
   * One that the algorithm has set.
   *
   * @param name its name there
   */
  record OfAlgorithm(String name) implements Timer {}

  /** One that the engine has set. */
  enum OfEngine implements Timer {
    /** A new algorithm takes the place of a failed one. */
    RESTART,
    /** The present algorithm has done well for a while: earlier failures are forgotten. */
    STABLE,
    /** The position could not be told; it is asked again. */
    POSITION,
    /** Warnings that were held back are told again. */
    WARNINGS,
    /** A nominee says its proposal again, or may begin to. */
    PROPOSE,
    /** A nominee has not become leader in time. */
    NOMINATION,
    /** A leader renews its lease. */
    HEARTBEAT,
    /** The lease has run out. */
    LEASE,
    /** What binds us as a voter has run out. */
    BOUND,
    /** The leader has been silent for too long. */
    SUSPECT,
    /** Whom the algorithm nominated has not become leader in time. */
    UNCONFIRMED,
    /** The successor that was named has not become leader in time. */
    SUCCESSION,
    /** The time after a hand-off in which we do not stand is over. */
    COOLDOWN,
    /** Time to look whether a better leader is there. */
    PREFERENCE
  }
}
