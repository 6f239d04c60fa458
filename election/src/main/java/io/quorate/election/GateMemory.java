package io.quorate.election;

import java.io.IOException;

/** Where an {@link EpochGate} remembers the largest epoch. Used by one thread at a time. */
interface GateMemory {

  /**
   * Keeps all others out until the session is closed.
   *
   * @param deadline of {@link System#nanoTime}: how long to wait for others
   * @throws IOException if others stay, or it cannot be used
   */
  Session open(long deadline) throws IOException;

  /** A time in which nobody else reads or writes. */
  interface Session extends AutoCloseable {

    /** Returns the largest epoch that was remembered, durably; 0 if none was. */
    long largest() throws IOException;

    /** Remembers a larger one, durably. */
    void remember(long epoch) throws IOException;

    @Override
    void close();
  }
}
