package io.quorate.examples.simulate;

import io.quorate.testkit.Simulation;
import io.quorate.testkit.Violation;

/**
 * What went wrong, and how to see it again.
 *
 * @param violation with the short script, which {@code playScript} plays
 * @param replay the command that plays the whole run
 * @param replayHash the hash of the whole run
 * @param playScript the command that plays the short script from a file
 */
record Finding(Violation violation, String replay, String replayHash, String playScript) {

  /** Plays the whole run again for its hash. */
  static Finding of(Violation violation, Subject subject, Simulation simulation) {
    return new Finding(
        violation,
        subject.replay(violation.seed()),
        simulation.replay(violation.seed()).hash(),
        subject.playScript());
  }
}
