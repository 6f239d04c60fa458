package io.quorate.faults.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table of what was done and what came of it. Belongs to one thread. */
final class Report {

  /**
   * One fault.
   *
   * @param fault what was done
   * @param packets how many packets met it
   * @param next until the next leader was granted its term; empty if the leader stayed
   * @param back from the end of the fault until all agreed and every pair had its link again
   */
  record Row(String fault, long packets, Optional<Duration> next, Duration back) {
    private String text() {
      return String.format(
          Locale.ROOT,
          "%-58s %8d %12s %9d",
          fault,
          packets,
          next.map(time -> Long.toString(time.toMillis())).orElse("stays"),
          back.toMillis());
    }
  }

  private final List<Row> rows = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  String text() {
    var text = new StringBuilder();
    text.append(
        String.format("%-58s %8s %12s %9s%n", "fault", "packets", "leader, ms", "back, ms"));
    rows.forEach(row -> text.append(row.text()).append('\n'));
    return text.toString();
  }
}
