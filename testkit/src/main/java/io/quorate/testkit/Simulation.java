package io.quorate.testkit;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.testkit.world.Runner;
import java.util.function.Consumer;

/**
 * A simulation of whole ensembles: the production core and its codecs on one thread, in virtual
 * time, with faults, all decided by a seed. Each seed draws its ensemble, its faults and who is
 * well at the end; then a leader must stand within a bound and stay. After every step the
 * invariants of leadership are checked, which no election may break, and what the provider claims.
 *
 * <p>Immutable, and safe for use by any thread if the provider is.
 *
 * <p>Source: the method is that of deterministic simulation testing, as known from FoundationDB.
 */
public final class Simulation {

  /** The most voters that a simulated ensemble has. */
  public static final int MAX_VOTERS = 7;

  private final ElectionProvider provider;
  private final int voters;
  private final boolean bestEffort;

  private Simulation(ElectionProvider provider, int voters, boolean bestEffort) {
    this.provider = provider;
    this.voters = voters;
    this.bestEffort = bestEffort;
  }

  /**
   * Simulates ensembles of any size.
   *
   * @param provider of the algorithm that nominates
   * @return the simulation
   */
  public static Simulation of(ElectionProvider provider) {
    return new Simulation(provider, 0, false);
  }

  /**
   * Has every ensemble this many voters.
   *
   * @param count from 1 to {@link #MAX_VOTERS}
   * @return another simulation
   * @throws IllegalArgumentException if there are fewer or more
   */
  public Simulation voters(int count) {
    if (count < 1 || count > MAX_VOTERS) {
      throw new IllegalArgumentException("there are 1 to " + MAX_VOTERS + " voters, not " + count);
    }
    return new Simulation(provider, count, bestEffort);
  }

  /**
   * Claims no liveness for the provider: after the faults nothing is awaited.
   *
   * @return another simulation
   */
  public Simulation withoutLiveness() {
    return new Simulation(provider, voters, true);
  }

  /**
   * Runs one seed. If something goes wrong the run is made as short as it gets.
   *
   * @param seed which
   * @return what came of it
   */
  public Outcome run(long seed) {
    return runner().run(seed);
  }

  /**
   * Runs one seed and tells what happened.
   *
   * @param seed which
   * @return what came of it, with its story and hash
   */
  public Outcome replay(long seed) {
    return runner().replay(seed);
  }

  /**
   * Plays a script, as a {@link Violation} has one.
   *
   * @param script as text; lines that begin with {@code #} are left out
   * @return what came of it, with its story and hash
   * @throws IllegalArgumentException if it is no script
   */
  public Outcome play(String script) {
    return runner().play(script);
  }

  /**
   * Runs many seeds, until one goes wrong.
   *
   * @param from the first seed
   * @param count how many
   * @param each told of every run
   * @return the sum of all
   */
  public Report runAll(long from, long count, Consumer<? super Outcome> each) {
    Runner runner = runner();
    var report = new Report();
    for (long seed = from; seed < from + count && report.violations().isEmpty(); seed++) {
      Outcome outcome = runner.run(seed);
      report.add(outcome);
      each.accept(outcome);
    }
    return report;
  }

  private Runner runner() {
    return new Runner(provider, voters, !bestEffort);
  }
}
