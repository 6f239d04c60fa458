package io.quorate.election.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A small file that is only ever replaced as a whole. Whoever writes it holds a {@link LockFile}.
 *
 * <p>Replacing it takes these steps; a crash after any of them leaves the old content or the new:
 *
 * <pre>
 *   write   NAME.tmp      all of it
 *   force   NAME.tmp      else the name could outrun the content
 *   rename  NAME.tmp to NAME
 *   force   the directory else the name could fall back to the old content
 * </pre>
 */
public final class WholeFile {
  private final Disk disk;
  private final Path directory;
  private final Path path;
  private final Path temporary;

  /**
   * Names a file.
   *
   * @param disk what carries out the steps
   * @param directory where it is; exists
   * @param name its name there
   */
  public WholeFile(Disk disk, Path directory, String name) {
    this.disk = disk;
    this.directory = directory;
    this.path = directory.resolve(name);
    this.temporary = directory.resolve(name + ".tmp");
  }

  /**
   * Returns where it is.
   *
   * @return its path
   */
  public Path path() {
    return path;
  }

  /**
   * Reads it. A power failure can still take back what a process wrote that was killed before its
   * last step: replace the content by itself before relying on it.
   *
   * @param most how many bytes can be of use
   * @return all of it, or one byte more than can be of use if it is longer; empty if there is none
   * @throws IOException if it cannot be read
   */
  public Optional<byte[]> read(int most) throws IOException {
    try (var in = Files.newInputStream(path)) {
      return Optional.of(in.readNBytes(most + 1));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /**
   * Replaces it; the new content is durable when this returns.
   *
   * @param content all of it
   * @throws IOException if it may not be durable: the old content or the new is there
   */
  public void replace(byte[] content) throws IOException {
    try (var file =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      disk.write(file, ByteBuffer.wrap(content));
      disk.force(file);
    }
    disk.rename(temporary, path);
    disk.forceDirectory(directory);
  }

  /**
   * Removes what a crash has left of a replacement, if anything.
   *
   * @throws IOException if it is there and cannot be removed
   */
  public void removeLeftover() throws IOException {
    Files.deleteIfExists(temporary);
  }
}
