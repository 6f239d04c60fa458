package io.quorate.transport;

/** What a transport counts. Counters only grow. */
public enum TransportCounter {
  /** Connections that came in. */
  ACCEPTED,
  /** Connections that we tried to make. */
  DIALLED,
  /** Of those, the ones that failed. */
  DIAL_FAILED,
  /** Initial messages that were malformed, or too slow. */
  HANDSHAKE_FAILED,
  /** Connections closed before their initial message because too many were waiting. */
  HANDSHAKE_EVICTED,
  /** Connections that introduced themselves with our own id. */
  OWN_ID_REFUSED,
  /** Connections that introduced themselves with an id nobody configured. */
  UNKNOWN_ID_REFUSED,
  /** Observers refused because as many as configured are there. */
  OBSERVER_REFUSED,
  /** Connections answered by calling back. */
  CALLED_BACK,
  /** Initial messages with an address other than the configured one. */
  ADDRESS_MISMATCH,
  /** Links that came up. */
  LINK_UP,
  /** Links that went down, for any cause. */
  LINK_DOWN,
  /** Links over which nothing came although something was expected. */
  LINK_SILENT,
  /** Messages handed to a socket. */
  SENT,
  /** Unsent messages replaced by a newer one of their kind. */
  REPLACED,
  /** Messages refused because a queue was full. */
  SEND_QUEUE_FULL,
  /** Messages dropped because no link was up. */
  NOT_CONNECTED,
  /** Messages that arrived. */
  RECEIVED,
  /** Frames whose length is not allowed. */
  BAD_FRAME,
  /** Times a receive worker waited because its peer's share of the receive queue was full. */
  RECEIVE_BACKPRESSURE,
  /** Attempts to bind that failed. */
  BIND_FAILED,
  /** Failures that nobody foresaw; each is logged with its cause. */
  UNEXPECTED
}
