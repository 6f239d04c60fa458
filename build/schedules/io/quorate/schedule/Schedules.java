package io.quorate.schedule;

import java.util.Set;
import java.util.TreeSet;

/**
 * Runs a scenario in many schedules, one per seed. A failure names the seed and the property that
 * runs it alone.
 *
 * <p>System properties: {@code schedules}, how many; {@code schedules.seed}, this one only.
 */
public final class Schedules {

  /** Schedules of one scenario, unless a property says otherwise. */
  private static final int USUAL = 500;

  /** Schedules that are run twice, to see that a seed gives the same one. */
  private static final int TWICE = 20;

  private final Class<? extends Scenario> scenario;
  private final ClassLoader loader;

  private Schedules(Class<? extends Scenario> scenario, ClassLoader loader) {
    this.scenario = scenario;
    this.loader = loader;
  }

  /**
   * What happens in one schedule, and what must hold of it. Has a constructor without arguments.
   */
  @FunctionalInterface
  public interface Scenario {
    /**
     * Forks threads and checks what they find. Runs on a thread of the schedule itself.
     *
     * @param world the schedule
     * @throws Exception if the property does not hold
     */
    void run(World world) throws Exception;
  }

  /**
   * Prepares a scenario.
   *
   * @param scenario its class
   * @param underTest classes whose every step may be the last before another thread's turn
   * @return to be run
   */
  public static Schedules of(Class<? extends Scenario> scenario, Class<?>... underTest) {
    var names = new TreeSet<String>();
    for (Class<?> each : underTest) {
      names.add(each.getName());
    }
    return new Schedules(scenario, new PointsLoader(scenario.getClassLoader(), Set.copyOf(names)));
  }

  /** Runs it in as many schedules as the properties say. */
  public void run() {
    runSome(1);
  }

  /**
   * Runs it in fewer schedules, because each of them is long.
   *
   * @param fraction one in so many
   */
  public void runSome(int fraction) {
    Long only = Long.getLong("schedules.seed");
    if (only != null) {
      run(only);
      return;
    }
    int seeds = Integer.getInteger("schedules", USUAL) / fraction;
    for (long seed = 0; seed < seeds; seed++) {
      long trace = run(seed);
      if (seed < TWICE && run(seed) != trace) {
        throw new AssertionError("seed " + seed + " does not give the same schedule again");
      }
    }
  }

  private long run(long seed) {
    try {
      return new World(seed).run(world -> instance().run(world));
    } catch (Throwable failure) {
      throw new AssertionError(
          "%s, seed %d: %s. To run it alone: -Dschedules.seed=%d"
              .formatted(scenario.getSimpleName(), seed, failure.getMessage(), seed),
          failure);
    }
  }

  private Scenario instance() throws ReflectiveOperationException {
    var constructor = loader.loadClass(scenario.getName()).getDeclaredConstructor();
    constructor.setAccessible(true);
    return (Scenario) constructor.newInstance();
  }
}
