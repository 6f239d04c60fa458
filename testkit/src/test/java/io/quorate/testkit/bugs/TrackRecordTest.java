package io.quorate.testkit.bugs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the simulator has found: each file beside this class plants a bug into the production
 * sources, of a shape that is known from the field, and the simulator finds it within its budget of
 * seeds. {@code mvn -Plong verify} runs those that take many.
 */
class TrackRecordTest {

  /** Seeds without a bug that must find nothing. */
  private static final long CLEAN_SEEDS = 150;

  private static final long MANY_CLEAN_SEEDS = 5000;

  /** Bugs that must be there. */
  private static final int LEAST = 20;

  private static final int AT_ONCE = 2;

  private static final Path ROOT =
      Path.of(System.getProperty("quorate.root", "..")).toAbsolutePath().normalize();

  private final ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
  private final Planted planted = new Planted(ROOT);

  @TempDir private Path scratch;

  @AfterEach
  void endWorkers() {
    workers.close();
  }

  @Test
  void withoutABugNothingIsFound() throws IOException, ReflectiveOperationException {
    assertEquals(List.of(), planted.judge(Bug.none(CLEAN_SEEDS), scratch));
  }

  @Test
  @Tag("long")
  void withoutABugNothingIsFoundInManySeeds() throws IOException, ReflectiveOperationException {
    assertEquals(List.of(), planted.judge(Bug.none(MANY_CLEAN_SEEDS), scratch));
  }

  @Test
  void thereAreEnoughBugs() throws IOException {
    assertTrue(bugs().size() >= LEAST, () -> "fewer than " + LEAST);
  }

  @TestFactory
  Stream<DynamicTest> isFoundWithinItsBudget() throws IOException {
    return found(bugs().stream().filter(bug -> !bug.isLong()));
  }

  @TestFactory
  @Tag("long")
  Stream<DynamicTest> isFoundWithinItsLargeBudget() throws IOException {
    return found(bugs().stream().filter(Bug::isLong));
  }

  private Stream<DynamicTest> found(Stream<Bug> bugs) {
    record Trial(Bug bug, Future<List<String>> end) {}
    List<Trial> trials =
        bugs.map(
                bug ->
                    new Trial(
                        bug, workers.submit(() -> planted.judge(bug, scratch.resolve(bug.name())))))
            .toList();
    return trials.stream()
        .map(
            trial ->
                DynamicTest.dynamicTest(
                    trial.bug().name(), () -> check(trial.bug(), trial.end().get())));
  }

  private static void check(Bug bug, List<String> found) {
    assertFalse(
        found.isEmpty(), () -> bug + " is not found in " + bug.budget() + " seeds: " + bug.what());
    String property = found.getFirst();
    String script = found.get(3);
    System.out.printf(
        "%s: seed %s of %d breaks %s with %d faults: %s%n",
        bug,
        found.get(1),
        bug.budget(),
        property,
        script.lines().filter(line -> line.startsWith("at ")).count() - 1,
        found.get(2));
    assertTrue(
        property.startsWith(bug.breaks()), () -> bug + " breaks " + property + ":\n" + script);
    assertEquals(found.get(4), found.get(5), () -> bug + " does not replay:\n" + script);
    assertEquals(found.get(5), found.get(6), () -> bug + " does not replay:\n" + script);
  }

  private static List<Bug> bugs() throws IOException {
    Path folder = ROOT.resolve("testkit/src/test/resources/io/quorate/testkit/bugs");
    try (Stream<Path> files = Files.list(folder)) {
      var bugs = new ArrayList<Bug>();
      for (Path file : files.sorted().toList()) {
        bugs.add(Bug.read(file));
      }
      return bugs;
    }
  }
}
