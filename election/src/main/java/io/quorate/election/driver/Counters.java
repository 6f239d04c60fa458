package io.quorate.election.driver;

import io.quorate.election.engine.CamelCase;
import io.quorate.election.engine.ElectionCounter;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often things happened. Safe for use by any thread; counting never waits. */
final class Counters {
  private final Map<ElectionCounter, LongAdder> adders;

  Counters() {
    var all = new EnumMap<ElectionCounter, LongAdder>(ElectionCounter.class);
    for (ElectionCounter counter : ElectionCounter.values()) {
      all.put(counter, new LongAdder());
    }
    adders = Collections.unmodifiableMap(all);
  }

  void count(ElectionCounter counter) {
    adder(counter).increment();
  }

  long get(ElectionCounter counter) {
    return adder(counter).sum();
  }

  /** Returns all counts by name in camel case; a new map. */
  Map<String, Long> snapshot() {
    var byName = new TreeMap<String, Long>();
    adders.forEach((counter, adder) -> byName.put(CamelCase.of(counter), adder.sum()));
    return byName;
  }

  private LongAdder adder(ElectionCounter counter) {
    LongAdder adder = adders.get(counter);
    if (adder == null) {
      throw new IllegalStateException("every counter has its adder");
    }
    return adder;
  }
}
