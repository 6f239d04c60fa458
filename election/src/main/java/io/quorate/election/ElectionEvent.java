package io.quorate.election;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import java.net.SocketAddress;

/** What {@link LeaderElection#onEvent} tells. All are immutable. */
public sealed interface ElectionEvent {

  /** A change of what we do. Conflated when a listener is slow: the last one is never lost. */
  sealed interface StateChange extends ElectionEvent {}

  /**
   * The listener is bound.
   *
   * @param address where
   */
  record Listening(SocketAddress address) implements ElectionEvent {}

  /**
   * An election began, or went on in a larger round.
   *
   * @param round its number
   */
  record Looking(long round) implements StateChange {}

  /**
   * An election ended.
   *
   * @param leader who was nominated
   * @param round the number of the election
   * @param zxid the leader's position
   * @param peerEpoch the epoch of that position
   */
  record Elected(ServerId leader, long round, long zxid, long peerEpoch) implements ElectionEvent {}

  /**
   * We follow.
   *
   * @param leader whom
   * @param epoch its epoch
   * @param confirmed whether a majority promised it that epoch
   */
  record Following(ServerId leader, long epoch, boolean confirmed) implements StateChange {}

  /**
   * We lead.
   *
   * @param leader our own id
   * @param epoch our epoch
   * @param confirmed whether a majority promised us that epoch
   */
  record Leading(ServerId leader, long epoch, boolean confirmed) implements StateChange {}

  /**
   * We do not vote, and know who leads.
   *
   * @param leader whom we observe
   * @param epoch its epoch
   * @param confirmed whether a majority promised it that epoch
   */
  record Observing(ServerId leader, long epoch, boolean confirmed) implements StateChange {}

  /**
   * A term of ours began: a majority has promised it to us.
   *
   * @param token what to show to the resources that we guard
   */
  record Granted(FencingToken token) implements ElectionEvent {}

  /**
   * A term of ours is over. Follows each {@link Granted}, with the same token, before the next.
   *
   * @param token the term's
   * @param cause why
   */
  record Revoked(FencingToken token, Revocation cause) implements ElectionEvent {}

  /**
   * A link came up. Anybody can be an observer without an id of its own, with as many links as he
   * likes: of those, some are told in a while, and the others only counted.
   *
   * @param peer the other end; negative for an observer without an id
   */
  record LinkUp(ServerId peer) implements ElectionEvent {}

  /**
   * A link went down. Told if it was told that it came up.
   *
   * @param peer the other end
   * @param cause why
   */
  record LinkDown(ServerId peer, DownCause cause) implements ElectionEvent {}

  /**
   * Something that a person should know.
   *
   * @param code what kind, in camel case
   * @param detail one line
   */
  record Warning(String code, String detail) implements ElectionEvent {}

  /** The end: nothing comes after it. */
  record Closed() implements StateChange {}
}
