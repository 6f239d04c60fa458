package io.quorate.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Who called what, when, and what came back; and whether a sequential model can have done the same:
 * one call after the other, each between its begin and its end.
 *
 * @param <S> the model's state: immutable, with equals
 */
public final class History<S> {

  /** Calls in one history: a set of them is a long. */
  private static final int MAX_CALLS = Long.SIZE;

  private final List<Call<S>> calls = new ArrayList<>();
  private final Set<Place<S>> deadEnds = new HashSet<>();
  private int now;

  /** Starts without a call. */
  public History() {}

  /**
   * What a call does to the model.
   *
   * @param <S> the state
   */
  @FunctionalInterface
  public interface Rule<S> {
    /**
     * Returns what may come of the call.
     *
     * @param state before it
     * @return one for each possible result; none if the call has to wait
     */
    List<Next<S>> from(S state);
  }

  /**
   * What may come of a call.
   *
   * @param <S> the state
   * @param state after it
   * @param result what it returns
   */
  public record Next<S>(S state, String result) {}

  private record Place<S>(long done, S state) {}

  private static final class Call<S> {
    private final String text;
    private final Rule<S> rule;
    private final int begun;
    private int ended = Integer.MAX_VALUE;
    private String result = "has not returned";

    private Call(String text, Rule<S> rule, int begun) {
      this.text = text;
      this.rule = rule;
      this.begun = begun;
    }

    private boolean hasReturned() {
      return ended < Integer.MAX_VALUE;
    }

    @Override
    public String toString() {
      return begun + ".." + (hasReturned() ? ended : "") + " " + text + ": " + result;
    }
  }

  /**
   * Calls and notes it. A call that throws must have changed nothing, and is not noted.
   *
   * @param text for the report
   * @param rule what the model does
   * @param real what the code under test does; returns the result in words
   * @return the result
   * @throws Exception what the call threw
   */
  public String call(String text, Rule<S> rule, Callable<String> real) throws Exception {
    var call = new Call<>(Thread.currentThread().getName() + " " + text, rule, now++);
    calls.add(call);
    try {
      call.result = real.call();
    } catch (Throwable failure) {
      calls.remove(call);
      throw failure;
    }
    call.ended = now++;
    return call.result;
  }

  /**
   * Fails unless there is an order of the calls in which the model gives the same results, and in
   * the end has to let all those wait that have not returned.
   *
   * @param first the model's state at the begin
   */
  public void check(S first) {
    if (calls.size() > MAX_CALLS) {
      throw new IllegalStateException(calls.size() + " calls are too many");
    }
    deadEnds.clear();
    if (!search(0, first)) {
      var report = new StringBuilder("no order explains");
      calls.forEach(call -> report.append("\n  ").append(call));
      throw new AssertionError(report.toString());
    }
  }

  private boolean search(long done, S state) {
    if (!deadEnds.add(new Place<>(done, state))) {
      return false;
    }
    int firstEnd = Integer.MAX_VALUE;
    for (int i = 0; i < calls.size(); i++) {
      firstEnd = isDone(done, i) ? firstEnd : Math.min(firstEnd, calls.get(i).ended);
    }
    if (firstEnd == Integer.MAX_VALUE) {
      return allWait(done, state);
    }
    for (int i = 0; i < calls.size(); i++) {
      Call<S> call = calls.get(i);
      if (isDone(done, i) || !call.hasReturned() || call.begun > firstEnd) {
        continue;
      }
      for (Next<S> next : call.rule.from(state)) {
        if (next.result().equals(call.result) && search(done | 1L << i, next.state())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean allWait(long done, S state) {
    for (int i = 0; i < calls.size(); i++) {
      if (!isDone(done, i) && !calls.get(i).rule.from(state).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDone(long done, int call) {
    return (done & 1L << call) != 0;
  }
}
