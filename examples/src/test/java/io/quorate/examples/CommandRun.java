package io.quorate.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What one run of a command, in this JVM, left behind. */
public record CommandRun(int exitCode, String out, String err) {

  /** Runs {@code quorate} with these arguments. */
  public static CommandRun of(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  public List<String> errLines() {
    return err.lines().toList();
  }
}
