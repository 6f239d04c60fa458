package io.quorate.examples.node;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that a server has to tell.
 *
 * @param at when, by the clock on the wall
 * @param nanos when, by the monotonic clock; on Linux all processes of a machine have the same one
 * @param what what
 */
record News(Instant at, long nanos, What what) {

  /** What there is to tell. */
  sealed interface What {}

  /**
   * What any listener is told.
   *
   * @param event which
   */
  record Told(ElectionEvent event) implements What {}

  /**
   * The server's leadership was valid: that was asked after the time of the news was taken.
   *
   * @param token the term's
   * @param remaining how long it lasts at least, without word from a majority
   */
  record Valid(FencingToken token, Duration remaining) implements What {}
}
