package io.quorate.testkit.bugs;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Simulation;
import io.quorate.testkit.Violation;
import java.util.List;
import java.util.Optional;

/** What runs in the class loader of a planted bug. Only types of the JDK go in and out. */
public final class Judge {
  private static final String PROVIDER = "io.quorate.election.core.FastElectionProvider";

  private Judge() {}

  /**
   * Runs seeds from 0 on until one goes wrong, and then plays its script twice.
   *
   * @param count how many at most
   * @param script what happens in each of them, without the seed; empty: the seed decides that too
   * @return the property, the seed, the detail, the script and the three hashes; or nothing
   * @throws ReflectiveOperationException if there is no provider
   */
  public static List<String> judge(long count, String script) throws ReflectiveOperationException {
    Simulation simulation =
        Simulation.of(
            FastRules.checked(
                Class.forName(PROVIDER)
                    .asSubclass(ElectionProvider.class)
                    .getConstructor()
                    .newInstance()));
    for (long seed = 0; seed < count; seed++) {
      Outcome outcome =
          script.isEmpty() ? simulation.run(seed) : simulation.play("seed " + seed + "\n" + script);
      Optional<Violation> violation = outcome.violation();
      if (violation.isPresent()) {
        Violation it = violation.get();
        Outcome first = simulation.play(it.script());
        Outcome second = simulation.play(it.script());
        return List.of(
            named(it),
            Long.toString(seed),
            it.detail(),
            it.script(),
            it.hash(),
            first.hash(),
            second.hash());
      }
    }
    return List.of();
  }

  /** A rule that is broken is what an algorithm throws. */
  private static String named(Violation violation) {
    int at = violation.detail().indexOf("rule: ");
    if (at < 0) {
      return violation.property();
    }
    String rule = violation.detail().substring(at);
    return rule.substring(0, rule.indexOf(": ", "rule: ".length()));
  }
}
