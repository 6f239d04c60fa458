package io.quorate.election.driver;

import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.EpochStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A store that does what the test wants. */
final class MemoryStore implements EpochStore {
  final LinkedBlockingQueue<EpochState> saved = new LinkedBlockingQueue<>();
  final LinkedBlockingQueue<String> threads = new LinkedBlockingQueue<>();
  final CountDownLatch closed = new CountDownLatch(1);
  volatile CountDownLatch mayReturn = new CountDownLatch(0);
  volatile boolean fails;

  @Override
  public Optional<EpochState> load() {
    return Optional.empty();
  }

  @Override
  public void save(EpochState state) throws IOException {
    threads.add(Thread.currentThread().getName());
    saved.add(state);
    try {
      mayReturn.await();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    if (fails) {
      throw new IOException("a disk of this test");
    }
  }

  @Override
  public String describe() {
    return "of a test";
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
