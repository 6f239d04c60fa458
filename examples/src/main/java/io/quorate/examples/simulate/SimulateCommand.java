package io.quorate.examples.simulate;

import io.quorate.examples.cli.CleanEnd;
import io.quorate.examples.cli.Terminal;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Simulation;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quorate simulate}: reads the arguments, simulates, and shows what came of it. */
@Command(
    name = "simulate",
    description =
        "Simulates whole ensembles in virtual time, with faults, all decided by seeds, and checks"
            + " that no two lead at once and that a leader is found when the faults are over.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The same seed is the same run: --replay tells it, with a hash of all that",
      "happened. With --json a result is one object, and a story one object a line,",
      "the last one with the hash.",
      "Exit codes: 0 without a violation, 1 with one, 2 wrong arguments, 130 when it",
      "was told to stop."
    })
public final class SimulateCommand implements Callable<Integer> {

  /** The most seeds of one command. */
  static final long MOST_SEEDS = 10_000_000;

  /** The longest script, in bytes; one that was drawn has a few thousand. */
  static final int MAX_SCRIPT_BYTES = 1 << 20;

  private static final int VIOLATED = 1;

  /** 128 and the number of SIGINT, as shells say it. */
  private static final int STOPPED = 130;

  /** Options of many seeds, which one run has no use for. */
  private static final List<String> OF_MANY = List.of("--seeds", "--from");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many; 1000 by default.")
  private long seeds = 1000;

  @Option(
      names = "--from",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "The first seed; 1 by default.")
  private long from = 1;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      defaultValue = Subject.DEFAULT_ALGORITHM,
      description = "The provider that is tried; fast by default.")
  private String algorithm = Subject.DEFAULT_ALGORITHM;

  @Option(
      names = "--servers",
      paramLabel = "N",
      description =
          "How many voters, 1 to " + Simulation.MAX_VOTERS + "; by default each seed draws it.")
  private @Nullable Integer servers;

  @Option(names = "--without-liveness", description = "Await no leader when the faults are over.")
  private boolean withoutLiveness;

  @Option(names = "--replay", paramLabel = "SEED", description = "Tell the run of this seed.")
  private @Nullable Long replay;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Tell the run of a script, as a violation has one.")
  private @Nullable Path script;

  @Option(names = "--json", description = "JSON instead of text.")
  private boolean json;

  /** For picocli. */
  public SimulateCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    var voters = servers == null ? OptionalInt.empty() : OptionalInt.of(servers);
    var subject = new Subject(algorithm, voters, !withoutLiveness);
    Simulation simulation;
    Campaign.Seeds asked;
    Optional<Outcome> told;
    try {
      requireOneMode();
      simulation = subject.simulation();
      asked = seeds();
      told = tell(simulation);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return told.isPresent() ? show(told.get()) : untilSignal(subject, simulation, asked);
  }

  private void requireOneMode() {
    if (replay == null && script == null) {
      return;
    }
    if (replay != null && script != null) {
      throw new IllegalArgumentException("--replay and --script: one of them");
    }
    for (String option : OF_MANY) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new IllegalArgumentException(option + " has no use for one run");
      }
    }
    if (script != null && servers != null) {
      throw new IllegalArgumentException("--servers has no use for a script, which says it");
    }
  }

  private Campaign.Seeds seeds() {
    if (seeds > MOST_SEEDS) {
      throw new IllegalArgumentException("--seeds: at most " + MOST_SEEDS + ", not " + seeds);
    }
    return new Campaign.Seeds(from, seeds);
  }

  // ---- one run ----

  private Optional<Outcome> tell(Simulation simulation) {
    if (replay != null) {
      return Optional.of(simulation.replay(replay));
    }
    return script == null ? Optional.empty() : Optional.of(simulation.play(read(script)));
  }

  private static String read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_SCRIPT_BYTES + 1);
      if (bytes.length > MAX_SCRIPT_BYTES) {
        throw new IllegalArgumentException(file + " has more than " + MAX_SCRIPT_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the script: " + e, e);
    }
  }

  private int show(Outcome outcome) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Story.writeJson(outcome, out);
    } else {
      Story.write(outcome, out);
    }
    return outcome.violation().isPresent() ? VIOLATED : CommandLine.ExitCode.OK;
  }

  // ---- many ----

  private int untilSignal(Subject subject, Simulation simulation, Campaign.Seeds asked)
      throws InterruptedException {
    var campaign = new Campaign(simulation::run, asked);
    var signals = new CleanEnd(campaign::stop);
    signals.install();
    int exitCode = CommandLine.ExitCode.SOFTWARE;
    try {
      Campaign.Result result = run(campaign, asked);
      Optional<Finding> finding = result.smallest().map(it -> Finding.of(it, subject, simulation));
      PrintWriter out = spec.commandLine().getOut();
      CampaignReport report = json ? new JsonReport(out) : new TableReport(out);
      report.write(subject, asked, result, finding);
      if (finding.isPresent()) {
        exitCode = VIOLATED;
      } else {
        exitCode = result.stopped() ? STOPPED : CommandLine.ExitCode.OK;
      }
    } finally {
      signals.ended(exitCode);
    }
    return exitCode;
  }

  private Campaign.Result run(Campaign campaign, Campaign.Seeds asked) throws InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    if (!Terminal.isThere()) {
      return campaign.run(threads, _ -> {});
    }
    PrintWriter err = spec.commandLine().getErr();
    try (var line = new ProgressLine(err, asked.count(), System.nanoTime())) {
      return campaign.run(threads, progress -> line.show(progress, System.nanoTime()));
    }
  }
}
