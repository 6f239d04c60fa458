package io.quorate.examples.node;

import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.examples.cli.OneLine;
import io.quorate.examples.cli.StandardErrorLog;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quorate node}: reads the arguments, and turns a signal into a clean end. */
@Command(
    name = "node",
    description = "Runs one server in the foreground until SIGTERM or Ctrl-C.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "This version elects only: no majority promises an epoch to the leader,",
      "so the events say that it is not confirmed.",
      "Exit codes: 0 after a clean end, 1 after a failure, 2 wrong arguments."
    })
public final class NodeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--" + NodeSettings.ID,
      paramLabel = "N",
      description = "Who this server is: an id among the members or observers.")
  private @Nullable String id;

  @Option(
      names = "--" + NodeSettings.MEMBERS,
      paramLabel = "ID=HOST:PORT,...",
      description =
          "The voters with their election addresses; several of one as ID=HOST:PORT|HOST:PORT.")
  private @Nullable String members;

  @Option(
      names = "--" + NodeSettings.OBSERVERS,
      paramLabel = "ID=HOST:PORT,...",
      description = "Servers that learn the leader and never vote.")
  private @Nullable String observers;

  @Option(
      names = "--" + NodeSettings.BIND,
      paramLabel = "HOST:PORT",
      description = "Where to listen, if not at the address that the others dial.")
  private @Nullable String bind;

  @Option(
      names = "--" + NodeSettings.DATA,
      paramLabel = "DIR",
      description =
          "Made if it is not there, and checked to be writable. Nothing is kept in it yet: there"
              + " is nothing durable in this version.")
  private @Nullable String data;

  @Option(
      names = "--" + NodeSettings.ALGORITHM,
      paramLabel = "NAME",
      description = "The kind of election: fast (default), bully, or one of your own.")
  private @Nullable String algorithm;

  @Option(
      names = "--" + NodeSettings.ELECTION_ONLY,
      negatable = true,
      description = "Says that you know of the missing epoch promise: no warning.")
  private @Nullable Boolean electionOnly;

  @Option(
      names = "--" + NodeSettings.JSON,
      negatable = true,
      description = "One JSON object a line on standard output; the log is on standard error.")
  private @Nullable Boolean json;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A properties file with these names as keys; the command line wins.")
  private @Nullable Path config;

  /** For picocli. */
  public NodeCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    NodeSettings settings;
    LeaderElectionConfig election;
    try {
      settings = NodeSettings.of(values());
      election = settings.toConfig();
      settings.data().ifPresent(DataDirectory::prepare);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    // Without JSON a person reads both streams, and the events are told on standard output already.
    StandardErrorLog.showInfo(
        settings.json() ? Logger.ROOT_LOGGER_NAME : LeaderElection.class.getName());
    PrintWriter out = spec.commandLine().getOut();
    EventWriter events =
        settings.json()
            ? new JsonEventWriter(out)
            : new TextEventWriter(out, ZoneId.systemDefault());
    return untilSignal(new NodeServer(settings, election, events));
  }

  /**
   * What was asked for, by the names of the options: the file's, replaced by the command line's.
   */
  Map<String, String> values() {
    var values = new HashMap<String, String>();
    if (config != null) {
      values.putAll(SettingsFile.read(config));
    }
    putIfGiven(values, NodeSettings.ID, id);
    putIfGiven(values, NodeSettings.MEMBERS, members);
    putIfGiven(values, NodeSettings.OBSERVERS, observers);
    putIfGiven(values, NodeSettings.BIND, bind);
    putIfGiven(values, NodeSettings.DATA, data);
    putIfGiven(values, NodeSettings.ALGORITHM, algorithm);
    putIfGiven(values, NodeSettings.ELECTION_ONLY, electionOnly);
    putIfGiven(values, NodeSettings.JSON, json);
    return values;
  }

  private static void putIfGiven(Map<String, String> values, String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value.toString());
    }
  }

  private int untilSignal(NodeServer server) throws InterruptedException {
    var signals = new CleanEnd(server::end);
    signals.install();
    int exitCode = CommandLine.ExitCode.SOFTWARE;
    try {
      Optional<String> failure = server.run();
      failure.ifPresent(
          reason ->
              spec.commandLine()
                  .getErr()
                  .println(spec.qualifiedName() + ": " + OneLine.of(reason)));
      exitCode = failure.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } finally {
      signals.ended(exitCode);
    }
    return exitCode;
  }
}
