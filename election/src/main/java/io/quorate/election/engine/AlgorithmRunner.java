package io.quorate.election.engine;

import io.quorate.election.engine.Timer.OfAlgorithm;
import io.quorate.election.engine.Timer.OfEngine;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs an algorithm and contains it: one that throws or asks for too much is replaced by a new one
 * after a wait, and one that fails again and again stops its server. Events wait until the end of a
 * step, so that the algorithm sees one at a time and looks first where it has to. Not safe for use
 * by several threads.
 */
final class AlgorithmRunner {

  /** What the engine makes of the algorithm. */
  interface Owner {
    /** The algorithm has come to a result. */
    void nominated(Vote vote, long round);

    /** An election goes on in this round. */
    void lookingIn(long round);

    /** The last result no longer holds. */
    void withdrawn();

    /** Returns what an algorithm has to be told that knows nothing yet. */
    List<Event> knowledge();

    /** Returns what an algorithm has to be told after it was made to look. */
    List<Event> reminder();
  }

  private final Supplier<ElectionAlgorithm> algorithms;
  private final Consumer<ElectionCounter> counters;
  private final Shown shown;
  private final List<Output> out;
  private final Owner owner;

  private @Nullable ElectionAlgorithm algorithm;
  private final Set<String> timers = new HashSet<>();
  private final ArrayDeque<Event> events = new ArrayDeque<>();

  /** The algorithm is to look before it hears of anything else. */
  private boolean mustLook;

  /** It has been made to look, and has not come to a result since. */
  private boolean looks = true;

  private boolean stopped;
  private int withdrawalsAtOnce;
  private int failures;
  private int restarts;

  AlgorithmRunner(
      Supplier<ElectionAlgorithm> algorithms,
      Consumer<ElectionCounter> counters,
      Shown shown,
      List<Output> out,
      Owner owner) {
    this.algorithms = algorithms;
    this.counters = counters;
    this.shown = shown;
    this.out = out;
    this.owner = owner;
  }

  boolean mustLook() {
    return mustLook;
  }

  boolean isStopped() {
    return stopped;
  }

  boolean looks() {
    return looks;
  }

  /** Another input than an answer begins. */
  void beginInput() {
    withdrawalsAtOnce = 0;
  }

  /** Tells the algorithm at the end of this step. */
  void feed(Event event) {
    if (algorithm != null) {
      events.add(event);
    }
  }

  /** Tells the algorithm again who leads. */
  void remind() {
    owner.reminder().forEach(this::feed);
  }

  /** Ends a step: tells the algorithm what waits, as far as it may hear it now. */
  void endStep() {
    while (!mustLook && !events.isEmpty()) {
      tell(events.remove());
    }
    if (mustLook && !stopped) {
      out.add(new Output.AskPosition());
    } else {
      shown.tellLooking();
    }
  }

  // ---- looking ----

  /** The first election, or the first of a new algorithm. */
  void start() {
    mustLook = true;
  }

  void lookAgain(String reason) {
    if (algorithm != null && !mustLook) {
      withdraw(reason);
    }
  }

  /** What it decided does not hold, by its own word or because it cannot be. */
  void withdraw(String reason) {
    counters.accept(ElectionCounter.WITHDRAWALS);
    out.add(new Output.Note("looks again: " + reason));
    looks = true;
    mustLook = true;
    owner.withdrawn();
    if (++withdrawalsAtOnce >= Engine.MAX_WITHDRAWALS_AT_ONCE) {
      shown.warn(
          "withdrawnAtOnce", withdrawalsAtOnce + " times in a row; a new algorithm begins later");
      restartLater();
    }
  }

  void lookWithoutPosition(Throwable cause) {
    counters.accept(ElectionCounter.POSITION_FAILURES);
    blame("positionFailed", "the application cannot tell its position", cause);
    out.add(new Output.SetTimer(OfEngine.POSITION, Engine.POSITION_RETRY));
    look(Position.NO_STATE);
  }

  void look(Position position) {
    mustLook = false;
    counters.accept(ElectionCounter.ELECTIONS_STARTED);
    if (algorithm == null) {
      begin();
    }
    tellEligibility();
    if (algorithm != null) {
      tell(new Event.Look(position));
      events.addAll(owner.reminder());
    }
  }

