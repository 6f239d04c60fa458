package io.quorate.examples.probe;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import java.util.Optional;

/** What became of asking one address. Immutable. */
sealed interface Answer {

  /** The address as it was given. */
  HostPort address();

  /**
   * A server told its own opinion.
   *
   * @param address the address as it was given
   * @param id who it is; empty if neither it nor its configuration tells
   * @param opinion what it said
   */
  record Opinion(HostPort address, Optional<ServerId> id, Notification opinion) implements Answer {}

  /**
   * Nobody answered.
   *
   * @param address the address as it was given
   * @param error why, in a line
   */
  record NoAnswer(HostPort address, String error) implements Answer {}
}
