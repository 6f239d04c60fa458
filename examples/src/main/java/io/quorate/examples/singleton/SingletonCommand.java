package io.quorate.examples.singleton;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code quorate singleton}: tells the story. */
@Command(
    name = "singleton",
    description =
        "Three processes write to one file, the leader alone; it is stopped in the middle of a"
            + " write for longer than its lease, and its late write is refused.",
    mixinStandardHelpOptions = true,
    subcommands = WorkerCommand.class,
    footer = {
      "",
      "Needs the signals STOP and CONT, as Linux and macOS have them.",
      "Exit codes: 0 when the late write was refused and the file is in order,",
      "1 when not, 2 for wrong arguments."
    })
public final class SingletonCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** For picocli. */
  public SingletonCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    try (var story = new Story(spec.commandLine().getOut())) {
      story.run();
      return CommandLine.ExitCode.OK;
    } catch (Story.FailedException | IOException e) {
      spec.commandLine().getErr().println(spec.qualifiedName() + ": " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
