package io.quorate.examples.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import io.quorate.examples.CommandRun;
import io.quorate.examples.bully.BullyProvider;
import io.quorate.testkit.Simulation;
import io.quorate.testkit.Violation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class SimulateCommandTest {

  /** Three servers whose leader is killed, and who are all well at the end. */
  private static final String SCRIPT =
      """
      # for a person
      seed 7
      algorithm GIVEN
      voters 3
      priorities 1=1 2=1 3=1
      timings 1000 150 1200 ms, drift 0.01
      at 3000000 us CRASH of leader with 1 for 500000 us, seed 1
      at 6000000 us well 1 2 3, the rest GONE
      """;

  @TempDir private Path directory;

  private Path script(String text) throws IOException {
    return Files.writeString(directory.resolve("script.txt"), text);
  }

  private static String hash(CommandRun run) {
    String last = run.out().lines().toList().getLast();
    assertTrue(last.startsWith("hash "), last);
    return last;
  }

  private static void requireObjects(String text) throws IOException {
    for (String line : text.lines().toList()) {
      assertTrue(line.startsWith("{") && line.endsWith("}"), line);
      try (var parser = new JsonFactory().createParser(line)) {
        while (parser.nextToken() != null) {
          parser.getText();
        }
      }
    }
  }

  @Test
  void seedsEndInATable() {
    var run = CommandRun.of("simulate", "--seeds=3", "--from=5", "--servers=3");
    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertTrue(run.out().startsWith("fast: 3 seeds from 5"), run.out());
    for (String name : List.of("loss ", "oneWaySplit ", "elections ", "terms ", "longest time")) {
      assertTrue(run.out().contains(name), name + " in " + run.out());
    }
    assertTrue(run.out().lines().toList().getLast().matches("violations +0"), run.out());
    assertTrue(run.out().lines().allMatch(line -> line.length() <= 80), run.out());
    assertEquals("", run.err());
  }

  @Test
  void seedsEndInOneObject() throws Exception {
    var run = CommandRun.of("simulate", "--seeds=2", "--algorithm=bully", "--json");
    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertEquals(1, run.out().lines().count());
    requireObjects(run.out());
    assertTrue(run.out().startsWith("{\"algorithm\":\"bully\",\"from\":1,\"seeds\":2,\"runs\":2,"));
    assertTrue(run.out().contains("\"crashDuringWrite\":"), run.out());
    assertTrue(run.out().endsWith("\"violations\":0,\"violation\":null}\n"), run.out());
  }

  @Test
  void aSeedIsTheSameEachTimeItIsReplayed() throws Exception {
    var run = CommandRun.of("simulate", "--replay=3");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("GRANT"), run.out());
    String hash = hash(run);
    assertEquals(hash, hash(CommandRun.of("simulate", "--replay=3")));

    var json = CommandRun.of("simulate", "--replay=3", "--json");
    assertEquals(0, json.exitCode(), json.err());
    requireObjects(json.out());
    String last = json.out().lines().toList().getLast();
    assertTrue(last.endsWith("\"hash\":\"" + hash.substring("hash ".length()) + "\"}"), last);
  }

  @Test
  void aScriptIsPlayed() throws Exception {
    Path file = script(SCRIPT);
    var run = CommandRun.of("simulate", "--script=" + file);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("CRASH"), run.out());
    assertEquals(hash(run), hash(CommandRun.of("simulate", "--script=" + file)));
  }

  @Test
  void aScriptThatBreaksAPropertyEndsWithExitCode1() throws Exception {
    Path file = script(ProvidersTest.LARGEST_REACHES_TOO_FEW);
    var run = CommandRun.of("simulate", "--algorithm=bully", "--script=" + file);
    assertEquals(1, run.exitCode(), run.err());
    assertTrue(run.out().contains("L1 (a quorum finds a leader) is broken: none"), run.out());

    var json = CommandRun.of("simulate", "--algorithm=bully", "--json", "--script=" + file);
    assertEquals(1, json.exitCode(), json.err());
    requireObjects(json.out());
    assertTrue(json.out().contains("\"property\":\"L1 (a quorum finds a leader)\""), json.out());

    var claimed =
        CommandRun.of("simulate", "--algorithm=bully", "--without-liveness", "--script=" + file);
    assertEquals(0, claimed.exitCode(), claimed.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "seed 7\n", "at 3 us LOVE of 1 with 2 for 3 us, seed 4\n"})
  void whatIsNoScriptCostsOneLineAndExitCode2(String text) throws Exception {
    var run = CommandRun.of("simulate", "--script=" + script(text));
    assertEquals(2, run.exitCode());
    assertEquals("", run.out());
    assertEquals(1, run.errLines().size(), run.err());
  }

  @Test
  void aViolationIsToldWithItsScriptAndTheCommandsThatRepeatIt() throws Exception {
    var subject = new Subject("bully", OptionalInt.of(3), false);
    var violation = new Violation("S0 (a name)", "why", 17, "seed 17\nalgorithm GIVEN\n", "ab-1");
    var finding = new Finding(violation, subject.replay(17), "cd-2", subject.playScript());
    var seeds = new Campaign.Seeds(1, 20);
    var bad = Simulation.of(new BullyProvider()).voters(1).runAll(1, 1, _ -> {});
    var result = new Campaign.Result(bad, Optional.of(violation), false);

    var text = new StringWriter();
    new TableReport(new PrintWriter(text)).write(subject, seeds, result, Optional.of(finding));
    String table = text.toString();
    assertTrue(table.startsWith("bully: 1 of 20 seeds from 1\n"), table);
    assertTrue(table.contains("S0 (a name) is broken by seed 17:\nwhy\n"), table);
    assertTrue(table.contains("\nseed 17\nalgorithm GIVEN\n\n"), table);
    assertTrue(
        table.contains(
            "quorate simulate --replay 17 --servers 3 --algorithm bully --without-liveness"),
        table);
    assertTrue(table.contains("hash ab-1") && table.contains("hash cd-2"), table);

    var json = new StringWriter();
    new JsonReport(new PrintWriter(json)).write(subject, seeds, result, Optional.of(finding));
    requireObjects(json.toString());
    assertTrue(json.toString().contains("\"seed\":17,\"property\":\"S0 (a name)\""));
  }
}
