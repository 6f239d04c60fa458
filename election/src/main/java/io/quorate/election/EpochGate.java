package io.quorate.election;

import io.quorate.election.disk.Disk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The resource's side of fencing: lets in the tokens of the latest term that it has seen, and
 * refuses all earlier ones. Thread-safe.
 *
 * <p>A leader that was paused can wake up after its term, with a write under way. Only the resource
 * can stop that write, by remembering the largest epoch that it was shown. A token of the same or a
 * larger epoch is let in, and a larger one is remembered before anything else happens.
 *
 * <p>Checking first and writing later leaves a gap in which a later leader can come in. {@link
 * #guard} closes it: the write runs while the gate is locked, so every write of an earlier term has
 * ended before a later term's token is let in, and none starts after it. So a write must not use
 * its own gate, and should be short: others wait for it.
 *
 * <pre>{@code
 * var gate = EpochGate.file(Path.of("/data/orders.gate"));
 * gate.guard(leadership.token(), () -> Files.writeString(orders, text));
 * }</pre>
 *
 * <p>A database is its own gate, and needs nothing of this class. Either each guarded row carries
 * the epoch that wrote it:
 *
 * <pre>{@code
 * UPDATE orders SET state = ?, epoch = :epoch WHERE id = ? AND epoch <= :epoch
 * }</pre>
 *
 * <p>or one row guards many tables, in the transaction of the write:
 *
 * <pre>{@code
 * BEGIN;
 * UPDATE gates SET epoch = :epoch WHERE name = 'orders' AND epoch <= :epoch;
 * UPDATE orders SET state = ? WHERE id = ?;
 * INSERT INTO shipments VALUES (?, ?);
 * COMMIT;
 * }</pre>
 *
 * <p>When the statement with {@code epoch <=} has changed no row, the token is stale: roll back.
 * The row of the gate must be there before, with epoch 0. The update locks that row until the
 * transaction ends, so a later leader's first write waits for it.
 */
public final class EpochGate {

  /** How long a caller waits for others' guarded writes, if not told otherwise. */
  public static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);

  private final ReentrantLock lock = new ReentrantLock(true);
  private final GateMemory memory;
  private final long longestWaitNanos;

  EpochGate(GateMemory memory, Duration longestWait) {
    if (!longestWait.isPositive()) {
      throw new IllegalArgumentException("the longest wait must be positive, not " + longestWait);
    }
    this.memory = memory;
    this.longestWaitNanos = TimeUnit.NANOSECONDS.convert(longestWait);
  }

  /**
   * What runs behind the gate and has a result.
   *
   * @param <T> the result
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Guarded<T extends @Nullable Object, X extends Exception> {

    /**
     * Does it.
     *
     * @return the result
     * @throws X if it fails
     */
    T run() throws X;
  }

  /**
   * What runs behind the gate and has no result.
   *
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface GuardedWrite<X extends Exception> {

    /**
     * Does it.
     *
     * @throws X if it fails
     */
    void run() throws X;
  }

  /**
   * Returns a gate that forgets with this process: for a resource that ends with it, too.
   *
   * @return a gate that has seen no token
   */
  public static EpochGate inMemory() {
    return new EpochGate(new HeapGateMemory(), DEFAULT_WAIT);
  }

  /**
   * Returns a gate that remembers in a file, across restarts and for all processes that use the
   * file, with the {@linkplain #DEFAULT_WAIT usual} longest wait.
   *
   * @param path see {@link #file(Path, Duration)}
   * @return a gate that has seen what the file tells
   * @throws IOException see {@link #file(Path, Duration)}
   */
  public static EpochGate file(Path path) throws IOException {
    return file(path, DEFAULT_WAIT);
  }

  /**
   * Returns a gate that remembers in a file, across restarts and for all processes that use the
   * file. It keeps nothing open between uses.
   *
   * <p>Beside the file stands one with {@code .lock} after its name, which is locked during each
   * use, and sometimes one with {@code .tmp}. None of them may be removed while the resource is in
   * use: without its file a gate has seen no token. All are on one local file system.
   *
   * @param path the file, made by the first token; its directory exists
   * @param longestWait how long a caller waits for others' guarded writes
   * @return a gate that has seen what the file tells
   * @throws IOException if the directory is not there, or the file is torn or no gate's; the
   *     message is one line that says what to do
   */
  public static EpochGate file(Path path, Duration longestWait) throws IOException {
    return new EpochGate(FileGateMemory.open(Disk.REAL, path), longestWait);
  }

  /**
   * Lets an epoch in, if it is at least the largest seen, and remembers it.
   *
   * @param epoch a token's, from 1 up
   * @return false if it is stale
   * @throws IOException if that cannot be told, or not be made durable; then it was not let in
   */
  public boolean admit(long epoch) throws IOException {
    if (epoch < 1) {
      throw new IllegalArgumentException("epochs start at 1, not " + epoch);
    }
    try {
      return pass(epoch, () -> true);
    } catch (StaleTokenException _) {
      return false;
    }
  }

  /**
   * Lets a token in, if its epoch is at least the largest seen, and remembers it.
   *
   * @param token the caller's
   * @throws StaleTokenException if it is stale
   * @throws IOException if that cannot be told, or not be made durable; then it was not let in
   */
  public void check(FencingToken token) throws IOException {
    pass(token.epoch(), () -> true);
  }

  /**
   * Runs a write if the token is let in, and lets no other in until the write has ended. Whatever
   * the write throws, the token stays remembered.
   *
   * @param token the caller's
   * @param write what must not happen after a later term has begun to write; does not use this gate
   * @param <X> what it may throw
   * @throws StaleTokenException if the token is stale; the write has not run
   * @throws X if the write has run and failed
   * @throws IOException if the gate has failed, or others did not come to an end, or the thread was
   *     interrupted meanwhile; the write has not run
   */
  public <X extends Exception> void guard(FencingToken token, GuardedWrite<X> write)
      throws IOException, X {
    this.<Boolean, X>pass(
        token.epoch(),
        () -> {
          write.run();
          return true;
        });
  }

  /**
   * Like {@link #guard(FencingToken, GuardedWrite)}, with a result.
   *
   * @param token the caller's
   * @param write what must not happen after a later term has begun to write; does not use this gate
   * @param <T> the result
   * @param <X> what it may throw
   * @return what the write returns
   * @throws StaleTokenException if the token is stale; the write has not run
   * @throws X if the write has run and failed
   * @throws IOException if the gate has failed, or others did not come to an end, or the thread was
   *     interrupted meanwhile; the write has not run
   */
  public <T extends @Nullable Object, X extends Exception> T guard(
      FencingToken token, Guarded<T, X> write) throws IOException, X {
    return pass(token.epoch(), write);
  }

  private <T extends @Nullable Object, X extends Exception> T pass(long epoch, Guarded<T, X> write)
      throws IOException, X {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a guarded write uses its own gate");
    }
    long deadline = System.nanoTime() + longestWaitNanos;
    takeLock();
    try (GateMemory.Session session = memory.open(deadline)) {
      long largest = session.largest();
      if (epoch < largest) {
        throw new StaleTokenException(epoch, largest);
      }
      if (epoch > largest) {
        session.remember(epoch);
      }
      return write.run();
    } finally {
      lock.unlock();
    }
  }

  private void takeLock() throws IOException {
    try {
      if (!lock.tryLock(longestWaitNanos, TimeUnit.NANOSECONDS)) {
        throw new IOException("the gate was held by other threads for too long");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the gate was held by another thread");
    }
  }
}
