package io.quorate.election.driver;

import io.quorate.election.spi.Position;
import io.quorate.transport.TransportEvent;

/** What an {@link Engine} is told. */
sealed interface Input {

  /** The first input. */
  record Start() implements Input {}

  /** Something came from the transport. */
  record Happened(TransportEvent event) implements Input {}

  /** A timer that was set has run out. */
  record TimerFired(Timer timer) implements Input {}

  /** The answer to {@link Output.AskPosition}. */
  record Positioned(Position position) implements Input {}

  /** The other answer to {@link Output.AskPosition}: the application failed to tell. */
  record NoPosition(Throwable cause) implements Input {}

  /** The operator wants a new election. */
  record LookAgain() implements Input {}
}
