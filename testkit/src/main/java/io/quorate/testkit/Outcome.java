package io.quorate.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What came of one run. Immutable.
 *
 * @param seed of the run
 * @param script what was played, as text
 * @param violation what went wrong; empty if nothing did
 * @param faults how often each fault took effect
 * @param elections how often a server looked for a leader
 * @param terms how often somebody was granted to lead
 * @param events how many steps the run took
 * @param nanosToLeader virtual nanoseconds from the end of faults until a leader stood; empty if it
 *     was not awaited
 * @param story what happened, a line each; empty unless it was asked for
 * @param hash a checksum of the story, the same whenever the same is played
 */
public record Outcome(
    long seed,
    String script,
    Optional<Violation> violation,
    Map<Fault, Long> faults,
    long elections,
    long terms,
    long events,
    OptionalLong nanosToLeader,
    List<String> story,
    String hash) {

  /** Makes copies of what could change. */
  public Outcome {
    faults = Map.copyOf(faults);
    story = List.copyOf(story);
  }
}
