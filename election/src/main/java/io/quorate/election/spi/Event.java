package io.quorate.election.spi;

import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;

/** What an {@link ElectionAlgorithm} is told. All are immutable. */
public sealed interface Event {

  /**
   * Begin a new election: at the start, after each {@link Action.Withdraw}, and at any time when an
   * operator asks for it.
   *
   * @param position how far our history goes now
   */
  record Look(Position position) implements Event {}

  /**
   * A well-formed notification arrived.
   *
   * @param from who sent it, as its link introduced itself; voter, observer or neither
   * @param notification what it says
   */
  record Heard(ServerId from, Notification notification) implements Event {}

  /**
   * A link came up, or took the place of another. Nothing sent before arrives over it.
   *
   * @param peer the other end
   */
  record LinkUp(ServerId peer) implements Event {}

  /**
   * The link to a peer went down.
   *
   * @param peer the other end
   */
  record LinkDown(ServerId peer) implements Event {}

  /**
   * A peer without a link could not be reached.
   *
   * @param peer a configured peer
   */
  record Unreachable(ServerId peer) implements Event {}

  /**
   * A peer has shown, by a frame that only we send, that it is a server of ours and so decides as
   * we do. Forgotten when its link goes down.
   *
   * @param peer the other end
   */
  record Recognized(ServerId peer) implements Event {}

  /**
   * A timer that was set has run out. A cancelled or replaced one never fires.
   *
   * @param timer the name it was set with
   */
  record TimerFired(String timer) implements Event {}

  /**
   * The server was nominated to lead and could not gain what it needs to: it should let others try.
   */
  record NominationFailed() implements Event {}

  /**
   * Whether this server may lead from now on; it may until it is told otherwise. May come before
   * the first {@link Look}. One that may not still votes and follows.
   *
   * @param may false if it is not to nominate itself
   */
  record Eligible(boolean may) implements Event {}

  /**
   * A leader is known to be well: a majority has promised it an epoch, and we hear its heartbeats
   * or are it ourselves. An algorithm may settle on it at once; one that ignores this only costs
   * time. It is no news after the next one of its kind, after {@link Look}, and once the link to
   * that leader is down.
   *
   * @param leader who leads; our own id if it is us
   */
  record Led(ServerId leader) implements Event {}

  /**
   * The voters changed.
   *
   * @param voters how votes are counted from now on
   */
  record Reconfigured(QuorumVerifier voters) implements Event {}
}
