package io.quorate.faults.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A command of the machine that says little, run to its end. */
final class Tool {

  /** It ends what the command has started, too. */
  private static final List<String> BOUNDED = List.of("timeout", "--kill-after=1", "20");

  private Tool() {}

  /**
   * Runs it.
   *
   * @throws IOException if it fails, or takes too long
   */
  static String run(String... command) throws IOException {
    var all = new ArrayList<>(BOUNDED);
    all.addAll(List.of(command));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.onExit().join().exitValue();
    if (exitCode != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + exitCode + ": " + said.strip());
    }
    return said;
  }

  /** Returns which of these commands are not there. */
  static List<String> missing(String... names) {
    return Stream.of(names).filter(name -> !isThere(name)).toList();
  }

  private static boolean isThere(String name) {
    return Pattern.compile(":")
        .splitAsStream(System.getenv("PATH"))
        .map(directory -> Path.of(directory).resolve(name))
        .anyMatch(Files::exists);
  }
}
