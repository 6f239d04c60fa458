package io.quorate.election.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one holder at a time has locked, among all processes and within this one. The lock
 * ends with the process, however that ends; the file stays, as removing it would let two hold
 * different files of this name. Not thread-safe, {@link #acquire} excepted.
 */
public final class LockFile implements AutoCloseable {

  /**
   * What this process holds. The operating system's lock belongs to the process, and closing any
   * channel to the file gives it up: so a file that is held here must not be opened again.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Disk disk;
  private final Path key;
  private final FileChannel channel;

  private LockFile(Disk disk, Path key, FileChannel channel) {
    this.disk = disk;
    this.key = key;
    this.channel = channel;
  }

  /**
   * Locks a file, which is made if there is none, without waiting.
   *
   * @param disk what carries out the writes
   * @param directory where it is; exists
   * @param name its name there
   * @return the lock, to be closed by the caller
   * @throws LockedException if another holds it
   * @throws IOException if the file cannot be opened
   */
  public static LockFile acquire(Disk disk, Path directory, String name) throws IOException {
    Path key = directory.toRealPath().resolve(name);
    if (!HELD.add(key)) {
      throw new LockedException(key + " is locked by another user of it in this process");
    }
    try {
      return new LockFile(disk, key, lock(key));
    } catch (IOException | RuntimeException | Error e) {
      HELD.remove(key);
      throw e;
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    var channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new LockedException(path + " is locked by another process");
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new LockedException(path + " is locked by other code in this process", e);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
    return channel;
  }

  /**
   * Reads what the file holds.
   *
   * @param most how many bytes can be of use
   * @return all of it, or one byte more than can be of use if it is longer
   * @throws IOException if it cannot be read
   */
  public byte[] read(int most) throws IOException {
    var bytes = ByteBuffer.allocate(most + 1);
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = channel.read(bytes, bytes.position());
    }
    bytes.flip();
    byte[] content = new byte[bytes.remaining()];
    bytes.get(content);
    return content;
  }

  /**
   * Replaces what the file holds, without making it durable.
   *
   * @param content all of it
   * @throws IOException if it cannot be written
   */
  public void write(byte[] content) throws IOException {
    channel.position(0);
    disk.write(channel, ByteBuffer.wrap(content));
    channel.truncate(content.length);
  }

  /** Gives the lock up. A second call does nothing. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException _) {
      // The channel counts as closed, and nothing that was written depends on this.
    } finally {
      HELD.remove(key);
    }
  }
}
