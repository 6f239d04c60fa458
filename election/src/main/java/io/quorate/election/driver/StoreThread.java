package io.quorate.election.driver;

import io.quorate.election.engine.Input;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.EpochStore;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to the store, a platform thread of its own: making something durable
 * can take seconds, and neither the driver nor a carrier of virtual threads should wait for that.
 * It owns the store and closes it.
 */
final class StoreThread {

  /** What may wait: one state, of which the engine never has two unanswered, and the end. */
  private static final int CAPACITY = 2;

  private static final Logger log = LoggerFactory.getLogger(StoreThread.class);

  private final EpochStore store;
  private final Consumer<Input> answers;

  /** Empty: the end. */
  private final BlockingQueue<Optional<EpochState>> waiting = new ArrayBlockingQueue<>(CAPACITY);

  private final Thread thread;

  /**
   * Makes the thread; {@link #start} begins it.
   *
   * @param self names it
   * @param store open; its own from now on
   * @param answers told what became of each state; never waits
   */
  StoreThread(ServerId self, EpochStore store, Consumer<Input> answers) {
    this.store = store;
    this.answers = answers;
    this.thread =
        Thread.ofPlatform().daemon().name("quorate-" + self + "-store").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void save(EpochState state) {
    if (!waiting.offer(Optional.of(state))) {
      throw new IllegalStateException("the store was not done yet when it was given " + state);
    }
  }

  /**
   * Closes the store when it has written what it was given. Waits for that this long at most; then
   * the thread goes on alone, because an interrupt could leave half a file behind.
   */
  void close(Duration timeout) throws InterruptedException {
    if (!waiting.offer(Optional.empty()) || !thread.join(timeout)) {
      log.warn("{}: the store does not return within {}", thread.getName(), timeout);
    }
  }

  private void run() {
    try {
      for (var next = waiting.take(); next.isPresent(); next = waiting.take()) {
        answers.accept(save(store, next.get()));
      }
    } catch (InterruptedException _) {
      log.warn("{}: interrupted, which only the store itself can have done", thread.getName());
    } finally {
      store.close();
    }
  }

  private static Input save(EpochStore store, EpochState state) {
    try {
      store.save(state);
      return new Input.Persisted();
    } catch (Throwable cause) {
      return new Input.PersistFailed(cause);
    }
  }
}
