package io.quorate.faults.ensemble;

import io.quorate.ports.Loopback;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The servers 1 to n of one ensemble as processes, each with a directory of its own that outlives
 * them. Closing it kills what runs and deletes the directories. Belongs to one thread.
 */
public final class Servers implements AutoCloseable {

  /** How long a server may take for anything: a guard against waiting for ever. */
  public static final Duration LIMIT = Duration.ofSeconds(NodeProcess.LIMIT_SECONDS);

  /** How often a leader says that it is valid. */
  private static final String REPORT_VALIDITY = "5ms";

  private final Path launcher;
  private final UnaryOperator<Start> surroundings;
  private final Path directory;
  private final String members;
  private final List<Long> ids;
  private final History history = new History();
  private final Map<Long, NodeProcess> running = new TreeMap<>();
  private int lives;

  /**
   * Prepares them on ports of the loopback address; none runs yet.
   *
   * @param launcher the packaged command
   * @param parent where their directories go: a real disk, if writing is to cost something
   * @param options of all servers
   */
  public Servers(Path launcher, Path parent, int count, List<String> options) throws IOException {
    this(
        launcher,
        parent,
        Loopback.members(Loopback.lastingPorts(count)),
        start -> start.with(options));
  }

  /**
   * Prepares them; none runs yet.
   *
   * @param launcher the packaged command
   * @param parent where their directories go
   * @param members as the option of this name, with the ids from 1 up
   * @param surroundings what is special about a start; asked at each
   */
  public Servers(Path launcher, Path parent, String members, UnaryOperator<Start> surroundings)
      throws IOException {
    this.launcher = launcher.toAbsolutePath();
    this.surroundings = surroundings;
    this.members = members;
    this.ids = LongStream.rangeClosed(1, members.split(",").length).boxed().toList();
    Files.createDirectories(parent);
    this.directory = Files.createTempDirectory(parent, "servers");
  }

  public History history() {
    return history;
  }

  public List<Long> ids() {
    return ids;
  }

  /** Starts a server that does not run. */
  public void start(long id) throws IOException {
    if (running.containsKey(id)) {
      throw new IllegalStateException("server " + id + " runs");
    }
    Start start = surroundings.apply(Start.of(id, directory.resolve("data-" + id)));
    var command = new ArrayList<>(start.prefix());
    command.add(launcher.toString());
    command.add("node");
    command.add("--id=" + id);
    command.add("--members=" + members);
    command.add("--data=" + start.data());
    command.add("--json");
    command.add("--report-validity=" + REPORT_VALIDITY);
    command.addAll(start.options());
    lives++;
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(start.environment());
    builder.redirectError(Redirect.appendTo(log(id).toFile()));
    running.put(id, new NodeProcess(lives, builder, history));
  }

  /** Returns the file that gets the standard error of all lives of a server. */
  public Path log(long id) {
    return directory.resolve("log-" + id);
  }

  /** Starts all that do not run. */
  public void startAll() throws IOException {
    for (long id : ids) {
      if (!running.containsKey(id)) {
        start(id);
      }
    }
  }

  /** Returns whether a server was started and its end was not waited for. */
  public boolean runs(long id) {
    return running.containsKey(id);
  }

  public NodeProcess process(long id) {
    return Optional.ofNullable(running.get(id))
        .orElseThrow(() -> new IllegalStateException("server " + id + " does not run"));
  }

  /** Waits for the end of a process that was told to end. */
  public int awaitExit(long id) throws InterruptedException {
    int exitCode = process(id).awaitExit();
    running.remove(id);
    return exitCode;
  }

  /** Kills all that run, as nearly at once as one thread can, in this order. */
  public void killAll(List<Long> order) throws InterruptedException {
    List<Long> those = order.stream().filter(running::containsKey).toList();
    those.forEach(id -> process(id).kill());
    for (long id : those) {
      awaitExit(id);
    }
  }

  /** Returns how many processes were started. */
  public int lives() {
    return lives;
  }

  /** Waits until all that run know the same confirmed leader. */
  public Told.Knows awaitAgreement(Duration limit) throws InterruptedException {
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
