package io.quorate.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sum of many runs. Not safe for use by several threads. */
public final class Report {

  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final List<Long> nanosToLeader = new ArrayList<>();
  private final List<Violation> violations = new ArrayList<>();
  private long runs;
  private long elections;
  private long terms;
  private long events;

  /** Makes one of no runs. */
  public Report() {}

  /**
   * Adds a run.
   *
   * @param outcome what came of it
   */
  public void add(Outcome outcome) {
    runs++;
    elections += outcome.elections();
    terms += outcome.terms();
    events += outcome.events();
    outcome.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
    outcome.nanosToLeader().ifPresent(nanosToLeader::add);
    outcome.violation().ifPresent(violations::add);
  }

  /**
   * Returns how many runs there were.
   *
   * @return their number
   */
  public long runs() {
    return runs;
  }

  /**
   * Returns how often a server looked for a leader.
   *
   * @return the sum over all runs
   */
  public long elections() {
    return elections;
  }

  /**
   * Returns how often somebody was granted to lead.
   *
   * @return the sum over all runs
   */
  public long terms() {
    return terms;
  }

  /**
   * Returns how many steps all runs took.
   *
   * @return their number
   */
  public long events() {
    return events;
  }

  /**
   * Returns how often each fault took effect.
   *
   * @return by fault; all faults are there
   */
  public Map<Fault, Long> faults() {
    var all = new EnumMap<Fault, Long>(Fault.class);
    for (Fault fault : Fault.values()) {
      all.put(fault, faults.getOrDefault(fault, 0L));
    }
    return Collections.unmodifiableMap(all);
  }

  /**
   * Returns the median time from the end of faults until a leader stood.
   *
   * @return virtual nanoseconds; empty if none was awaited
   */
  public Optional<Long> medianNanosToLeader() {
    return nanosToLeader.stream().sorted().skip(nanosToLeader.size() / 2).findFirst();
  }

  /**
   * Returns the longest time from the end of faults until a leader stood.
   *
   * @return virtual nanoseconds; empty if none was awaited
   */
  public Optional<Long> maxNanosToLeader() {
    return nanosToLeader.stream().max(Long::compare);
  }

  /**
   * Returns what went wrong.
   *
   * @return in the order of the runs
   */
  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  /**
   * Fails if something went wrong, with the script that shows it: for a test.
   *
   * @throws AssertionError if there is a violation
   */
  public void requireNoViolation() {
    if (!violations.isEmpty()) {
      Violation first = violations.getFirst();
      throw new AssertionError(
          "%s is broken by seed %d: %s%nSimulation.play plays this again, with hash %s:%n%s"
              .formatted(
                  first.property(), first.seed(), first.detail(), first.hash(), first.script()));
    }
  }
}
