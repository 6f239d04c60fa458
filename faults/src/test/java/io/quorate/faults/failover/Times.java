package io.quorate.faults.failover;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Durations in nanoseconds, at least one, and what is said of them. Immutable. */
record Times(List<Long> nanos) {

  Times {
    if (nanos.isEmpty()) {
      throw new IllegalArgumentException("no times");
    }
    nanos = nanos.stream().sorted().toList();
  }

  double median() {
    int n = nanos.size();
    return millis((nanos.get((n - 1) / 2) + nanos.get(n / 2)) / 2);
  }

  double min() {
    return millis(nanos.getFirst());
  }

  double max() {
    return millis(nanos.getLast());
  }

  /** Returns the smallest that at least nine of ten do not exceed. */
  double ninetieth() {
    return millis(nanos.get((nanos.size() * 9 + 9) / 10 - 1));
  }

  private static double millis(long nanos) {
    return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  /** Returns a row of the table, in milliseconds. */
  String row(String what, int servers, String bound) {
    return String.format(
        Locale.ROOT,
        "%-28s %7d %6d %8.1f %8.1f %8.1f %8.1f   %s",
        what,
        servers,
        nanos.size(),
        median(),
        min(),
        max(),
        ninetieth(),
        bound);
  }

  /** Returns the row above all. */
  static String head() {
    return String.format(
        "%-28s %7s %6s %8s %8s %8s %8s   %s",
        "milliseconds", "servers", "rounds", "median", "min", "max", "p90", "to be reached");
  }
}
