package io.quorate.benchmarks.report;

import java.util.Locale;

/** Numbers for people. */
final class Numbers {
  private static final double TEN = 10;
  private static final double HUNDRED = 100;

  private Numbers() {}

  /** Three digits that count, or more before the point. */
  static String shortly(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return "–";
    }
    double size = Math.abs(number);
    String format = "%.3f";
    if (size >= HUNDRED || size == 0) {
      format = "%,.0f";
    } else if (size >= TEN) {
      format = "%.1f";
    } else if (size >= 1) {
      format = "%.2f";
    }
    return String.format(Locale.ROOT, format, number);
  }
}
