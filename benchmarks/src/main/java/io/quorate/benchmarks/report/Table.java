package io.quorate.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Markdown table whose columns are aligned, so that it can be read in a terminal too. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... columns) {
    rows.add(List.of(columns));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has not as many cells as there are columns
   */
  public Table row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(cells.length + " cells in a row of this table");
    }
    rows.add(List.of(cells));
    return this;
  }

  public boolean isEmpty() {
    return rows.size() == 1;
  }

  @Override
  public String toString() {
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    var lines = new ArrayList<String>();
    for (List<String> row : rows) {
      lines.add(line(row, widths, ' '));
      if (lines.size() == 1) {
        lines.add(line(IntStream.of(widths).mapToObj("-"::repeat).toList(), widths, '-'));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static String line(List<String> row, int[] widths, char fill) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> row.get(i) + String.valueOf(fill).repeat(widths[i] - row.get(i).length()))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
