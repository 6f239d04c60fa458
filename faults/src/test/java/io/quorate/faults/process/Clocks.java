package io.quorate.faults.process;

import io.quorate.faults.ensemble.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the clocks ran as they were told to: what {@link Worker}s say about theirs, compared with
 * the rate that each life was given. A fault that does not reach the JVM proves nothing.
 */
final class Clocks {

  /** The slowest and the fastest clock, in seconds of its own for one of the machine's. */
  static final double SLOWEST = 0.95;

  static final double FASTEST = 1.05;

  /** How exactly a rate is kept. Over an interval it is a matter of when two clocks are read. */
  private static final double TOLERANCE = 0.002;

  /** The machine may be too busy for one wait to be short, and not for the best of so many. */
  private static final int ENOUGH = 10;

  private static final long INTERVAL = Worker.CLOCK_INTERVAL.toNanos();

  private final Map<Integer, Double> rates;
  private final Map<Integer, Line> firsts = new HashMap<>();
  private final Map<Integer, Line> lasts = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private int waitsOfFast;
  private long shortestOfFast = Long.MAX_VALUE;
  private long shortestOfSlow = Long.MAX_VALUE;

  /**
   * A line of a {@link Worker} about its clock.
   *
   * @param nanos of the machine's clock
   * @param own of its own at that time
   * @param waited how long it then waited for one interval of its own, by the machine's
   */
  record Line(long nanos, long own, long waited) {
    static final String EVENT = "clock";

    private static final Pattern FIELDS =
        Pattern.compile("\"event\":\"" + EVENT + "\",\"own\":(-?\\d+),\"waited\":(\\d+)");

    static Optional<Line> of(Told told) {
      if (told.what() instanceof Told.Other(String text)) {
        Matcher fields = FIELDS.matcher(text);
        if (fields.find()) {
          return Optional.of(
              new Line(
                  told.nanos(), Long.parseLong(fields.group(1)), Long.parseLong(fields.group(2))));
        }
      }
      return Optional.empty();
    }
  }

  private Clocks(Map<Integer, Double> rates) {
    this.rates = rates;
  }

  /**
   * What was found.
   *
   * @param lives whose clocks ran at a rate other than 1, and were seen to
   * @param shortestOfFast the shortest wait of a life with the fastest clock, by the machine's
   * @param shortestOfSlow the same of the slowest
   * @param violations of what was asked for
   */
  record Seen(long lives, long shortestOfFast, long shortestOfSlow, List<String> violations) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "clocks of %d lives ran at another rate, as asked; a wait of %d ms took %.1f ms at %.2f"
              + " and %.1f ms at %.2f, at least",
          lives,
          Worker.CLOCK_INTERVAL.toMillis(),
          shortestOfFast / 1e6,
          FASTEST,
          shortestOfSlow / 1e6,
          SLOWEST);
    }
  }

  /** Looks at all that was told by lives with these rates. */
  static Seen look(List<Told> merged, Map<Integer, Double> rates) {
    var clocks = new Clocks(rates);
    for (Told told : merged) {
      Line.of(told).ifPresent(line -> clocks.look(told.life(), line));
    }
    return clocks.seen();
  }

  private void look(int life, Line line) {
    double rate = rates.getOrDefault(life, 1.0);
    firsts.putIfAbsent(life, line);
    lasts.put(life, line);
    if (line.waited() < INTERVAL / rate * (1 - TOLERANCE)) {
      violations.add("life " + life + " with rate " + rate + " did not wait: " + line);
    }
    if (rate == FASTEST) {
      waitsOfFast++;
      shortestOfFast = Math.min(shortestOfFast, line.waited());
    } else if (rate == SLOWEST) {
      shortestOfSlow = Math.min(shortestOfSlow, line.waited());
    }
  }

  private Seen seen() {
    long lives = 0;
    for (int life : firsts.keySet()) {
      double rate = rates.getOrDefault(life, 1.0);
      double seen = rate(firsts.get(life), lasts.get(life)).orElse(rate);
      if (Math.abs(seen - rate) > TOLERANCE) {
        violations.add("life " + life + " has a clock of rate " + seen + ", not " + rate);
      }
      if (rate != 1 && lasts.get(life).nanos() > firsts.get(life).nanos()) {
        lives++;
      }
    }
    if (waitsOfFast >= ENOUGH && shortestOfFast >= INTERVAL) {
      violations.add("no wait by a fast clock was shorter than by the machine's");
    }
    return new Seen(lives, shortestOfFast, shortestOfSlow, List.copyOf(violations));
  }

  /** Returns nothing if there is too little time between the lines. */
  private static Optional<Double> rate(Line first, Line last) {
    long time = last.nanos() - first.nanos();
    return time < INTERVAL / 2
        ? Optional.empty()
        : Optional.of((double) (last.own() - first.own()) / time);
  }
}
