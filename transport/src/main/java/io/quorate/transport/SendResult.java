package io.quorate.transport;

/** What became of a message given to {@link Transport}. None promises that it arrives. */
public enum SendResult {
  /** It waits for the send worker. */
  QUEUED,
  /** It waits in the place of an older one of its kind, which will not be sent. */
  REPLACED,
  /** Dropped: no link to that peer is up. The next link starts empty. */
  NOT_CONNECTED,
  /** Dropped: the peer's queue is full. */
  QUEUE_FULL,
  /** Dropped: the transport is closed. */
  CLOSED
}
