package io.quorate.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process that runs the packaged command. Destroyed at the end, whatever happened. */
final class RunningCommand implements AutoCloseable {

  static final int LIMIT_SECONDS = 60;

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> reader;

  RunningCommand(Path launcher, Path directory, String... args) throws IOException {
    var command = new ArrayList<>(heedingSignals());
    command.add(launcher.toString());
    command.addAll(Arrays.asList(args));
    process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    reader = CompletableFuture.runAsync(this::read, task -> Thread.ofVirtual().start(task));
  }

  /** A build in the background ignores SIGINT or SIGHUP, and hands that down to what it starts. */
  private static List<String> heedingSignals() {
    boolean linux = System.getProperty("os.name").equals("Linux");
    return linux ? List.of("env", "--default-signal=INT,HUP") : List.of();
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        unread.add(line);
      }
    } catch (IOException | UncheckedIOException _) {
      // The test closed it.
    }
  }

  /** Returns the next line that is like this; throws if it does not come. */
  String await(Predicate<String> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      String line = unread.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError("not told in time, but " + lines);
      }
      if (wanted.test(line)) {
        return line;
      }
    }
  }

  void closeOutput() throws IOException {
    process.getInputStream().close();
  }

  /** Sends a signal to the process that was started, and to no other. */
  void signal(String name) throws IOException, InterruptedException {
    int exitCode =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (exitCode != 0) {
      throw new IOException("kill ended with " + exitCode);
    }
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running; told " + lines);
    }
    reader.join();
    return process.exitValue();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    reader.join();
  }
}
