package io.quorate.testkit.exhaustive;

import io.quorate.testkit.exhaustive.Choice.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Goes from the first state of a world to all that can be reached with so many choices, the nearest
 * first, and to each once.
 */
final class Explorer {

  /** Choices after which a world must have begun; far more than it takes. */
  private static final int LONGEST_BEGIN = 500;

  private static final int FIRST_PARENTS = 1 << 12;

  private final Scenario scenario;
  private final SmallWorld world;
  private final List<Integer> begin = new ArrayList<>();
  private final Visited visited = new Visited();
  private final int[] choices = new int[SmallWorld.MAX_CHOICES];

  /** By the number of a state: the one from which it was reached first, and by which choice. */
  private int[] parents = new int[FIRST_PARENTS];

  private int[] reachedBy = new int[FIRST_PARENTS];

  /** The states of one depth, one after the other; the number of the first. */
  private int[] level;

  private int first;

  /** The last instant, by the clock of the world. */
  private long end;

  private int[] next = new int[0];
  private int nextSize;
  private long transitions;
  private Optional<Found> found = Optional.empty();

  /**
   * A broken rule.
   *
   * @param rule what is broken
   * @param path the choices that lead to it, from a world in which nothing has happened
   */
  record Found(String rule, List<Integer> path) {}

  /**
   * What came out.
   *
   * @param depth the most choices after the begin
   * @param complete whether nothing can happen any more after the longest of all paths
   * @param states how many there are, all told apart
   * @param transitions choices taken, those that led to known states included
   * @param terms the most that were granted on one path
   * @param engineStates states of single engines among them
   * @param found what is broken, if anything is
   */
  record Report(
      int depth,
      boolean complete,
      int states,
      long transitions,
      int terms,
      int engineStates,
      Optional<Found> found) {}

  Explorer(Scenario scenario) {
    this.scenario = scenario;
    this.world = new SmallWorld(scenario);
    this.level = new int[0];
  }

  /** Explores to a depth, or until a rule is broken. */
  Report explore(int depth) {
    level = begin();
    end = world.now(level) + scenario.time().toNanos();
    visited.add(level);
    int reached = 0;
    while (reached < depth && level.length > 0 && found.isEmpty()) {
      expand();
      reached++;
    }
    Engines engines = world.engines();
    return new Report(
        reached,
        level.length == 0,
        visited.size(),
        transitions,
        world.mostTerms(),
        engines.size(),
        found);
  }

  // ---- what was found ----

  /** Returns how many states were reached with the most choices. */
  int deepest() {
    return level.length / world.length();
  }

  /**
   * Returns whether new engines that are given all inputs of the path to one of the deepest states
   * end there too. If not, states that differ were taken for the same.
   */
  boolean isReachedAgain(int which) {
    int length = world.length();
    int[] state = Arrays.copyOfRange(level, which * length, (which + 1) * length);
    var other = new SmallWorld(scenario);
    int[] again = other.nothing();
    pathTo(first + which).forEach(choice -> other.apply(again, choice));
    return world.contents(state).equals(other.contents(again));
  }

  // ---- the begin ----

  private int[] begin() {
    int[] state = world.nothing();
    int count = scenario.servers();
    for (int server = 0; server < count; server++) {
      take(state, Choice.of(Kind.START, server, 0));
    }
    boolean all = scenario.begin() != Scenario.Begin.LED_WITHOUT_THE_FIRST;
    for (int a = all ? 0 : 1; a < count; a++) {
      for (int b = a + 1; b < count; b++) {
        take(state, Choice.of(Kind.CONNECT, a, b));
      }
    }
    if (scenario.begin() != Scenario.Begin.STARTED) {
      elect(state);
    }
    return state;
  }

  /** Everything goes well until somebody leads and all who are linked have heard of it. */
  private void elect(int[] state) {
    while (true) {
      if (begin.size() > LONGEST_BEGIN) {
        throw new IllegalStateException("nobody leads after " + begin.size() + " choices");
      }
      int total = world.choices(state, Long.MAX_VALUE, choices);
      int best = -1;
      for (int at = 0; at < total; at++) {
        int rank = rank(state, choices[at]);
        if (rank > 0 && (best < 0 || rank > rank(state, choices[best]))) {
          best = at;
        }
      }
      if (best < 0) {
        return;
      }
      take(state, choices[best]);
    }
  }

  /** Writes, then messages, then timers as long as nobody leads; 0 for what is not to happen. */
  private int rank(int[] state, int choice) {
    return switch (Choice.of(choice).kind()) {
      case WRITE -> 3;
      case DELIVER -> 2;
      case FIRE ->
          world.history(state).leaders().isEmpty() && world.isInTime(state, choice) ? 1 : 0;
      case LOSE, END_TASK, START, CRASH, CONNECT, BREAK, HAND_OFF, LEAVE -> 0;
    };
  }

  private void take(int[] state, int choice) {
    world.apply(state, choice);
    begin.add(choice);
  }

  // ---- one choice further ----

  private void expand() {
    int length = world.length();
    int count = level.length / length;
    next = new int[level.length];
    nextSize = 0;
    var from = new int[length];
    var to = new int[length];
    for (int at = 0; at < count && found.isEmpty(); at++) {
      System.arraycopy(level, at * length, from, 0, length);
      int total = world.choices(from, end, choices);
      for (int choice = 0; choice < total && found.isEmpty(); choice++) {
        System.arraycopy(from, 0, to, 0, length);
        follow(first + at, to, choices[choice]);
      }
    }
    first += count;
    level = Arrays.copyOf(next, nextSize);
  }

  private void follow(int parent, int[] state, int choice) {
    transitions++;
    try {
      world.apply(state, choice);
    } catch (Violation broken) {
      List<Integer> path = pathTo(parent);
      path.add(choice);
      found = Optional.of(new Found(String.valueOf(broken.getMessage()), path));
      return;
    }
    if (visited.add(state)) {
      remember(visited.size() - 1, parent, choice);
      if (nextSize + state.length > next.length) {
        next = Arrays.copyOf(next, Math.max(2 * next.length, state.length));
      }
      System.arraycopy(state, 0, next, nextSize, state.length);
      nextSize += state.length;
    }
  }

  private void remember(int number, int parent, int choice) {
    if (number >= parents.length) {
      parents = Arrays.copyOf(parents, 2 * parents.length);
      reachedBy = Arrays.copyOf(reachedBy, 2 * reachedBy.length);
    }
    parents[number] = parent;
    reachedBy[number] = choice;
  }

  /** Returns the choices that lead to a state, those of the begin included. */
  private List<Integer> pathTo(int number) {
    var path = new ArrayList<Integer>();
    for (int at = number; at > 0; at = parents[at]) {
      path.addFirst(reachedBy[at]);
    }
    path.addAll(0, begin);
    return path;
  }
}
