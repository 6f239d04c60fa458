package io.quorate.election.engine;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** Counts for tests. */
final class Tally implements Consumer<ElectionCounter> {
  private final Map<ElectionCounter, Long> counts = new EnumMap<>(ElectionCounter.class);

  @Override
  public void accept(ElectionCounter counter) {
    counts.merge(counter, 1L, Long::sum);
  }

  long get(ElectionCounter counter) {
    return counts.getOrDefault(counter, 0L);
  }
}
