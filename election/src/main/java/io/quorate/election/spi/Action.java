package io.quorate.election.spi;

import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.time.Duration;

/** What an {@link ElectionAlgorithm} asks for. All are immutable. */
public sealed interface Action {

  /**
   * Send a notification. It takes the place of an unsent older one to the same peer, and is dropped
   * if no link to it is up.
   *
   * @param to the peer
   * @param notification what to say
   */
  record Send(ServerId to, Notification notification) implements Action {}

  /**
   * Fire a timer once. Replaces one of the same name.
   *
   * @param timer its name
   * @param after from now, positive
   */
  record SetTimer(String timer, Duration after) implements Action {}

  /**
   * Forget a timer. Does nothing if none of that name is set.
   *
   * @param timer its name
   */
  record CancelTimer(String timer) implements Action {}

  /**
   * Show that an election is going on.
   *
   * @param round its number
   */
  record Looking(long round) implements Action {}

  /**
   * The election has come to a result for this server.
   *
   * @param vote who should lead; our own id if it is us
   * @param round the round in which it was decided
   */
  record Nominate(Vote vote, long round) implements Action {}

  /**
   * The result no longer holds, or the election must begin anew. Answered with {@link Event.Look}
   * before any other event.
   *
   * @param reason one line for a person
   */
  record Withdraw(String reason) implements Action {}

  /**
   * Count and show something odd that was ignored.
   *
   * @param code what kind, in camel case
   * @param detail one line for a person
   */
  record Warn(String code, String detail) implements Action {}
}
