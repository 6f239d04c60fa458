package io.quorate.examples.singleton;

import io.quorate.protocol.ServerId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A process that runs {@code quorate singleton worker}. It ends with its input, so also when this
 * process does. Belongs to one thread.
 */
final class Child implements AutoCloseable {
  /** By its name, because it knows this package already. */
  private static final String MAIN = "io.quorate.examples.Main";

  /** How long a child may take to end by itself. */
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  private final ServerId id;
  private final Process process;
  private final Writer in;

  /**
   * Starts it.
   *
   * @param arguments for {@code quorate}
   * @param reports where all that it tells goes, on a thread of its own
   * @throws IOException if it cannot be started
   */
  Child(ServerId id, List<String> arguments, BiConsumer<ServerId, Report> reports)
      throws IOException {
    this.id = id;
    var command = new ArrayList<>(quorate());
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    in = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().name("singleton-" + id).start(() -> read(reports));
  }

  /** How this process was started: by the launcher of an image, or from jars or classes. */
  private static List<String> quorate() {
    Path bin = Path.of(System.getProperty("java.home"), "bin");
    Path launcher = bin.resolve("quorate");
    if (Files.isExecutable(launcher)) {
      return List.of(launcher.toString());
    }
    String java = bin.resolve("java").toString();
    Module module = Child.class.getModule();
    return module.isNamed()
        ? List.of(
            java,
            "-p",
            System.getProperty("jdk.module.path", ""),
            "-m",
            module.getName() + "/" + MAIN)
        : List.of(java, "-cp", System.getProperty("java.class.path"), MAIN);
  }

  ServerId id() {
    return id;
  }

  long pid() {
    return process.pid();
  }

  /** Lets the next write happen. A process that stands still finds the word when it goes on. */
  void go() throws IOException {
    in.write(Worker.GO + "\n");
    in.flush();
  }

  /**
   * Sends a signal.
   *
   * @throws IOException if that is not possible here
   */
  void signal(String name) throws IOException, InterruptedException {
    int exitCode;
    try {
      exitCode =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new IOException("there is no 'kill' to stop a process with on this machine", e);
    }
    if (exitCode != 0) {
      throw new IOException("kill -" + name + " ended with " + exitCode);
    }
  }

  /**
   * Stops it where it is, and waits until it stands still: a signal takes effect when the system
   * next runs a thread of the process, and on a busy machine that can be later.
   *
   * @throws IOException if that is not possible here
   */
  void stop() throws IOException, InterruptedException {
    signal("STOP");
    long deadline = System.nanoTime() + END_LIMIT.toNanos();
    while (!isStopped()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("process " + pid() + " does not stand still");
      }
      Thread.sleep(1);
    }
  }

  /** Asks the system for the state of the process, or of each thread where it tells that. */
  private boolean isStopped() throws IOException {
    Path threads = Path.of("/proc", Long.toString(pid()), "task");
    if (!Files.isDirectory(threads)) {
      Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", Long.toString(pid())).start();
      try (BufferedReader state = ps.inputReader(StandardCharsets.US_ASCII)) {
        return String.valueOf(state.readLine()).startsWith("T");
      }
    }
    try (Stream<Path> each = Files.list(threads)) {
      return each.allMatch(Child::isStopped);
    }
  }

  /** The state is the letter after the name, which stands in parentheses. */
  private static boolean isStopped(Path thread) {
    try {
      String line = Files.readString(thread.resolve("stat"));
      return line.startsWith(") T", line.lastIndexOf(')'));
    } catch (IOException _) {
      return false;
    }
  }

  /** Asks it to end by itself. */
  void askToEnd() {
    closeInput();
  }

  /** Waits until it has ended by itself; returns whether it did, and well. */
  boolean awaitEnd() throws InterruptedException {
    return process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
  }

  /** Ends it at once, even if it is stopped. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    closeInput();
  }

  private void closeInput() {
    try {
      in.close();
    } catch (IOException _) {
      // It has ended already.
    }
  }

  private void read(BiConsumer<ServerId, Report> reports) {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Report.parse(line).ifPresent(report -> reports.accept(id, report));
      }
    } catch (IOException | UncheckedIOException _) {
      // It has ended.
    }
  }
}
