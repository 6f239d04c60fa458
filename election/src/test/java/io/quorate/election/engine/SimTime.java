package io.quorate.election.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/**
 * The true time of a simulation in nanoseconds, which nobody in it knows: it runs from one task to
 * the next, and remembers what happened last.
 */
final class SimTime {
  static final long MICRO = 1_000;
  static final long MILLI = 1_000 * MICRO;
  static final long SECOND = 1_000 * MILLI;

  /** How many lines of what happened last are kept. */
  private static final int TRACE_LINES = Integer.getInteger("sim.trace", 150);

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
      return String.format("%,14d us  ", at / MICRO)
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
