package io.quorate.benchmarks.micro;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH and tells what it found as the other benchmarks do. */
public final class Micro {
  private static final int FORKS = 2;
  private static final int WARM_UP = 4;
  private static final int ITERATIONS = 5;
  private static final int QUICK_ITERATIONS = 3;
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** JMH's own share of a measurement. */
  private static final Target NOTHING_MORE = Target.atMost(0.5);

  private Micro() {}

  /** Of one benchmark with its parameter: nanoseconds and bytes of each iteration. */
  private record Measured(List<Double> nanos, List<Double> bytes) {}

  public static void codec(Options options) throws Exception {
    try (var report = new Report(options.results(), "codec", "Codec, by one thread")) {
      Map<String, Measured> all = run(CodecBenchmark.class, options, report);
      for (String members : List.of("0", "5")) {
        String suffix = " " + members + " members";
        more(report, all, "encodeOurs" + suffix, "encodeBare" + suffix);
        more(report, all, "decodeNotificationOurs" + suffix, "decodeBare" + suffix);
        more(report, all, "decodeOurs" + suffix, "decodeBare" + suffix);
      }
      more(report, all, "decodeHeartbeatOurs 0 members", "decodeHeartbeatBare 0 members");
    }
  }

  /** What ours allocates beyond what is returned. */
  private static void more(Report report, Map<String, Measured> all, String ours, String bare) {
    Measured one = all.get(ours);
    Measured other = all.get(bare);
    if (one == null || other == null) {
      throw new IllegalStateException(ours + " or " + bare + " is not in " + all.keySet());
    }
    double more = Samples.of(one.bytes).median() - Samples.of(other.bytes).median();
    report.value(ours + ", beyond what it returns", more, "B allocated", NOTHING_MORE);
  }

  public static void queues(Options options) throws Exception {
    try (var report =
        new Report(options.results(), "queues", "Queues: in and out, by one thread")) {
      run(QueueBenchmark.class, options, report);
    }
  }

  private static Map<String, Measured> run(Class<?> benchmarks, Options options, Report report)
      throws RunnerException, IOException {
    int iterations = options.quick() ? QUICK_ITERATIONS : ITERATIONS;
    ChainedOptionsBuilder builder =
        new OptionsBuilder()
            .include(Pattern.quote(benchmarks.getName()) + "\\.")
            .forks(options.quick() ? 1 : FORKS)
            .warmupIterations(options.quick() ? QUICK_ITERATIONS : WARM_UP)
            .warmupTime(TimeValue.milliseconds(options.quick() ? 300 : 1000))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.milliseconds(options.quick() ? 300 : 1000))
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .jvmArgs(
                "--sun-misc-unsafe-memory-access=allow",
                "-Xms512m",
                "-Xmx512m",
                "-XX:+UseParallelGC");
    Map<String, Measured> all = new LinkedHashMap<>();
    for (RunResult result : new Runner(builder.build()).run()) {
      var measured = new Measured(new ArrayList<>(), new ArrayList<>());
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          measured.nanos.add(iteration.getPrimaryResult().getScore());
          iteration.getSecondaryResults().forEach((label, value) -> add(label, value, measured));
        }
      }
      all.put(name(result), measured);
    }
    all.forEach((name, it) -> report.figure("time", name, Samples.of(it.nanos), "ns"));
    all.forEach((name, it) -> report.figure("allocated", name, Samples.of(it.bytes), "B"));
    return all;
  }

  private static void add(String label, Result<?> value, Measured measured) {
    if (label.endsWith(ALLOCATED)) {
      measured.bytes.add(value.getScore());
    }
  }

  private static String name(RunResult result) {
    String whole = result.getParams().getBenchmark();
    String method = whole.substring(whole.lastIndexOf('.') + 1);
    String members = result.getParams().getParam("members");
    return members == null ? method : method + " " + members + " members";
  }
}
