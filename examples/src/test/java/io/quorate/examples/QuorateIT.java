package io.quorate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged command as processes. */
@Timeout(300)
final class QuorateIT {

  private static final Path IMAGE =
      Path.of(Objects.requireNonNull(System.getProperty("quorate.image"), "quorate.image"));
  private static final Path LAUNCHER = IMAGE.resolve("bin/quorate");
  private static final Pattern LEADER =
      Pattern.compile("\"event\":\"(?:leading|following)\",\"leader\":(\\d+),");

  @TempDir Path directory;

  private RunningCommand run(String... args) throws IOException {
    return new RunningCommand(LAUNCHER, directory, args);
  }

  private RunningCommand node(int id, String members, String... more) throws IOException {
    var args = new ArrayList<>(List.of("node", "--id=" + id, "--members=" + members, "--json"));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private static String leader(RunningCommand node) throws InterruptedException {
    var matcher = LEADER.matcher(node.await(line -> LEADER.matcher(line).find()));
    assertTrue(matcher.find());
    return matcher.group(1);
  }

  private RunningCommand probe(List<Integer> ports) throws IOException {
    var args = new ArrayList<>(List.of("probe", "--json", "--timeout=20"));
    ports.forEach(port -> args.add(Loopback.HOST + ":" + port));
    return run(args.toArray(String[]::new));
  }

  @Test
  void theDemoEndsByItself() throws Exception {
    try (var demo = run("demo")) {
      assertEquals(0, demo.awaitExit(), () -> demo.lines().toString());
      assertTrue(demo.lines().stream().noneMatch(line -> line.indexOf('\u001b') >= 0));
      assertTrue(demo.lines().contains("In short"), demo.lines().toString());
    }
  }

  @Test
  void threeNodesElectAreProbedAndEndBySignals() throws Exception {
    List<Integer> ports = Loopback.freePorts(3);
    String members = Loopback.members(ports);
    try (var one = node(1, members);
        var two = node(2, members, "--election-only", "--data=some data");
        var three = node(3, members)) {
      leader(one);
      leader(two);
      leader(three);
      awaitVerdict(ports, 0, "\"agreed\":true");

      three.signal("TERM");
      assertEndsCleanly(three);
      awaitVerdict(ports, 0, "\"agreed\":true,\"leader\":2");

      two.signal("INT");
      assertEndsCleanly(two);
      awaitVerdict(ports, 1, "\"agreed\":false,\"leader\":null");

      one.signal("HUP");
      assertEndsCleanly(one);
      assertTrue(one.lines().stream().anyMatch(line -> line.contains("\"code\":\"electionOnly\"")));
      assertTrue(
          two.lines().stream().noneMatch(line -> line.contains("\"code\":\"electionOnly\"")));
    }
    assertTrue(Files.isDirectory(directory.resolve("some data")));
  }

  private static void assertEndsCleanly(RunningCommand node) throws InterruptedException {
    assertEquals(0, node.awaitExit(), () -> node.lines().toString());
    assertTrue(node.lines().getLast().endsWith("\"event\":\"closed\"}"), node.lines().toString());
    for (String line : node.lines()) {
      assertTrue(line.startsWith("{\"at\":\"") && line.endsWith("}"), line);
    }
  }

  /** Asks until the answer is as wanted: an ensemble takes a moment. */
  private void awaitVerdict(List<Integer> ports, int exitCode, String verdict) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(RunningCommand.LIMIT_SECONDS);
    while (true) {
      try (var probe = probe(ports)) {
        int ended = probe.awaitExit();
        String last = probe.lines().getLast();
        if (ended == exitCode && last.contains(verdict)) {
          return;
        }
        assertTrue(System.nanoTime() < deadline, () -> ended + " " + probe.lines());
      }
    }
  }

  @Test
  void aNodeEndsWhenItsReaderHasGone() throws Exception {
    String members = Loopback.members(Loopback.freePorts(2));
    try (var one = node(1, members)) {
      one.await(line -> line.contains("\"event\":\"listening\""));
      one.closeOutput();
      try (var _ = node(2, members)) {
        assertEquals(0, one.awaitExit());
      }
    }
  }

  @Test
  void theLargestBullyLeads() throws Exception {
    String members = Loopback.members(Loopback.freePorts(3));
    try (var one = node(1, members, "--algorithm=bully");
        var two = node(2, members, "--algorithm=bully");
        var three = node(3, members, "--algorithm=bully")) {
      for (RunningCommand node : List.of(one, two, three)) {
        node.await(line -> line.contains("ing\",\"leader\":3,"));
      }
    }
  }

  @Test
  void itRunsFromAnywhereThroughALink() throws Exception {
    Path odd = Files.createDirectories(directory.resolve("a b"));
    Path link = Files.createSymbolicLink(odd.resolve("q"), LAUNCHER);
    Path second = Files.createSymbolicLink(odd.resolve("r"), link.getFileName());
    try (var version = new RunningCommand(second, odd, "--version")) {
      assertEquals(0, version.awaitExit());
      assertTrue(version.lines().getFirst().startsWith("quorate "));
    }
    Path image = odd.resolve("the image");
    copy(IMAGE, image);
    try (var version = new RunningCommand(image.resolve("bin/quorate"), odd, "--version")) {
      assertEquals(0, version.awaitExit());
      assertEquals(1, version.lines().size(), version.lines().toString());
    }
    // Or cleaning up would warn of links that lead out of the directory.
    Files.delete(second);
    Files.delete(link);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo --servers=1", "node --id=1", "probe nowhere"})
  void wrongArgumentsAreExitCode2(String line) throws Exception {
    try (var wrong = run(line.split(" "))) {
      assertEquals(2, wrong.awaitExit());
      assertEquals(List.of(), wrong.lines());
    }
  }
}
