package io.quorate.election.engine;

import io.quorate.election.Revocation;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import java.time.Duration;
import java.util.Optional;

/** What an {@link Engine} is told. */
public sealed interface Input {

  /** The first input. */
  record Start() implements Input {}

  /**
   * Something came from the transport.
   *
   * @param event what
   */
  record Happened(TransportEvent event) implements Input {}

  /**
   * A timer that was set has run out.
   *
   * @param timer which
   */
  record TimerFired(Timer timer) implements Input {}

  /**
   * The answer to {@link Output.AskPosition}.
   *
   * @param position how far our history goes
   */
  record Positioned(Position position) implements Input {}

  /**
   * The other answer to {@link Output.AskPosition}: the application failed to tell.
   *
   * @param cause why
   */
  record NoPosition(Throwable cause) implements Input {}

  /** The answer to {@link Output.Persist}: it is durable. */
  record Persisted() implements Input {}

  /**
   * The other answer to {@link Output.Persist}: nobody knows what is durable now.
   *
   * @param cause why
   */
  record PersistFailed(Throwable cause) implements Input {}

  /**
   * The answer to {@link Output.Revoke}: no task of that term runs any more.
   *
   * @param epoch the term's
   */
  record TermEnded(long epoch) implements Input {}

  /** The operator wants a new election. */
  record LookAgain() implements Input {}

  /**
   * The application gives up its term; nothing happens if that is not the present one.
   *
   * @param epoch the term's
   * @param why what to say
   */
  record GiveUp(long epoch, Revocation why) implements Input {}

  /**
   * Another server is to lead.
   *
   * @param to which; empty: whoever is best
   * @param cooldown how long we do not stand afterwards
   */
  record HandOff(Optional<ServerId> to, Duration cooldown) implements Input {}

  /**
   * Whether we may lead from now on.
   *
   * @param may if so
   */
  record Eligible(boolean may) implements Input {}

  /**
   * Tell, by {@link Output.Confirmed}, as soon as a majority has acknowledged something that we
   * said after this.
   *
   * @param epoch the term for which it is asked
   * @param request names the question
   */
  record Confirm(long epoch, long request) implements Input {}

  /** The server is about to be closed: hand off, and say {@link Output.Left}. */
  record Leave() implements Input {}
}
