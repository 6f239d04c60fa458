package io.quorate.testkit.world;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plays seeds and scripts, and makes those short that go wrong. */
public final class Runner {

  /** Runs that making a script shorter may take. */
  private static final int MAX_TRIES = 400;

  private final Tried tried;
  private final int voters;
  private final boolean claimsLiveness;

  /**
   * Makes one.
   *
   * @param provider of the algorithm that is tried
   * @param voters how many an ensemble has; 0: that is drawn
   * @param claimsLiveness whether a leader is awaited when the faults are over
   */
  public Runner(ElectionProvider provider, int voters, boolean claimsLiveness) {
    this.tried = new Tried(provider::create, true);
    this.voters = voters;
    this.claimsLiveness = claimsLiveness;
  }

  /**
   * Plays the script of a seed.
   *
   * @param seed which
   * @return what came of it
   */
  public Outcome run(long seed) {
    Run.Result result = play(Drawing.script(seed, voters), false);
    return outcome(result, result.violation().map(it -> shortest(result)));
  }

  /**
   * Plays the script of a seed and keeps what happened.
   *
   * @param seed which
   * @return what came of it
   */
  public Outcome replay(long seed) {
    return told(Drawing.script(seed, voters));
  }

  /**
   * Plays a script and keeps what happened.
   *
   * @param script as text
   * @return what came of it
   */
  public Outcome play(String script) {
    return told(Script.parse(script));
  }

  private Outcome told(Script script) {
    Run.Result result = play(script, true);
    return outcome(result, result.violation().map(_ -> result));
  }

  private Run.Result play(Script script, boolean traced) {
    return Run.of(script, tried, claimsLiveness, traced);
  }

  /**
   * Leaves out what is not needed to break the same property: first large parts of the faults, then
   * each by itself.
   */
  private Run.Result shortest(Run.Result broken) {
    String property = broken.violation().orElseThrow().property();
    Run.Result best = broken;
    int tries = 0;
    for (int size = Math.max(1, best.script().faults().size() / 2); size > 0; size /= 2) {
      int from = 0;
      while (from < best.script().faults().size() && tries < MAX_TRIES) {
        List<PlannedFault> fewer = new ArrayList<>(best.script().faults());
        fewer.subList(from, Math.min(fewer.size(), from + size)).clear();
        Run.Result shorter = play(best.script().with(List.copyOf(fewer)), false);
        tries++;
        if (shorter.violation().filter(it -> it.property().equals(property)).isPresent()) {
          best = shorter;
        } else {
          from += size;
        }
      }
    }
    return best;
  }

  private Outcome outcome(Run.Result result, Optional<Run.Result> shortest) {
    Optional<Violation> violation =
        shortest.map(
            it -> {
              ViolationException why = it.violation().orElseThrow();
              String hash = play(it.script(), true).hash();
              return new Violation(
                  why.property(),
                  String.valueOf(why.getMessage()),
                  it.script().seed(),
                  it.script().text(),
                  hash);
            });
    return new Outcome(
        result.script().seed(),
        result.script().text(),
        violation,
        result.faults(),
        result.elections(),
        result.terms(),
        result.events(),
        result.timeToLeader(),
        result.trace(),
        result.hash());
  }
}
