package io.quorate.examples.failover;

import io.quorate.examples.Loopback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The servers 1 to n of one ensemble as processes, each with a directory of its own that outlives
 * them. Closing it kills what runs and deletes the directories. Belongs to one thread.
 */
final class Servers implements AutoCloseable {

  /** How long a server may take for anything: a guard against waiting for ever. */
  static final Duration LIMIT = Duration.ofSeconds(NodeProcess.LIMIT_SECONDS);

  /** How often a leader says that it is valid. */
  private static final String REPORT_VALIDITY = "5ms";

  private final Path launcher;
  private final List<String> options;
  private final Path directory;
  private final String members;
  private final List<Long> ids;
  private final History history = new History();
  private final Map<Long, NodeProcess> running = new TreeMap<>();
  private int lives;

  /**
   * Prepares them; none runs yet.
   *
   * @param launcher the packaged command
   * @param parent where their directories go: a real disk, if writing is to cost something
   * @param options of all servers
   */
  Servers(Path launcher, Path parent, int count, List<String> options) throws IOException {
    this.launcher = launcher.toAbsolutePath();
    this.options = List.copyOf(options);
    this.members = Loopback.members(Loopback.lastingPorts(count));
    this.ids = LongStream.rangeClosed(1, count).boxed().toList();
    Files.createDirectories(parent);
    this.directory = Files.createTempDirectory(parent, "servers");
  }

  History history() {
    return history;
  }

  List<Long> ids() {
    return ids;
  }

  /** Starts a server that does not run. */
  void start(long id) throws IOException {
    if (running.containsKey(id)) {
      throw new IllegalStateException("server " + id + " runs");
    }
    var command = new ArrayList<String>();
    command.add(launcher.toString());
    command.add("node");
    command.add("--id=" + id);
    command.add("--members=" + members);
    command.add("--data=" + directory.resolve("data-" + id));
    command.add("--json");
    command.add("--report-validity=" + REPORT_VALIDITY);
    command.addAll(options);
    lives++;
    Path log = directory.resolve("log-" + id);
    running.put(id, new NodeProcess(lives, command, log, history));
  }

  /** Starts all that do not run. */
  void startAll() throws IOException {
    for (long id : ids) {
      if (!running.containsKey(id)) {
        start(id);
      }
    }
  }

  NodeProcess process(long id) {
    return Optional.ofNullable(running.get(id))
        .orElseThrow(() -> new IllegalStateException("server " + id + " does not run"));
  }

  /** Waits for the end of a process that was told to end. */
  int awaitExit(long id) throws InterruptedException {
    int exitCode = process(id).awaitExit();
    running.remove(id);
    return exitCode;
  }

  /** Kills all that run, as nearly at once as one thread can, in this order. */
  void killAll(List<Long> order) throws InterruptedException {
    List<Long> those = order.stream().filter(running::containsKey).toList();
    those.forEach(id -> process(id).kill());
    for (long id : those) {
      awaitExit(id);
    }
  }

  /** Returns how many processes were started. */
  int lives() {
    return lives;
  }

  /** Waits until all that run know the same confirmed leader. */
  Told.Knows awaitAgreement(Duration limit) throws InterruptedException {
    return history.awaitAgreement(running.values().stream().map(NodeProcess::life).toList(), limit);
  }

  @Override
  public void close() {
    running.values().forEach(NodeProcess::close);
    running.clear();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      history.complain("the directories stay: " + e);
    }
  }
}
