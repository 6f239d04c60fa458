package io.quorate.faults.ensemble;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** All that the servers of one ensemble told, in all their lives. Safe for use by many threads. */
public final class History {

  private static final int TAIL = 60;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Told> all = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  /** What each life last knew of its leader; absent while it looks. */
  private final Map<Integer, Told.Knows> known = new HashMap<>();

  /** Adds a line that was just read from a process that was started at that time. */
  public void add(Told told, long startedAt) {
    long now = System.nanoTime();
    lock.lock();
    try {
      if (told.nanos() - startedAt < 0 || told.nanos() - now > 0) {
        wrong.add("the processes' clocks are not one: " + told);
      }
      all.add(told);
      switch (told.what()) {
        case Told.Knows knows -> known.put(told.life(), knows);
        case Told.Looking _ -> known.remove(told.life());
        case Told.Listening _,
            Told.Elected _,
            Told.Granted _,
            Told.Valid _,
            Told.Revoked _,
            Told.Other _ -> {}
      }
      if (!(told.what() instanceof Told.Valid)) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Adds something that must not be. */
  public void complain(String violation) {
    lock.lock();
    try {
      wrong.add(violation);
    } finally {
      lock.unlock();
    }
  }

  /** Returns what was complained of. */
  public List<String> complaints() {
    lock.lock();
    try {
      return List.copyOf(wrong);
    } finally {
      lock.unlock();
    }
  }

  /** Returns everything, merged by the time at which it was told. */
  public List<Told> merged() {
    lock.lock();
    try {
      return all.stream().sorted(Comparator.comparingLong(Told::nanos)).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of lines so far: what comes later is told apart by it. */
  public int mark() {
    lock.lock();
    try {
      return all.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns what came after a mark, in the order in which it was read. */
  public List<Told> since(int mark) {
    lock.lock();
    try {
      return List.copyOf(all.subList(mark, all.size()));
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first line after a mark that the function finds something in. */
  public <T> T awaitAfter(int mark, Function<Told, Optional<T>> wanted, Duration limit, String what)
      throws InterruptedException {
    return await(
        () ->
            all.subList(mark, all.size()).stream()
                .flatMap(told -> wanted.apply(told).stream())
                .findFirst(),
        limit,
        what);
  }

  /** Waits until all these lives know the same confirmed leader. */
  public Told.Knows awaitAgreement(List<Integer> lives, Duration limit)
      throws InterruptedException {
    return await(() -> agreement(lives), limit, "the servers agree on a confirmed leader");
  }

  private Optional<Told.Knows> agreement(List<Integer> lives) {
    List<Optional<Told.Knows>> views =
        lives.stream().map(life -> Optional.ofNullable(known.get(life))).distinct().toList();
    return views.size() == 1
        ? views.getFirst().filter(knows -> knows.confirmed())
        : Optional.empty();
  }

  /** A question to the history, asked while nothing is added. */
  private interface Question<T> {
    Optional<T> ask();
  }

  private <T> T await(Question<T> question, Duration limit, String what)
      throws InterruptedException {
    lock.lock();
    try {
      long deadline = System.nanoTime() + limit.toNanos();
      while (true) {
        Optional<T> answer = question.ask();
        if (answer.isPresent()) {
          return answer.get();
        }
        if (changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
          throw new Missing("not in " + limit + ": " + what + "; told last:\n" + tail());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private String tail() {
    List<Told> lines = all.stream().filter(told -> !(told.what() instanceof Told.Valid)).toList();
    var text = new StringBuilder();
    lines
        .subList(Math.max(0, lines.size() - TAIL), lines.size())
        .forEach(told -> text.append("  ").append(told).append('\n'));
    return text.toString();
  }

  /** What was waited for was not told in time. */
  public static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Missing(String message) {
      super(message);
    }
  }
}
