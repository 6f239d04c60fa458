package io.quorate.faults.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Processes and disks that fail for minutes. {@code -Dchaos.seconds=N} lets it last longer, {@code
 * -Dchaos.seed=N} repeats the choices of a run.
 */
@Tag("faults")
final class ChaosIT {

  private static final Path IMAGE = Path.of(property("quorate.image"));
  private static final Path DIRECTORY = IMAGE.resolveSibling("chaos");
  private static final long SECONDS = Long.parseLong(property("chaos.seconds"));

  /** One hung in 2,995 s, of 1,887. */
  private static final int LIVES_A_HANGING_ONE = 500;

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }

  @BeforeAll
  static void theMachineHasAllThatIsNeeded() throws IOException {
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      System.out.println("NOT RUN, processes and disks that fail: there is no " + missing);
    }
    assumeTrue(missing.isEmpty(), () -> "there is no " + missing);
  }

  @Test
  void clocksThatAreFurtherApartThanPromisedAreFound() throws Exception {
    List<String> found = Chaos.beyondTheDrift(IMAGE, DIRECTORY);
    assertTrue(
        found.stream().anyMatch(violation -> violation.contains("was valid for")),
        () -> "no overlap was seen where one must be: " + found);
  }

  @Test
  void whateverBefallsProcessesAndDisksOneLeaderAtATimeWritesAndALeaderReturns() throws Exception {
    long seed = Long.getLong("chaos.seed", new Random().nextLong());
    String replay = "-Dchaos.seconds=" + SECONDS + " -Dchaos.seed=" + seed;
    System.out.println("chaos of processes: " + replay);
    Report report = Chaos.run(IMAGE, DIRECTORY, new Chaos.Plan(Duration.ofSeconds(SECONDS), seed));
    System.out.println(report);
    assertEquals("", String.join("\n", report.violations()), replay);
    report
        .counts()
        .forEach((fault, count) -> assertTrue(count > 0, () -> fault.title() + " never came"));
    // The libraries that are loaded before a JVM may make one in many hang as it starts.
    assertTrue(report.hanging().size() <= 1 + report.lives() / LIVES_A_HANGING_ONE, replay);
    assertTrue(report.terms().granted() > 0, replay);
    assertTrue(report.ledger().accepted() > 0, replay);
    assertTrue(!report.ledger().refusals().isEmpty(), "no late write was refused: " + replay);
    assertTrue(report.clocks().lives() > 0, replay);
  }

  /** Returns what this machine has not that is needed, with the Debian packages' names. */
  private static List<String> missing() throws IOException {
    var missing = new ArrayList<>(Surroundings.missing());
    missing.addAll(Tool.missing("mount", "umount", "taskset", "nice", "kill", "fiu-ctrl"));
    if (!Tool.run("id", "-u").strip().equals("0")) {
      missing.add("root, who may mount");
    }
    return missing;
  }
}
