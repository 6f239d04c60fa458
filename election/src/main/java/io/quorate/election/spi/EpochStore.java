package io.quorate.election.spi;

import java.io.IOException;
import java.util.Optional;

/**
 * Where one voter keeps what it has promised, open for this voter alone. Used by one thread at a
 * time. Made by an {@link EpochStoreProvider}.
 *
 * <p>A voter answers only after {@link #save} has returned, so what was saved must still be there
 * after the process is killed or the power fails; {@link #isDurable} tells whether that is so.
 */
public interface EpochStore extends AutoCloseable {

  /**
   * Returns what was saved last, in whichever life.
   *
   * @return the state; empty if nothing was ever promised here
   * @throws IOException if it cannot be read, or this store has failed before or is closed
   */
  Optional<EpochState> load() throws IOException;

  /**
   * Replaces what is saved, as a whole; it is durable when this returns.
   *
   * <p>After a failure the old state or the new one is saved, and nobody knows which. Every later
   * call of this and of {@link #load} then fails too: a write that is tried again can seem to work
   * although the disk has lost it. Only opening the store anew tells what is there.
   *
   * @param state what to remember
   * @throws IOException if it may not be durable, or this store has failed before or is closed
   */
  void save(EpochState state) throws IOException;

  /**
   * Tells, for the log at the start, where the state is kept.
   *
   * @return one line
   */
  String describe();

  /**
   * Tells whether what is saved outlives the process and a power failure.
   *
   * @return false if tokens can repeat after a restart
   */
  boolean isDurable();

  /** Lets go of it; saves nothing. A second call does nothing. */
  @Override
  void close();
}
