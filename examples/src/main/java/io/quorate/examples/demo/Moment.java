package io.quorate.examples.demo;

import io.quorate.election.ElectionEvent;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;

/**
 * Something that one of the servers told.
 *
 * @param server who
 * @param atNanos when, on the scale of {@link System#nanoTime}
 * @param news what
 */
record Moment(ServerId server, long atNanos, News news) {

  /** What a server can tell. */
  sealed interface News {}

  /**
   * An event that any listener gets.
   *
   * @param event which
   */
  record Told(ElectionEvent event) implements News {}

  /**
   * The server looks for a leader. Told by the election itself, so that it stands before its votes.
   *
   * @param round in which round
   */
  record Looks(long round) implements News {}

  /**
   * The server votes for somebody, while it looks.
   *
   * @param vote for whom
   */
  record Votes(Vote vote) implements News {}
}
