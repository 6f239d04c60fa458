package io.quorate.benchmarks.ensemble;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Elections of 3 to 9 servers, one after the other: does each end, and all servers alike? */
final class Soak {
  private static final int ELECTIONS = 1000;
  private static final int QUICK_ELECTIONS = 140;
  private static final int SMALLEST = 3;
  private static final int LARGEST = 9;

  /** Of one ensemble; the first one is cold. */
  private static final int OF_AN_ENSEMBLE = 20;

  private Soak() {}

  static void run(Options options, Report report) throws IOException, InterruptedException {
    int wanted = options.quick() ? QUICK_ELECTIONS : ELECTIONS;
    int hangs = 0;
    List<String> disagreements = new ArrayList<>();
    List<Double> millis = new ArrayList<>();
    int servers = SMALLEST;
    while (millis.size() + hangs < wanted) {
      OurEnsemble ensemble = OurEnsemble.electing(Places.of(servers));
      try {
        millis.add(millis(ensemble.cold()));
        ensemble.link();
        for (int i = 1; i < OF_AN_ENSEMBLE && millis.size() + hangs < wanted; i++) {
          millis.add(millis(ensemble.again()));
        }
      } catch (Hang hang) {
        hangs++;
        report.note(
            "HANG of an election of %d servers: %s"
                .formatted(servers, hang.write(options.results())));
      } finally {
        disagreements.addAll(ensemble.disagreements());
        ensemble.close();
      }
      servers = servers == LARGEST ? SMALLEST : servers + 1;
    }
    report.figure(
        wanted + " elections of 3 to 9", "Quorate, election only", Samples.of(millis), "ms");
    report.value("elections that hung", hangs, "of " + wanted, Target.atMost(0));
    report.value(
        "elections after which all had decided, not alike",
        disagreements.size(),
        "of " + wanted,
        Target.atMost(0));
    if (!disagreements.isEmpty()) {
      report.note("all had decided, and not alike, first here:\n  " + disagreements.getFirst());
    }
  }

  private static double millis(long nanos) {
    return (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }
}
