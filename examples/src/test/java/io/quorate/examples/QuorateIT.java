package io.quorate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ports.Loopback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
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
  private static final Pattern LED =
      Pattern.compile(
          "\"event\":\"(?:leading|following)\",\"leader\":(\\d+),\"epoch\":(\\d+),\"confirmed\":true");
  private static final Pattern EPOCH = Pattern.compile("\"epoch\":(\\d+)");

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
  void theLateWriteOfAStoppedLeaderIsRefused() throws Exception {
    try (var singleton = run("singleton")) {
      assertEquals(0, singleton.awaitExit(), () -> singleton.lines().toString());
      assertTrue(
          singleton.lines().stream().anyMatch(line -> line.contains(" is refused: epoch ")),
          singleton.lines().toString());
    }
  }

  @Test
  void threeNodesElectAreProbedAndEndBySignals() throws Exception {
    List<Integer> ports = Loopback.freePorts(3);
    String members = Loopback.members(ports);
    try (var one = node(1, members, "--election-only");
        var two = node(2, members, "--election-only");
        var three = node(3, members, "--election-only")) {
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
    }
  }

  /** Whom a node says to lead, confirmed. */
  private record Led(int leader, long epoch) {}

  private static Led led(String line) {
    var matcher = LED.matcher(line);
    return matcher.find()
        ? new Led(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)))
        : new Led(0, 0);
  }

  /** A node with a data directory of its own. */
  private RunningCommand promising(int id, String members) throws IOException {
    return node(id, members, "--data=data " + id, "--report-validity=5ms");
  }

  private static long epoch(RunningCommand node, String event) throws InterruptedException {
    var matcher = EPOCH.matcher(node.await(line -> line.contains("\"event\":\"" + event + "\"")));
    assertTrue(matcher.find());
    return Long.parseLong(matcher.group(1));
  }

  /** Ends the leader of three again and again; each new one has a larger epoch. */
  @ParameterizedTest
  @ValueSource(strings = {"KILL", "TERM"})
  void theNextLeaderHasALargerEpochHoweverTheLastOneEnded(String signal) throws Exception {
    String members = Loopback.members(Loopback.freePorts(3));
    var nodes = new TreeMap<Integer, RunningCommand>();
    try {
      for (int id = 1; id <= 3; id++) {
        nodes.put(id, promising(id, members));
      }
      var last = new Led(0, 0);
      for (int round = 0; round < 3; round++) {
        var next = last;
        for (RunningCommand node : nodes.values()) {
          long before = last.epoch();
          Led led = led(node.await(line -> led(line).epoch() > before));
          next = led.epoch() > next.epoch() ? led : next;
        }
        last = next;
        var ended = Objects.requireNonNull(nodes.get(last.leader()));
        assertEquals(last.epoch(), epoch(ended, "valid"));
        ended.signal(signal);
        int exitCode = ended.awaitExit();
        if (signal.equals("TERM")) {
          assertEquals(0, exitCode);
          assertEquals(last.epoch(), epoch(ended, "revoked"));
        }
        nodes.put(last.leader(), promising(last.leader(), members));
      }
    } finally {
      nodes.values().forEach(RunningCommand::close);
    }
  }

  @Test
  void aDataDirectoryBelongsToOneProcess() throws Exception {
    String members = Loopback.members(Loopback.freePorts(1));
    try (var first = promising(1, members)) {
      epoch(first, "granted");
      try (var second = promising(1, members)) {
        assertEquals(1, second.awaitExit());
        assertEquals(List.of(), second.lines());
      }
      first.signal("TERM");
      assertEndsCleanly(first);
    }
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
    try (var one = promising(1, members)) {
      one.await(line -> line.contains("\"event\":\"listening\""));
      one.closeOutput();
      try (var _ = promising(2, members)) {
        assertEquals(0, one.awaitExit());
      }
    }
  }

  @Test
  void theLargestBullyLeads() throws Exception {
    String members = Loopback.members(Loopback.freePorts(3));
    try (var one = node(1, members, "--algorithm=bully", "--store=memory");
        var two = node(2, members, "--algorithm=bully", "--store=memory");
        var three = node(3, members, "--algorithm=bully", "--store=memory")) {
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
