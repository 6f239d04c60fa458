package io.quorate.election.engine;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Message;
import io.quorate.protocol.ServerId;
import java.time.Duration;

/** What an {@link Engine} asks for, to be done in this order. */
public sealed interface Output {

  /**
   * Send a message; it takes the place of an unsent older one of its type to the same peer.
   *
   * @param to the peer
   * @param message what
   */
  record Transmit(ServerId to, Message message) implements Output {}

  /**
   * Fire a timer once; replaces one of the same name.
   *
   * @param timer its name
   * @param after from now
   */
  record SetTimer(Timer timer, Duration after) implements Output {}

  /**
   * Forget a timer.
   *
   * @param timer its name
   */
  record CancelTimer(Timer timer) implements Output {}

  /**
   * Make this durable, then answer with {@link Input.Persisted} or {@link Input.PersistFailed}.
   * There is never more than one unanswered.
   *
   * @param state what
   */
  record Persist(EpochState state) implements Output {}

  /**
   * A term of ours begins.
   *
   * @param token its number and our id
   * @param validUntil the end of the lease, by the clock of the inputs, in nanoseconds
   */
  record Grant(FencingToken token, long validUntil) implements Output {}

  /**
   * The lease of our term lasts longer.
   *
   * @param epoch the term's
   * @param validUntil its new end
   */
  record Renew(long epoch, long validUntil) implements Output {}

  /**
   * Our term is over. Answered with {@link Input.TermEnded} when no task of it runs any more.
   *
   * @param token which
   * @param cause why
   */
  record Revoke(FencingToken token, Revocation cause) implements Output {}

  /**
   * The answer to {@link Input.Confirm}. None comes if the term ends before.
   *
   * @param request the question
   */
  record Confirmed(long request) implements Output {}

  /**
   * Publish what we know.
   *
   * @param view it
   */
  record Show(LeaderView view) implements Output {}

  /**
   * Tell the listeners.
   *
   * @param event what
   */
  record Tell(ElectionEvent event) implements Output {}

  /**
   * Write a line to the log.
   *
   * @param line for a person
   */
  record Note(String line) implements Output {}

  /**
   * Write a failure of somebody's code to the log, with its cause.
   *
   * @param what failed, for a person
   * @param cause why
   */
  record Blame(String what, Throwable cause) implements Output {}

  /**
   * Ask the application how far its history goes, and answer with {@link Input.Positioned} or
   * {@link Input.NoPosition} before any other input. Always the last output.
   */
  record AskPosition() implements Output {}

  /** Everything is said that {@link Input.Leave} asked for: close. */
  record Left() implements Output {}

  /**
   * Stop this server. Always the last output.
   *
   * @param reason one line for a person
   */
  record Stop(String reason) implements Output {}
}
