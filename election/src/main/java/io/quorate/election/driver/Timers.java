package io.quorate.election.driver;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Timers that are set, by name. Time is data: every method that needs it is given the present one,
 * in nanoseconds of a monotonic clock with any origin. Not safe for use by several threads.
 *
 * @param <K> what names a timer
 */
final class Timers<K> {

  /** Shorter waits are lengthened to this, so that an algorithm cannot spin by its timers. */
  static final Duration SHORTEST = Duration.ofMillis(1);

  /** Longer waits are cut to this, so that instants can be compared by subtracting them. */
  static final Duration LONGEST = Duration.ofDays(365);

  private final Map<K, Entry<K>> entries = new HashMap<>();
  private long sequence;

  private record Entry<K>(K name, long at, long sequence) {
    boolean isBefore(Entry<K> other) {
      return at == other.at ? sequence < other.sequence : at - other.at < 0;
    }
  }

  /** Sets a timer, or sets it anew. */
  void set(K name, Duration after, long now) {
    Duration wait = after.compareTo(SHORTEST) < 0 ? SHORTEST : after;
    wait = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    entries.put(name, new Entry<>(name, now + wait.toNanos(), sequence++));
  }

  /** Forgets a timer, if it is set. */
  void cancel(K name) {
    entries.remove(name);
  }

  /** Forgets and returns the first timer that has run out; of equals the one that was set first. */
  Optional<K> pollDue(long now) {
    Entry<K> first = first();
    if (first == null || first.at() - now > 0) {
      return Optional.empty();
    }
    entries.remove(first.name());
    return Optional.of(first.name());
  }

  /** Returns how long it is until the next one runs out, zero if one has; empty if none is set. */
  Optional<Duration> untilNext(long now) {
    Entry<K> first = first();
    return first == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, first.at() - now)));
  }

  private @Nullable Entry<K> first() {
    Entry<K> first = null;
    for (Entry<K> entry : entries.values()) {
      first = first == null || entry.isBefore(first) ? entry : first;
    }
    return first;
  }
}
