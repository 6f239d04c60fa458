package io.quorate.examples.simulate;

import io.quorate.testkit.Fault;
import io.quorate.testkit.Report;
import io.quorate.testkit.Violation;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table for a person: the faults in two columns, the sums, and what went wrong. */
final class TableReport implements CampaignReport {

  private static final String GAP = "    ";
  private static final int COUNT_WIDTH = 8;
  private static final int NAME_WIDTH = 26;

  private final PrintWriter out;

  TableReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void write(
      Subject subject, Campaign.Seeds seeds, Campaign.Result result, Optional<Finding> finding) {
    Report report = result.report();
    out.println(
        subject.algorithm()
            + ": "
            + (report.runs() < seeds.count() ? report.runs() + " of " : "")
            + seeds.count()
            + " seeds from "
            + seeds.from()
            + (result.stopped() && finding.isEmpty() ? ", then stopped" : ""));
    out.println();
    writeFaults(report.faults());
    out.println();
    writeLine("elections", Long.toString(report.elections()));
    writeLine("terms", Long.toString(report.terms()));
    writeLine("median time to a leader", millis(report.medianNanosToLeader()));
    writeLine("longest time to a leader", millis(report.maxNanosToLeader()));
    writeLine("violations", Integer.toString(report.violations().size()));
    finding.ifPresent(this::writeFinding);
    out.flush();
  }

  private void writeFaults(Map<Fault, Long> counts) {
    List<Fault> faults = List.copyOf(counts.keySet());
    int rows = Math.ceilDiv(faults.size(), 2);
    for (int row = 0; row < rows; row++) {
      int right = row + rows;
      out.println(
          cell(faults.get(row), counts)
              + (right < faults.size() ? GAP + cell(faults.get(right), counts) : ""));
    }
  }

  private static String cell(Fault fault, Map<Fault, Long> counts) {
    return line(CampaignReport.name(fault), Long.toString(counts.getOrDefault(fault, 0L)));
  }

  private void writeLine(String name, String value) {
    out.println(line(name, value));
  }

  private static String line(String name, String value) {
    return name
        + " ".repeat(Math.max(1, NAME_WIDTH + COUNT_WIDTH - name.length() - value.length()))
        + value;
  }

  private static String millis(Optional<Long> nanos) {
    return nanos.map(it -> Duration.ofNanos(it).toMillis() + " ms").orElse("-");
  }

  private void writeFinding(Finding finding) {
    Violation violation = finding.violation();
    out.println();
    out.println(violation.property() + " is broken by seed " + violation.seed() + ":");
    out.println(violation.detail());
    out.println();
    out.println("The shortest script that was found to break it:");
    out.println();
    violation.script().lines().forEach(out::println);
    out.println();
    out.println("Again, from a file, with hash " + violation.hash() + ":");
    out.println(GAP + finding.playScript());
    out.println("The whole run again, with hash " + finding.replayHash() + ":");
    out.println(GAP + finding.replay());
  }
}
