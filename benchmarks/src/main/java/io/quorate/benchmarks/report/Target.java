package io.quorate.benchmarks.report;

/** What is to be reached. Printed beside what was measured, never asserted. */
public sealed interface Target {

  /** Not more. */
  record AtMost(double bound) implements Target {}

  /** Not less. */
  record AtLeast(double bound) implements Target {}

  static Target atMost(double bound) {
    return new AtMost(bound);
  }

  static Target atLeast(double bound) {
    return new AtLeast(bound);
  }

  default boolean isMetBy(double value) {
    return switch (this) {
      case AtMost(double bound) -> value <= bound;
      case AtLeast(double bound) -> value >= bound;
    };
  }

  /** As in {@code at most 1.3}. */
  default String text() {
    return switch (this) {
      case AtMost(double bound) -> "at most " + Numbers.shortly(bound);
      case AtLeast(double bound) -> "at least " + Numbers.shortly(bound);
    };
  }
}
