package io.quorate.faults.ensemble;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One life of a server: a process of {@code quorate node}, known by its own handle only. Signals go
 * to it alone; closing it kills it, also while it is stopped.
 */
public final class NodeProcess implements AutoCloseable {

  public static final int LIMIT_SECONDS = 30;

  private final int life;
  private final long startedAt;
  private final Process process;
  private final CompletableFuture<Void> reader;
  private volatile Optional<Long> listeningSince = Optional.empty();

  /** Starts it; where its standard error goes is said already. */
  NodeProcess(int life, ProcessBuilder builder, History history) throws IOException {
    this.life = life;
    this.startedAt = System.nanoTime();
    this.process = builder.start();
    process.getOutputStream().close();
    this.reader =
        CompletableFuture.runAsync(
            () -> read(history), task -> Thread.ofPlatform().daemon().start(task));
  }

  private void read(History history) {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        take(line, history);
      }
    } catch (IOException | UncheckedIOException _) {
      // It ended.
    }
  }

  private void take(String line, History history) {
    if (!line.endsWith("}")) {
      return; // Killed in the middle of a line.
    }
    try {
      Told told = Told.parse(life, line);
      if (told.what() instanceof Told.Listening) {
        listeningSince = Optional.of(told.nanos());
      }
      history.add(told, startedAt);
    } catch (IllegalArgumentException e) {
      history.complain("life " + life + " told what nobody can read: " + e.getMessage());
    }
  }

  public int life() {
    return life;
  }

  /** Returns its process id. */
  public long pid() {
    return process.pid();
  }

  /** Returns when it began to listen; empty before. */
  public Optional<Long> listeningSince() {
    return listeningSince;
  }

  /**
   * SIGTERM, sent by this thread without another process: it is measured from here. Not by the
   * process itself, which would close the pipe in which its last words come.
   */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** SIGKILL, likewise. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** SIGSTOP. */
  public void stop() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int exitCode =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (exitCode != 0) {
      throw new IOException("kill ended with " + exitCode);
    }
  }

  /** Waits for the end, and until everything that was told is in the history. */
  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new History.Missing("the process of life " + life + " does not end");
    }
    reader.join();
    return process.exitValue();
  }

  /** Kills it. SIGKILL ends a stopped process, too. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    reader.join();
  }
}
