package io.quorate.benchmarks;

import io.quorate.benchmarks.ensemble.Elections;
import io.quorate.benchmarks.ensemble.Failover;
import io.quorate.benchmarks.ensemble.Steady;
import io.quorate.benchmarks.mass.Connections;
import io.quorate.benchmarks.mass.Observers;
import io.quorate.benchmarks.micro.Micro;
import io.quorate.benchmarks.wire.RoundTrip;
import io.quorate.benchmarks.wire.Stream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Runs the benchmark whose name comes first; {@code benchmarks/run} calls it. */
final class Main {

  private static final List<Benchmark> ALL =
      List.of(
          new Benchmark(
              "codec", "notifications and configurations to bytes and back", Micro::codec),
          new Benchmark("queues", "a message into a queue and out of it", Micro::queues),
          new Benchmark(
              "roundtrip",
              "a message there and back; on one processor, then on all",
              RoundTrip::run),
          new Benchmark("stream", "one way, as many as go through, none lost", Stream::run),
          new Benchmark(
              "elections",
              "by size, links up and cold; 1,000 of 3 to 9; to a granted leader",
              Elections::run),
          new Benchmark("failover", "the leader is lost, by kind of loss", Failover::run),
          new Benchmark("connections", "what an idle connection costs", Connections::run),
          new Benchmark("observers", "many are told who leads", Observers::run),
          new Benchmark("steady", "what servers cost while nothing happens", Steady::run));

  private record Benchmark(String name, String about, Body body) {}

  private interface Body {
    void run(Options options) throws Exception;
  }

  private Main() {}

  public static void main(String[] args) throws Exception {
    List<String> arguments = List.of(args);
    for (Benchmark benchmark : ALL) {
      if (!arguments.isEmpty() && arguments.getFirst().equals(benchmark.name)) {
        Path results = Path.of(System.getProperty("benchmarks.results", "results"));
        benchmark.body.run(Options.parse(arguments.subList(1, arguments.size()), results));
        // Worker threads of ZooKeeper end seconds after their owner.
        System.exit(0);
      }
    }
    list(System.out);
    System.exit(arguments.isEmpty() ? 0 : 2);
  }

  private static void list(PrintStream out) {
    out.println("benchmarks/run NAME [options]\n");
    for (Benchmark benchmark : ALL) {
      out.printf("  %-12s %s%n", benchmark.name, benchmark.about);
    }
    out.printf("  %-12s %s%n%n%s", "all", "all of them, one after the other", Options.USAGE);
  }
}
