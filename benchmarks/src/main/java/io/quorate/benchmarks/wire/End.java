package io.quorate.benchmarks.wire;

import java.io.IOException;

/** One of two connected servers. One thread sends, one receives. */
interface End extends AutoCloseable {

  /** Sends a message behind those before it; waits while there is no room for it. */
  void send(byte[] message) throws Exception;

  /** Returns the next message that arrived; waits for it. */
  byte[] receive() throws Exception;

  @Override
  void close() throws IOException;
}
