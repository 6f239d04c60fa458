package io.quorate.election.store;

import io.quorate.election.disk.DamagedException;
import io.quorate.election.disk.Disk;
import io.quorate.election.disk.Envelope;
import io.quorate.election.disk.LockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What the lock file says of the state file beside it: the generation that was written last. It is
 * in an {@link Envelope} of kind {@code QRLOCKED}; 8 bytes. An empty file says 0.
 *
 * <p>It is written after the state is durable, and not made durable itself. So it outlives a killed
 * process; after a power failure it can be missing, older or torn, but never newer than the state.
 */
final class GenerationRecord implements AutoCloseable {
  private static final Envelope ENVELOPE = new Envelope("QRLOCKED", 1, Long.BYTES);

  private final LockFile lock;

  private GenerationRecord(LockFile lock) {
    this.lock = lock;
  }

  static GenerationRecord lock(Disk disk, Path directory, String name) throws IOException {
    return new GenerationRecord(LockFile.acquire(disk, directory, name));
  }

  /**
   * Returns the generation.
   *
   * @throws DamagedException if something was written, and can no longer be read
   */
  long read() throws IOException {
    byte[] bytes = lock.read(ENVELOPE.longestFile());
    if (bytes.length == 0) {
      return 0;
    }
    byte[] content = ENVELOPE.open(bytes);
    if (content.length != Long.BYTES) {
      throw new DamagedException("is damaged: it ends too early");
    }
    return ByteBuffer.wrap(content).getLong();
  }

  void write(long generation) throws IOException {
    lock.write(ENVELOPE.seal(ByteBuffer.allocate(Long.BYTES).putLong(generation).array()));
  }

  @Override
  public void close() {
    lock.close();
  }
}
