package io.quorate.election.driver;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
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
    adders.forEach((counter, adder) -> byName.put(camelCase(counter), adder.sum()));
    return byName;
  }

  private LongAdder adder(ElectionCounter counter) {
    LongAdder adder = adders.get(counter);
    if (adder == null) {
      throw new IllegalStateException("every counter has its adder");
    }
    return adder;
  }

  /** Returns the name of a constant in camel case: LINK_UP is linkUp. */
  static String camelCase(Enum<?> constant) {
    var name = new StringBuilder();
    for (String word : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }
}
