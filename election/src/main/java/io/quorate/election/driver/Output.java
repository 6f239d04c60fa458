package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderView;
import io.quorate.protocol.Message;
import io.quorate.protocol.ServerId;
import java.time.Duration;

/** What an {@link Engine} asks for, to be done in this order. */
sealed interface Output {

  /** Send a message that tells a state. */
  record Transmit(ServerId to, Message message) implements Output {}

  /** Fire a timer once; replaces one of the same name. */
  record SetTimer(Timer timer, Duration after) implements Output {}

  /** Forget a timer. */
  record CancelTimer(Timer timer) implements Output {}

  /** Publish what we know. */
  record Show(LeaderView view) implements Output {}

  /** Tell the listeners. */
  record Tell(ElectionEvent event) implements Output {}

  /** Write a line to the log. */
  record Note(String line) implements Output {}

  /** Write a failure of somebody's code to the log, with its cause. */
  record Blame(String what, Throwable cause) implements Output {}

  /**
   * Ask the application how far its history goes, and answer with {@link Input.Positioned} or
   * {@link Input.NoPosition} before any other input. Always the last output.
   */
  record AskPosition() implements Output {}

  /** Stop this server. Always the last output. */
  record Stop(String reason) implements Output {}
}
