package io.quorate.examples;

import io.quorate.examples.cli.OneLine;
import io.quorate.examples.demo.DemoCommand;
import io.quorate.examples.node.NodeCommand;
import io.quorate.examples.probe.ProbeCommand;
import io.quorate.examples.simulate.SimulateCommand;
import io.quorate.examples.singleton.SingletonCommand;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code quorate} command. Wrong arguments cost one line on standard error and exit code 2. */
@Command(
    name = "quorate",
    description = "Leader election over plain sockets, beside ZooKeeper's servers or without.",
    subcommands = {
      DemoCommand.class,
      NodeCommand.class,
      ProbeCommand.class,
      SimulateCommand.class,
      SingletonCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Exit codes: 0 as wished, 1 not so, 2 wrong arguments.",
      "QUORATE_JAVA_OPTS is handed to the JVM."
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line with standard output and standard error as they are, and one-line errors. */
  static CommandLine commandLine() {
    var commandLine = new CommandLine(new Main());
    commandLine.setExpandAtFiles(false);
    commandLine.setOut(writer(FileDescriptor.out));
    commandLine.setErr(writer(FileDescriptor.err));
    commandLine.setParameterExceptionHandler((wrong, _) -> wrongArguments(wrong));
    commandLine.setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
    return commandLine;
  }

  /** Not {@code System.out}, which would keep to itself that the reader has gone. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    var stream = new FileOutputStream(descriptor);
    return new PrintWriter(
        new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)), true);
  }

  private static int wrongArguments(ParameterException wrong) {
    return complain(
        wrong.getCommandLine(), String.valueOf(wrong.getMessage()), CommandLine.ExitCode.USAGE);
  }

  private static int failed(Exception failure, CommandLine command) {
    return complain(command, failure.toString(), CommandLine.ExitCode.SOFTWARE);
  }

  private static int complain(CommandLine command, String message, int exitCode) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + OneLine.of(message));
    return exitCode;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which command? demo, node, probe, simulate or singleton; --help tells more");
  }

  /** The version of this module. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "quorate "
            + Main.class
                .getModule()
                .getDescriptor()
                .rawVersion()
                .orElse("(built without a version)")
      };
    }
  }
}
