package io.quorate.benchmarks.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.DoubleStream;

/** Numbers of one kind, in the order in which they were measured. At least one. Immutable. */
public final class Samples {
  private static final double MEDIAN = 0.5;

  private final double[] inOrder;
  private final double[] sorted;

  private Samples(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no samples");
    }
    inOrder = values;
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  public static Samples of(double... values) {
    return new Samples(values.clone());
  }

  /** Copies. */
  public static Samples of(Collection<? extends Number> values) {
    return new Samples(values.stream().mapToDouble(Number::doubleValue).toArray());
  }

  public int size() {
    return inOrder.length;
  }

  public double get(int index) {
    return inOrder[index];
  }

  public double min() {
    return sorted[0];
  }

  public double max() {
    return sorted[sorted.length - 1];
  }

  public double median() {
    return quantile(MEDIAN);
  }

  /** Between the two samples beside it, in proportion. */
  public double quantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("no quantile: " + q);
    }
    double place = q * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  public Samples times(double factor) {
    return new Samples(DoubleStream.of(inOrder).map(each -> each * factor).toArray());
  }
}
