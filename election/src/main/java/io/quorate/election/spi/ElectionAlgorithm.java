package io.quorate.election.spi;

import java.util.List;

/**
 * An election as a state machine: an event goes in, actions come out. The same state and event give
 * the same actions: it reads no clock, does no IO, starts no thread and draws no random number.
 *
 * <p>It only nominates. One thread calls it, so it needs no locks. If it throws, its server reports
 * the failure and starts a new algorithm.
 */
@FunctionalInterface
public interface ElectionAlgorithm {

  /**
   * Takes one step.
   *
   * @param event what happened
   * @return what to do, in this order; empty for nothing
   */
  List<Action> on(Event event);
}
