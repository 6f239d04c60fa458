package io.quorate.election;

import io.quorate.protocol.ServerId;
import java.time.Duration;

/** Why a term ended. All are immutable. */
public sealed interface Revocation {

  /** The application gave up leading: its task returned, or it closed its leadership. */
  record Resigned() implements Revocation {}

  /**
   * Another server was to lead: asked for, or because it is preferred.
   *
   * @param to the successor; {@link ServerId#NONE} if there was none to name
   */
  record HandedOff(ServerId to) implements Revocation {}

  /** Too few voters had a link to us for long enough that the lease ran out. */
  record QuorumLost() implements Revocation {}

  /** The lease ran out although enough voters had a link to us. */
  record LeaseExpired() implements Revocation {}

  /**
   * This process stood still, and the lease ran out meanwhile.
   *
   * @param pause how long, at least
   */
  record ProcessPaused(Duration pause) implements Revocation {}

  /**
   * Another server leads a later term.
   *
   * @param epoch the later term's
   */
  record Superseded(long epoch) implements Revocation {}

  /**
   * The task threw.
   *
   * @param cause what
   */
  record TaskFailed(Throwable cause) implements Revocation {}

  /** This server was closed. */
  record Closed() implements Revocation {}

  /**
   * This server cannot lead any more.
   *
   * @param reason one line for a person
   */
  record ServerFailed(String reason) implements Revocation {}
}
