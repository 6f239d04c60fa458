package io.quorate.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One picture in SVG: a group of bars for each thing that was measured, a bar a contestant from its
 * best to its worst round with a mark at the median, on a logarithmic axis. Each bar is labelled
 * with its median, so no legend or axis has to be read off.
 */
public final class Plot {
  private static final int WIDTH = 900;
  private static final int LEFT = 330;
  private static final int RIGHT = 110;
  private static final int TOP = 46;
  private static final int BAR = 18;
  private static final int GAP = 14;
  private static final double LEAST_DECADES = 0.3;
  private static final List<String> COLOURS =
      List.of("#1b6ca8", "#7a7a7a", "#d1495b", "#edae49", "#3c896d", "#6a4c93");

  private final String title;
  private final String unit;
  private final List<Group> groups = new ArrayList<>();
  private final List<String> contestants = new ArrayList<>();

  private record Bar(String contestant, Samples samples) {}

  private record Group(String name, List<Bar> bars) {}

  public Plot(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** Adds a bar to a group; the groups and the colours come in the order in which they are used. */
  public Plot bar(String group, String contestant, Samples samples) {
    if (samples.min() <= 0) {
      throw new IllegalArgumentException("no place on a logarithmic axis: " + samples.min());
    }
    if (!contestants.contains(contestant)) {
      contestants.add(contestant);
    }
    groups.stream()
        .filter(each -> each.name.equals(group))
        .findFirst()
        .orElseGet(
            () -> {
              var made = new Group(group, new ArrayList<>());
              groups.add(made);
              return made;
            })
        .bars
        .add(new Bar(contestant, samples));
    return this;
  }

  public boolean isEmpty() {
    return groups.isEmpty();
  }

  /** Returns the whole file. */
  public String svg() {
    List<Bar> all = groups.stream().flatMap(group -> group.bars.stream()).toList();
    double low = Math.log10(all.stream().mapToDouble(bar -> bar.samples.min()).min().orElse(1));
    double high = Math.log10(all.stream().mapToDouble(bar -> bar.samples.max()).max().orElse(1));
    double span = Math.max(high - low, LEAST_DECADES);
    int height = TOP + all.size() * BAR + groups.size() * GAP + GAP;
    var svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'"
                + " font-family='sans-serif' font-size='12'>%n",
            WIDTH,
            height,
            WIDTH,
            height));
    svg.append(
        String.format(
            Locale.ROOT, "<rect width='%d' height='%d' fill='#ffffff'/>%n", WIDTH, height));
    svg.append(
        String.format(
            Locale.ROOT, "<text x='12' y='20' font-size='15'>%s</text>%n", escape(title)));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x='12' y='37' fill='#555555'>%s, logarithmic</text>%n",
            escape(unit)));
    int y = TOP;
    for (Group group : groups) {
      y += GAP;
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x='12' y='%d' font-weight='bold'>%s</text>%n",
              y + BAR - 5,
              escape(group.name)));
      for (Bar bar : group.bars) {
        draw(
            svg, bar, y, value -> LEFT + (Math.log10(value) - low) / span * (WIDTH - LEFT - RIGHT));
        y += BAR;
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private interface Axis {
    double place(double value);
  }

  private void draw(StringBuilder svg, Bar bar, int y, Axis axis) {
    String colour = COLOURS.get(contestants.indexOf(bar.contestant) % COLOURS.size());
    double from = axis.place(bar.samples.min());
    double to = axis.place(bar.samples.max());
    double median = axis.place(bar.samples.median());
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x='%d' y='%d' text-anchor='end'>%s</text>%n",
            LEFT - 8,
            y + BAR - 5,
            escape(bar.contestant)));
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x='%d' y='%d' width='%.1f' height='2' fill='#dddddd'/>%n",
            LEFT,
            y + BAR / 2 - 1,
            from - LEFT));
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x='%.1f' y='%d' width='%.1f' height='%d' fill='%s' fill-opacity='0.45'/>%n",
            from,
            y + 3,
            Math.max(to - from, 1),
            BAR - 6,
            colour));
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x='%.1f' y='%d' width='3' height='%d' fill='%s'/>%n",
            median - 1,
            y + 2,
            BAR - 4,
            colour));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x='%.1f' y='%d'>%s</text>%n",
            to + 6,
            y + BAR - 5,
            Numbers.shortly(bar.samples.median())));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
