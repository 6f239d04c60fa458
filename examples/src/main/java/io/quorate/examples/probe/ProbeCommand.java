package io.quorate.examples.probe;

import io.quorate.examples.cli.Addresses;
import io.quorate.examples.cli.Durations;
import io.quorate.protocol.HostPort;
import io.quorate.transport.Resolver;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quorate probe}: reads the arguments, asks, and shows what came of it. */
@Command(
    name = "probe",
    description = "Asks running servers, ours or ZooKeeper's, who leads. Never votes.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The servers agree when a quorum of their voters names the same leader and",
      "epoch, and that leader, if it was asked, says so itself. A ZooKeeper server",
      "answers by calling back, so it must be able to reach this machine.",
      "Exit codes: 0 they agree, 1 they do not, 2 wrong arguments."
    })
public final class ProbeCommand implements Callable<Integer> {

  /** The longest time to wait. */
  static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

  /** How many addresses can be asked at once. */
  static final int MAX_ADDRESSES = 256;

  private static final int NOT_AGREED = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "1..*",
      paramLabel = "HOST:PORT",
      description = "Election addresses of the servers to ask.")
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "For all of it, the look-up of names included; as 2, 0.5, 2s or 500ms.")
  private String timeout = "2";

  @Option(names = "--json", description = "One JSON object a line, the verdict last.")
  private boolean json;

  /** For picocli. */
  public ProbeCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    List<HostPort> asked;
    Duration limit;
    try {
      asked = parseAddresses(addresses);
      limit = Durations.parse(timeout, MAX_TIMEOUT);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    List<Answer> answers = new Prober(Resolver.system(), limit).ask(asked);
    Verdict verdict = Verdict.of(answers);
    PrintWriter out = spec.commandLine().getOut();
    ProbeReport report = json ? new JsonReport(out) : new TableReport(out);
    report.write(answers, verdict);
    return verdict.agreed() ? CommandLine.ExitCode.OK : NOT_AGREED;
  }

  private static List<HostPort> parseAddresses(List<String> texts) {
    var asked = new LinkedHashSet<HostPort>();
    texts.forEach(text -> asked.add(Addresses.parse(text)));
    if (asked.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          asked.size() + " addresses are too many, at most " + MAX_ADDRESSES + " can be asked");
    }
    return List.copyOf(asked);
  }
}
