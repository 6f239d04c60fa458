package io.quorate.election;

import io.quorate.election.disk.DamagedException;
import io.quorate.election.disk.Disk;
import io.quorate.election.disk.Envelope;
import io.quorate.election.disk.LockFile;
import io.quorate.election.disk.LockedException;
import io.quorate.election.disk.WholeFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Remembers in a file: 8 bytes, the largest epoch, in an {@link Envelope} of kind {@code QREPOCHS}.
 * The file is replaced as a whole, so no crash can tear it. As the file that has the name changes,
 * the lock is on another one beside it, whose name ends in {@code .lock}.
 */
final class FileGateMemory implements GateMemory {
  private static final Envelope ENVELOPE = new Envelope("QREPOCHS", 1, Long.BYTES);
  private static final long MIN_PAUSE_MILLIS = 1;
  private static final long MAX_PAUSE_MILLIS = 16;

  private final Disk disk;
  private final Path directory;
  private final String lockName;
  private final WholeFile file;

  /** The largest epoch that this process knows to be durable. */
  private long settled;

  private FileGateMemory(Disk disk, Path directory, String name) {
    this.disk = disk;
    this.directory = directory;
    this.lockName = name + ".lock";
    this.file = new WholeFile(disk, directory, name);
  }

  static FileGateMemory open(Disk disk, Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    Path name = path.getFileName();
    if (directory == null || name == null || name.toString().isEmpty()) {
      throw new IllegalArgumentException("a gate needs the name of a file, not '" + path + "'");
    }
    var memory = new FileGateMemory(disk, directory.toRealPath(), name.toString());
    memory.read();
    return memory;
  }

  /** Reads the file, which needs no lock, as it is only ever replaced as a whole. */
  private long read() throws IOException {
    var bytes = file.read(ENVELOPE.longestFile());
    return bytes.isPresent() ? decode(bytes.get()) : 0;
  }

  private long decode(byte[] bytes) throws IOException {
    try {
      byte[] content = ENVELOPE.open(bytes);
      if (content.length != Long.BYTES) {
        throw new DamagedException("is damaged: it ends too early");
      }
      long epoch = ByteBuffer.wrap(content).getLong();
      if (epoch < 1) {
        throw new DamagedException("is damaged: epoch " + epoch + " cannot be");
      }
      return epoch;
    } catch (DamagedException e) {
      throw new IOException(
          file.path()
              + " "
              + e.problem()
              + "; put the newest one back, or remove it once no earlier leader can write any more",
          e);
    }
  }

  @Override
  public Session open(long deadline) throws IOException {
    return new FileSession(lock(deadline));
  }

  /**
   * Waits by looking again: a blocking lock would hold the carrier of a virtual thread, could not
   * be bounded, and is refused as a deadlock where two processes use two gates.
   */
  private LockFile lock(long deadline) throws IOException {
    long pauseMillis = MIN_PAUSE_MILLIS;
    while (true) {
      try {
        return LockFile.acquire(disk, directory, lockName);
      } catch (LockedException e) {
        if (System.nanoTime() - deadline >= 0) {
          throw new IOException(e.getMessage() + ", for too long", e);
        }
      }
      pause(pauseMillis);
      pauseMillis = Math.min(2 * pauseMillis, MAX_PAUSE_MILLIS);
    }
  }

  private void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another held " + file.path());
    }
  }

  private final class FileSession implements Session {
    private final LockFile lock;

    FileSession(LockFile lock) {
      this.lock = lock;
    }

    @Override
    public long largest() throws IOException {
      long largest = read();
      if (largest > settled) {
        // Whoever wrote it may have failed before it was durable.
        remember(largest);
      }
      return largest;
    }

    @Override
    public void remember(long epoch) throws IOException {
      byte[] content = ByteBuffer.allocate(Long.BYTES).putLong(epoch).array();
      file.replace(ENVELOPE.seal(content));
      settled = epoch;
    }

    @Override
    public void close() {
      lock.close();
    }
  }
}
