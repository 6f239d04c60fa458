package io.quorate.examples.node;

import io.quorate.election.ElectionEvent;
import io.quorate.protocol.ServerId;
import java.time.Instant;

/** Writes events for somebody to read. Belongs to one thread at a time. */
@FunctionalInterface
interface EventWriter {

  /**
   * Writes an event as one line.
   *
   * @param at when it was told
   * @param self who tells it
   * @return false if the reader has gone
   */
  boolean write(Instant at, ServerId self, ElectionEvent event);
}
