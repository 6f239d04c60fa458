package io.quorate.election.core;

import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/**
 * A clock in microseconds that runs from one task to the next, and remembers what happened last.
 */
final class VirtualTime {
  static final long MILLI = 1_000;
  static final long SECOND = 1_000 * MILLI;

  /** How many lines of what happened last are kept. */
  private static final int TRACE_LINES = 120;

  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final ArrayDeque<Line> trace = new ArrayDeque<>();
  private long now;
  private long sequence;

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
      return String.format("%,12d us  ", at)
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

  void after(long wait, Runnable task) {
    queue.add(new Due(now + wait, next(), task));
  }

  void run(long time) {
    long end = now + time;
    for (Due due = queue.peek(); due != null && due.at() <= end; due = queue.peek()) {
      queue.remove();
      now = due.at();
      due.task().run();
    }
    now = end;
  }

  void note(Object... words) {
    if (trace.size() == TRACE_LINES) {
      trace.removeFirst();
    }
    trace.add(new Line(now, List.of(words)));
  }

  /** Returns what happened last, one line each. */
  String trace() {
    return trace.stream().map(Line::toString).collect(Collectors.joining("\n"));
  }
}
