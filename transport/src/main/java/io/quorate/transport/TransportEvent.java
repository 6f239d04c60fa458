package io.quorate.transport;

import io.quorate.protocol.ServerId;
import java.net.SocketAddress;

/** What {@link Transport#receive} returns. */
public sealed interface TransportEvent {

  /** Nothing came in time, somebody called {@link Transport#wakeup}, or the transport is closed. */
  record Nothing() implements TransportEvent {}

  /**
   * A message arrived.
   *
   * @param from the peer, as its link introduced itself
   * @param message at least 1 byte; the receiver's own
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way to a codec; nobody compares them.
  record Received(ServerId from, byte[] message) implements TransportEvent {}

  /** A change of a link. */
  sealed interface LinkEvent extends TransportEvent {
    /**
     * Returns the other end.
     *
     * @return its id; negative for an observer without one
     */
    ServerId peer();
  }

  /**
   * A link came up. Nothing that was said before is sent again: say now what is true now. When it
   * takes the place of another link, that one's {@link LinkDown} came just before.
   *
   * @param peer the other end
   * @param remote its socket address, for people to read
   */
  record LinkUp(ServerId peer, String remote) implements LinkEvent {}

  /**
   * A link went down. No message of it comes after this.
   *
   * @param peer the other end
   * @param cause why
   * @param detail one line for a person
   */
  record LinkDown(ServerId peer, DownCause cause, String detail) implements LinkEvent {}

  /**
   * A configured peer could not be reached: a whole attempt to dial it failed while no link to it
   * was up. Told once until a link comes up again or the kind of failure changes.
   *
   * <p>What comes after a {@link LinkDown} was found out after it: the attempt began when the link
   * was down already. The first that fails after it is always told.
   *
   * @param peer the peer
   * @param kind whether nobody listens there
   * @param reason one line for a person
   */
  record Unreachable(ServerId peer, UnreachableKind kind, String reason) implements LinkEvent {}

  /**
   * A listener is bound. Until the first of these, and from a {@link NotListening} to the next of
   * these, peers cannot count on reaching us.
   *
   * @param address where
   */
  record Listening(SocketAddress address) implements TransportEvent {}

  /**
   * A listener that was bound is so no longer, and a peer's dial may be refused. Told before the
   * socket is closed when it is us who close it, and as soon as we find out otherwise; not told by
   * {@link Transport#close}. It is bound again and again until that succeeds; {@link Listening}
   * comes when every address that was lost is bound. A listener that merely cannot accept for a
   * while, because files or memory have run out, is bound all the time: its peers are not refused.
   *
   * @param reason one line for a person
   */
  record NotListening(String reason) implements TransportEvent {}

  /**
   * Something that a person should know and that cost nobody but its cause.
   *
   * @param code what kind
   * @param detail one line for a person
   */
  record Warning(WarningCode code, String detail) implements TransportEvent {}

  /** Why a link went down. */
  enum DownCause {
    /** The peer closed it, or the network did. */
    CLOSED_BY_PEER,
    /** Another connection of the same peer took its place. */
    REPLACED,
    /** Writing did not progress in the configured time. */
    WRITE_STALLED,
    /** The peer sent a frame whose length is not allowed. */
    BAD_FRAME,
    /** We closed it: soft halt or close. */
    CLOSED_BY_US,
    /** Any other failure. */
    FAILED
  }

  /** The kinds of {@link Unreachable}. */
  enum UnreachableKind {
    /**
     * Every address of the peer refused the connection: its host is there, and nobody listens. A
     * firewall, or a host that has taken over the address, can say so in its place.
     */
    REFUSED,
    /**
     * Anything else: no answer in time, no route, a name without an address, a peer that hung up;
     * also when only some of several addresses refused.
     */
    OTHER
  }

  /** The kinds of {@link Warning}. */
  enum WarningCode {
    /** Another process introduces itself with our id. */
    DUPLICATE_ID,
    /** A connection introduced itself with an id that is not configured. */
    UNKNOWN_ID,
    /** As many observers as configured are there already. */
    TOO_MANY_OBSERVERS,
    /** A peer told an address that is not its configured one; it is never dialled. */
    ADDRESS_MISMATCH,
    /** An address cannot be bound; it is tried again for ever. */
    BIND_FAILED,
    /** A connection sent something that is no initial message. */
    BAD_INITIAL_MESSAGE,
    /** Something failed that nobody foresaw. */
    UNEXPECTED
  }
}
