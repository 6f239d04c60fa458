package io.quorate.transport.queue;

import io.quorate.transport.TransportCounter;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often things happened. Safe for use by any thread; adding never waits. */
public final class Counters {

  private final Map<TransportCounter, LongAdder> adders = new EnumMap<>(TransportCounter.class);

  /** Starts at zero. */
  public Counters() {
    for (TransportCounter counter : TransportCounter.values()) {
      adders.put(counter, new LongAdder());
    }
  }

  /**
   * Counts one.
   *
   * @param counter what happened
   */
  public void add(TransportCounter counter) {
    add(counter, 1);
  }

  /**
   * Counts some.
   *
   * @param counter what happened
   * @param times how often
   */
  public void add(TransportCounter counter, long times) {
    LongAdder adder = adders.get(counter);
    if (adder == null) {
      throw new IllegalStateException("every counter has its adder");
    }
    adder.add(times);
  }

  /**
   * Returns all counts.
   *
   * @return a snapshot, in the order of {@link TransportCounter}
   */
  public Map<TransportCounter, Long> snapshot() {
    var counts = new EnumMap<TransportCounter, Long>(TransportCounter.class);
    adders.forEach((counter, adder) -> counts.put(counter, adder.sum()));
    return Collections.unmodifiableMap(counts);
  }
}
