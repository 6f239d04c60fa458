package io.quorate.examples.demo;

import io.quorate.examples.cli.Terminal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quorate demo}: reads the arguments and tells the story. */
@Command(
    name = "demo",
    description =
        "Runs some servers in this process, kills their leader, lets one hand off, cuts one off,"
            + " and shows who leads with which token.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "It watches meanwhile that never two lead at once, and that the tokens grow.",
      "Exit codes: 0 when it went well, 1 when not, 2 for wrong arguments."
    })
public final class DemoCommand implements Callable<Integer> {

  /** With fewer there is no quorum after the leader is gone. */
  static final int FEWEST_SERVERS = 3;

  /** More do not fit on a line. */
  static final int MOST_SERVERS = 15;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--servers",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many, " + FEWEST_SERVERS + " to " + MOST_SERVERS + "; 5 by default.")
  private int servers = 5;

  /** For picocli. */
  public DemoCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (servers < FEWEST_SERVERS || servers > MOST_SERVERS) {
      throw new ParameterException(
          spec.commandLine(),
          "--servers: " + servers + " is not within " + FEWEST_SERVERS + ".." + MOST_SERVERS);
    }
    Ansi ansi = Terminal.isThere() ? Ansi.AUTO : Ansi.OFF;
    try (var demo = new Demo(spec.commandLine().getOut(), ansi, servers)) {
      demo.run();
      return CommandLine.ExitCode.OK;
    } catch (Demo.FailedException e) {
      spec.commandLine().getErr().println(spec.qualifiedName() + ": " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