  /** One that looks first would nominate us at once where nobody else votes, again and again. */
  private void tellEligibility() {
    List<Event> news = events.stream().filter(Event.Eligible.class::isInstance).toList();
    events.removeAll(news);
    news.forEach(this::tell);
  }

  private void begin() {
    events.clear();
    try {
      algorithm = requireResult(algorithms.get());
      events.addAll(owner.knowledge());
    } catch (Throwable cause) {
      failed(cause);
    }
  }

  // ---- events and actions ----

  private void tell(Event event) {
    if (algorithm == null) {
      return;
    }
    List<Action> actions;
    try {
      actions = List.copyOf(requireFew(requireResult(algorithm.on(event))));
    } catch (Throwable cause) {
      failed(cause);
      return;
    }
    for (Action action : actions) {
      if (algorithm != null) {
        perform(action);
      }
    }
  }

  void onTimer(String name) {
    if (timers.remove(name)) {
      feed(new Event.TimerFired(name));
    }
  }

  private void perform(Action action) {
    switch (action) {
      case Action.Send(ServerId to, var notification) ->
          out.add(new Output.Transmit(to, notification));
      case Action.SetTimer(String name, Duration after) -> setTimer(name, after);
      case Action.CancelTimer(String name) -> {
        if (timers.remove(name)) {
          out.add(new Output.CancelTimer(new OfAlgorithm(name)));
        }
      }
      case Action.Looking(long round) -> {
        looks = true;
        owner.lookingIn(round);
      }
      case Action.Nominate(Vote vote, long round) -> {
        looks = false;
        owner.nominated(vote, round);
      }
      case Action.Withdraw(String reason) -> withdraw(reason);
      case Action.Warn(String code, String detail) -> {
        counters.accept(ElectionCounter.VOTES_IGNORED);
        shown.warn(code, detail);
      }
    }
  }

  private void setTimer(String name, Duration after) {
    timers.add(name);
    if (timers.size() > Engine.MAX_TIMERS) {
      failed(new IllegalStateException("more than " + Engine.MAX_TIMERS + " timers are set"));
    } else {
      out.add(new Output.SetTimer(new OfAlgorithm(name), after));
    }
  }

  // ---- failures ----

  /** The present algorithm has done well for a while. */
  void forgetFailures() {
    failures = 0;
    restarts = 0;
  }

  private void failed(Throwable cause) {
    counters.accept(ElectionCounter.ALGORITHM_FAILURES);
    failures++;
    blame("algorithmFailed", "the election algorithm failed", cause);
    restartLater();
    if (failures >= Engine.MAX_FAILURES) {
      shown.tellLooking();
      stopped = true;
    }
  }

  /** Returns why the server stops. */
  String reasonToStop() {
    return "the election algorithm failed " + failures + " times";
  }

  /** Lets go of the present algorithm; a new one begins after a wait that grows. */
  private void restartLater() {
    algorithm = null;
    events.clear();
    timers.forEach(name -> out.add(new Output.CancelTimer(new OfAlgorithm(name))));
    timers.clear();
    withdrawalsAtOnce = 0;
    looks = true;
    owner.withdrawn();
    mustLook = false;
    Duration wait = Engine.RESTART_MIN.multipliedBy(1L << Math.min(restarts++, 30));
    out.add(
        new Output.SetTimer(
            OfEngine.RESTART, wait.compareTo(Engine.RESTART_MAX) < 0 ? wait : Engine.RESTART_MAX));
    out.add(new Output.SetTimer(OfEngine.STABLE, Engine.RESTART_MAX.plus(Engine.STABLE_AFTER)));
  }

  /** Tells it in one line and logs the cause, as often as warnings are told. */
  private void blame(String code, String what, Throwable cause) {
    String line = cause.toString().lines().findFirst().orElse("");
    if (shown.warn(code, what + ": " + line)) {
      out.add(new Output.Blame(what, cause));
    }
  }

  private static <T> T requireResult(@Nullable T result) {
    if (result == null) {
      throw new IllegalStateException("it returned null");
    }
    return result;
  }

  private static List<Action> requireFew(List<Action> actions) {
    if (actions.size() > Engine.MAX_ACTIONS) {
      throw new IllegalStateException("it asked for " + actions.size() + " actions at once");
    }
    return actions;
  }
}
