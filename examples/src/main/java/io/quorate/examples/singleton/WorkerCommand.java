package io.quorate.examples.singleton;

import io.quorate.election.LeaderElectionConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quorate singleton worker}: one of the three processes. */
@Command(
    name = "worker",
    description = "One of the processes, started by the others' parent. Ends with its input.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--id", required = true, paramLabel = "N", description = "Who it is.")
  private String id = "";

  @Option(
      names = "--members",
      required = true,
      paramLabel = "ID=HOST:PORT,...",
      description = "All of them.")
  private String members = "";

  @Option(
      names = "--directory",
      required = true,
      paramLabel = "DIR",
      description = "Of the store, which they share, and of what each keeps for itself.")
  private Path directory = Path.of("");

  WorkerCommand() {}

  @Override
  public Integer call() throws IOException {
    LeaderElectionConfig config;
    try {
      config =
          LeaderElectionConfig.fromOptions(
                  Map.of("id", id, "members", members, "data", directory.resolve(id).toString()))
              .build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    new Worker(new Store(directory), spec.commandLine().getOut()).run(config, in);
    return CommandLine.ExitCode.OK;
  }
}
