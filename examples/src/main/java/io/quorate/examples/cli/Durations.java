package io.quorate.examples.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Reads the durations of a command line. Every error is one line. */
public final class Durations {

  private Durations() {}

  /**
   * Reads seconds, with or without {@code s}, or {@code ms}: {@code 2}, {@code 0.5s}, {@code
   * 500ms}.
   *
   * @param longest the longest that is taken
   * @throws IllegalArgumentException if it is none from 1 ms up to the longest
   */
  public static Duration parse(String text, Duration longest) {
    String number = text.strip().toLowerCase(Locale.ROOT);
    int decimals = 3;
    if (number.endsWith("ms")) {
      number = number.substring(0, number.length() - 2);
      decimals = 0;
    } else if (number.endsWith("s")) {
      number = number.substring(0, number.length() - 1);
    }
    try {
      var value = new BigDecimal(number.strip());
      // Compared before it is scaled: an exponent may stand for more digits than there is memory.
      if (value.signum() > 0 && value.compareTo(BigDecimal.valueOf(longest.toMillis())) <= 0) {
        Duration duration = Duration.ofMillis(value.movePointRight(decimals).longValue());
        if (duration.isPositive() && duration.compareTo(longest) <= 0) {
          return duration;
        }
      }
    } catch (NumberFormatException _) {
      // Falls through: all that is wrong is told alike.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no duration from 1 ms to " + longest.toSeconds() + " s");
  }
}
