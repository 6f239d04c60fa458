package io.quorate.election.driver;

/** The name of a timer: two owners, so that their names cannot meet. */
sealed interface Timer {

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
    WARNINGS
  }
}
