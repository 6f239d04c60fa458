package io.quorate.testkit.world;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/**
 * The true time of a simulation in nanoseconds, which nobody in it knows: it runs from one task to
 * the next, and remembers what happened last.
 */
final class VirtualTime {
  static final long MICRO = 1_000;
  static final long MILLI = 1_000 * MICRO;
  static final long SECOND = 1_000 * MILLI;

  /** How many lines of what happened last are kept. */
  private static final int TRACE_LINES = 100_000;

  /** An algorithm that only asks for more makes no end. */
  private static final long MAX_EVENTS = 5_000_000;

  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final ArrayDeque<Line> trace = new ArrayDeque<>();
  private final boolean traced;
  private long now;
  private long sequence;
  private long events;

  /**
   * Begins at zero.
   *
   * @param traced whether what happens is remembered, which is slow
   */
  VirtualTime(boolean traced) {
    this.traced = traced;
  }

  private record Due(long at, long sequence, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
    }
  }

  /** Written out only when somebody reads it. */
  private record Line(long at, List<Object> words) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%,14d us  ", at / MICRO)
          + words.stream().map(Object::toString).collect(Collectors.joining(" "));
    }
  }

  long now() {
    return now;
  }

  /** Returns a number that has not been returned before. */
  long next() {
    return sequence++;
  }

  void at(long instant, Runnable task) {
    queue.add(new Due(Math.max(now, instant), next(), task));
  }

  void after(long wait, Runnable task) {
    at(now + wait, task);
  }

  void run(long time) {
    long end = now + time;
    for (Due due = queue.peek(); due != null && due.at() <= end; due = queue.peek()) {
      queue.remove();
      now = due.at();
      events++;
      if (events > MAX_EVENTS) {
        throw new ViolationException("progress (time passes)", MAX_EVENTS + " events");
      }
      due.task().run();
    }
    now = end;
  }

  void note(Object... words) {
    if (!traced) {
      return;
    }
    if (trace.size() == TRACE_LINES) {
      trace.removeFirst();
    }
    trace.add(new Line(now, List.of(words)));
  }

  /** Returns what happened last, a line each. */
  List<String> trace() {
    return trace.stream().map(Line::toString).toList();
  }

  long events() {
    return events;
  }
}
