package io.quorate.examples.node;

import io.quorate.election.LeaderElection;
import io.quorate.examples.cli.CleanEnd;
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
import picocli.CommandLine.Mixin;
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
      "A voter needs --data, or --store memory, or --election-only.",
      "A leader that gets a signal hands off.",
      "",
      "With --json each line has \"at\" (the wall clock), \"nanos\" (the monotonic",
      "clock; on Linux all processes of a machine share it), \"server\", \"event\",",
      "and with the event:",
      "  listening  address           where others can dial",
      "  looking    round             an election began",
      "  elected    leader round zxid peerEpoch    it nominated somebody",
      "  leading, following, observing    leader epoch confirmed",
      "  granted    epoch             a majority promised it: this server leads",
      "  valid      epoch remainingNanos    it led at nanos, and would for so long",
      "  revoked    epoch cause       it leads no more",
      "  linkUp     peer",
      "  linkDown   peer cause",
      "  warning    code detail",
      "  closed                       the last one",
      "Causes of revoked: resigned, handedOff (to), quorumLost, leaseExpired,",
      "processPaused (pauseNanos), superseded (laterEpoch), taskFailed (failure),",
      "closed, serverFailed (reason).",
      "",
      "Exit codes: 0 after a clean end, 1 after a failure, 2 wrong arguments."
    })
public final class NodeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private NodeOptions options = new NodeOptions();

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
    try {
      settings = NodeSettings.of(values());
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
    return untilSignal(new NodeServer(settings, events));
  }

  /**
   * What was asked for, by the names of the options: the file's, replaced by the command line's.
   */
  Map<String, String> values() {
    var values = new HashMap<String, String>();
    if (config != null) {
      values.putAll(SettingsFile.read(config));
    }
    values.putAll(options.given());
    return values;
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
