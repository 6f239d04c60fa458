package io.quorate.benchmarks.report;

/**
 * How one contestant's median compares with another's, and how that varied: they took turns, so the
 * samples with the same number were measured one after the other. Immutable.
 *
 * @param value the median of the one divided by that of the other
 * @param min the smallest ratio of a round
 * @param max the largest
 */
public record Ratio(double value, double min, double max) {

  /** Of two, round by round as far as both have samples. */
  public static Ratio of(Samples one, Samples other) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int round = 0; round < Math.min(one.size(), other.size()); round++) {
      double ratio = one.get(round) / other.get(round);
      min = Math.min(min, ratio);
      max = Math.max(max, ratio);
    }
    return new Ratio(one.median() / other.median(), min, max);
  }

  /** Of two numbers that have no rounds. */
  public static Ratio of(double one, double other) {
    double ratio = one / other;
    return new Ratio(ratio, ratio, ratio);
  }

  @Override
  public String toString() {
    String spread =
        min == max ? "" : " (" + Numbers.shortly(min) + "–" + Numbers.shortly(max) + ")";
    return Numbers.shortly(value) + spread;
  }
}
