package io.quorate.benchmarks.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one benchmark found: printed as it goes, and written as NAME.md and NAME.svg when it is
 * closed, also if it was cut short. Belongs to one thread.
 */
public final class Report implements AutoCloseable {
  private final PrintStream out = System.out;
  private final Path directory;
  private final String name;
  private final String title;
  private final String before = Machine.load();
  private final List<String> notes = new ArrayList<>();
  private final Table figures =
      new Table("what", "contestant", "median", "min", "max", "unit", "rounds");
  private final Table ratios =
      new Table("what", "ratio of medians (of rounds)", "to be reached", "met");
  private final Map<String, Plot> plots = new LinkedHashMap<>();
  private int met;
  private int missed;

  public Report(Path directory, String name, String title) {
    this.directory = directory;
    this.name = name;
    this.title = title;
    out.printf("%s%n%s; load %s%n", title, Machine.description(), before);
  }

  /** Adds a sentence. */
  public void note(String line) {
    notes.add(line);
    out.println(line);
  }

  /** Adds what a contestant reached: a sample a round. */
  public void figure(String what, String contestant, Samples samples, String unit) {
    String[] row = {
      what,
      contestant,
      Numbers.shortly(samples.median()),
      Numbers.shortly(samples.min()),
      Numbers.shortly(samples.max()),
      unit,
      Integer.toString(samples.size())
    };
    figures.row(row);
    out.printf("%-44s %-34s %10s  (%s–%s) %s%n", row[0], row[1], row[2], row[3], row[4], unit);
    if (samples.min() > 0) {
      plots.computeIfAbsent(unit, _ -> new Plot(title, unit)).bar(what, contestant, samples);
    }
  }

  /** Adds a ratio, and whether it is what it is to be. */
  public void ratio(String what, Ratio ratio, Target target) {
    value(what, ratio.toString(), ratio.value(), target);
  }

  /** Adds a number that is a target by itself. */
  public void value(String what, double number, String unit, Target target) {
    value(what, Numbers.shortly(number) + " " + unit, number, target);
  }

  private void value(String what, String text, double number, Target target) {
    boolean is = target.isMetBy(number);
    if (is) {
      met++;
    } else {
      missed++;
    }
    ratios.row(what, text, target.text(), is ? "yes" : "NO");
    out.printf("  %-60s %-24s %-16s %s%n", what, text, target.text(), is ? "met" : "MISSED");
  }

  /** Adds a ratio that nothing is asked of. */
  public void ratio(String what, Ratio ratio) {
    ratios.row(what, ratio.toString(), "", "");
    out.printf("  %-60s %s%n", what, ratio);
  }

  @Override
  public void close() throws IOException {
    Files.createDirectories(directory);
    var text = new StringBuilder();
    text.append("# ").append(title).append("\n\n");
    text.append(Machine.description()).append("; load ").append(before);
    text.append(" before, ").append(Machine.load()).append(" after; ");
    text.append(met).append(" met, ").append(missed).append(" missed\n\n");
    notes.forEach(line -> text.append(line).append('\n'));
    text.append(notes.isEmpty() ? "" : "\n").append(figures);
    if (!ratios.isEmpty()) {
      text.append('\n').append(ratios);
    }
    Files.writeString(directory.resolve(name + ".md"), text);
    int number = 0;
    for (Plot plot : plots.values()) {
      number++;
      String file = name + (number == 1 ? "" : "-" + number) + ".svg";
      Files.writeString(directory.resolve(file), plot.svg());
    }
    out.printf(
        "%d met, %d missed; written to %s%n%n", met, missed, directory.resolve(name + ".md"));
  }
}
