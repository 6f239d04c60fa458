package io.quorate.election.store;

import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.EpochStore;
import java.io.IOException;
import java.util.Optional;

/** A store that forgets everything with the process, as for a test or a task that can run twice. */
final class MemoryEpochStore implements EpochStore {
  private Optional<EpochState> state = Optional.empty();
  private boolean closed;

  MemoryEpochStore() {}

  @Override
  public Optional<EpochState> load() throws IOException {
    requireOpen();
    return state;
  }

  @Override
  public void save(EpochState newer) throws IOException {
    requireOpen();
    state = Optional.of(newer);
  }

  @Override
  public String describe() {
    return "in memory: fencing tokens are not durable and can repeat after a restart";
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the epoch store in memory is closed");
    }
  }
}
