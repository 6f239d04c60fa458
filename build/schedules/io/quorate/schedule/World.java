package io.quorate.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: virtual threads that take turns on one carrier, in an order that a seed decides.
 * They change where they wait, and at the points that {@link PointsLoader} puts before each use of
 * a field or a method. Nobody else's threads take part, so the same seed gives the same schedule;
 * and when nobody can go on, whoever has not ended never will.
 */
public final class World {

  /** Changes of threads in one schedule; beyond, they are taken to go round in circles. */
  private static final int MAX_TURNS = 1_000_000;

  /** A thread gives way at every point at the least, and at one of 2 to this at the most. */
  private static final int RAREST = 7;

  /** How often a thread gives way in one {@link #pause}; less than this. */
  private static final int LONGEST_PAUSE = 40;

  private static @Nullable World current;

  private final Random random;
  private final int rarity;
  private final boolean unfair;
  private final Executor carrier = this::ready;
  private final Thread runner = Thread.currentThread();
  private final List<Runnable> ready = new ArrayList<>();
  private final IdentityHashMap<Runnable, Integer> ranks = new IdentityHashMap<>();
  private final List<Thread> forked = new ArrayList<>();
  private final ArrayDeque<Thread> untilQuiet = new ArrayDeque<>();
  private @Nullable Runnable running;
  private @Nullable Throwable failure;
  private volatile @Nullable Thread outside;
  private long trace;

  World(long seed) {
    this.random = new Random(seed);
    this.rarity = 1 << random.nextInt(RAREST);
    this.unfair = random.nextBoolean();
  }

  /** What a thread of a scenario does. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs on the thread.
     *
     * @throws Exception if the property does not hold
     */
    void run() throws Exception;
  }

  /**
   * Returns what a scenario decides by chance with.
   *
   * @return the seed's own
   */
  public Random random() {
    return random;
  }

  /**
   * Starts a virtual thread. Those that it starts itself belong to this schedule too.
   *
   * @param name for the report
   * @param body what it does; the schedule fails if it throws
   * @return the thread
   */
  public Thread fork(String name, Body body) {
    Thread thread = Carriers.builder(carrier).name(name).unstarted(() -> guard(name, body));
    forked.add(thread);
    thread.start();
    return thread;
  }

  private void guard(String name, Body body) {
    try {
      body.run();
    } catch (Throwable cause) {
      if (failure == null) {
        failure = new AssertionError(name + ": " + cause.getMessage(), cause);
      }
    }
  }

  /** Lets others go first, for a while that chance decides. */
  public void pause() {
    for (int left = random.nextInt(LONGEST_PAUSE); left > 0; left--) {
      giveWay();
    }
  }

  /** Waits until no other thread can go on. */
  public void quiet() {
    Thread me = Thread.currentThread();
    untilQuiet.add(me);
    while (untilQuiet.contains(me)) {
      LockSupport.park(this);
    }
  }

  /** A point where another thread may take its turn. Called by the code under test. */
  public static void point() {
    World world = current;
    if (world != null && Thread.currentThread().isVirtual()) {
      world.mayGiveWay();
    }
  }

  private void mayGiveWay() {
    if (random.nextInt(rarity) == 0) {
      giveWay();
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // Here yielding asks our own carrier, which obeys.
  private void giveWay() {
    if (unfair) {
      ranks.put(running, random.nextInt());
    }
    Thread.yield();
  }

  private void ready(Runnable turn) {
    Thread waker = Thread.currentThread();
    if (waker != runner && !waker.isVirtual()) {
      outside = waker;
      throw new IllegalStateException("a thread from outside: " + waker);
    }
    ready.add(turn);
  }

  /**
   * Runs until nobody can go on; returns what is particular to the order of the turns.
   *
   * @throws AssertionError if a thread threw, or has not ended
   */
  long run(Schedules.Scenario scenario) {
    current = this;
    try {
      fork("main", () -> scenario.run(this));
      for (int turn = 0; step(); turn++) {
        if (turn == MAX_TURNS) {
          throw new AssertionError("no end after " + turn + " turns");
        }
      }
    } finally {
      current = null;
    }
    if (failure != null) {
      throw new AssertionError(failure.getMessage(), failure);
    }
    if (outside != null) {
      throw new AssertionError("a thread of the schedule waited for one from outside: " + outside);
    }
    List<Thread> stuck = forked.stream().filter(Thread::isAlive).toList();
    if (!stuck.isEmpty()) {
      throw stuck(stuck);
    }
    return trace;
  }

  private boolean step() {
    if (ready.isEmpty()) {
      if (untilQuiet.isEmpty()) {
        return false;
      }
      LockSupport.unpark(untilQuiet.remove());
    }
    int place = unfair ? highest() : random.nextInt(ready.size());
    trace = 31 * trace + 7L * ready.size() + place;
    running = ready.remove(place);
    running.run();
    return true;
  }

  /** Those that rank low wait long, which no fair order does to anybody. */
  private int highest() {
    int best = 0;
    for (int i = 1; i < ready.size(); i++) {
      best = rank(ready.get(i)) > rank(ready.get(best)) ? i : best;
    }
    return best;
  }

  private int rank(Runnable turn) {
    return ranks.computeIfAbsent(turn, _ -> random.nextInt());
  }

  private static AssertionError stuck(List<Thread> threads) {
    var report =
        new AssertionError("waits for ever: " + threads.stream().map(Thread::getName).toList());
    for (Thread thread : threads) {
      var where = new AssertionError(thread.getName() + " waits here");
      where.setStackTrace(thread.getStackTrace());
      report.addSuppressed(where);
    }
    return report;
  }
}
