package io.quorate.examples.node;

import io.quorate.protocol.ServerId;

/** Writes news for somebody to read. Safe for use by several threads. */
@FunctionalInterface
interface EventWriter {

  /**
   * Writes it as one line.
   *
   * @param self who tells it
   * @return false if the reader has gone
   */
  boolean write(ServerId self, News news);
}
