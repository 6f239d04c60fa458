package io.quorate.faults.host;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of the operating system that does one thing and ends. */
final class Command {

  /** A guard against waiting for ever: each of them takes milliseconds. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Command() {}

  /**
   * Runs it.
   *
   * @return what it said
   * @throws IOException if there is no such command, or it ends with another code than 0; with what
   *     it said
   */
  static String run(String... words) throws IOException, InterruptedException {
    return feed("", words);
  }

  /** Runs it with an input. */
  static String feed(String input, String... words) throws IOException, InterruptedException {
    Path said = Files.createTempFile("command", ".out");
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(said.toFile()))
              .start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IOException("not done in " + LIMIT + ": " + List.of(words));
      }
      String text = Files.readString(said);
      if (process.exitValue() != 0) {
        throw new IOException(List.of(words) + " ended with " + process.exitValue() + ": " + text);
      }
      return text;
    } finally {
      Files.delete(said);
    }
  }
}
