package io.quorate.examples.simulate;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.testkit.Simulation;
import java.util.OptionalInt;

/**
 * What is simulated.
 *
 * @param algorithm the name of a provider
 * @param servers how many voters each ensemble has; empty: from one to {@link
 *     Simulation#MAX_VOTERS}, as the seed says
 * @param liveness whether a leader is awaited when the faults are over
 */
record Subject(String algorithm, OptionalInt servers, boolean liveness) {

  /** What the library itself elects with. */
  static final String DEFAULT_ALGORITHM = "fast";

  /**
   * Returns its simulation.
   *
   * @throws IllegalArgumentException if there is no such provider, or not so many voters
   */
  Simulation simulation() {
    Simulation simulation = Simulation.of(ElectionProvider.named(algorithm));
    simulation = servers.isPresent() ? simulation.voters(servers.getAsInt()) : simulation;
    return liveness ? simulation : simulation.withoutLiveness();
  }

  /** Returns the command that plays a seed of it again. */
  String replay(long seed) {
    String voters = servers.isPresent() ? " --servers " + servers.getAsInt() : "";
    return "quorate simulate --replay " + seed + voters + options();
  }

  /** Returns the command that plays a script of it again. */
  String playScript() {
    return "quorate simulate --script FILE" + options();
  }

  private String options() {
    String name = algorithm.equals(DEFAULT_ALGORITHM) ? "" : " --algorithm " + algorithm;
    return name + (liveness ? "" : " --without-liveness");
  }
}
