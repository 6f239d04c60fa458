package io.quorate.election.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The four steps by which a file changes for good, so that tests can let each of them fail. */
public interface Disk {

  /** The file system itself. */
  Disk REAL = new RealDisk();

  /**
   * Writes all bytes, from the channel's position on.
   *
   * @param file where
   * @param bytes what; none remain
   * @throws IOException if not all are written
   */
  void write(FileChannel file, ByteBuffer bytes) throws IOException;

  /**
   * Makes durable what a file holds.
   *
   * @param file which
   * @throws IOException if it may not be durable
   */
  void force(FileChannel file) throws IOException;

  /**
   * Gives a file another name in one step, in place of the one that has it.
   *
   * @param from its name
   * @param to the new name, in the same directory
   * @throws IOException if it cannot be done, or not in one step
   */
  void rename(Path from, Path to) throws IOException;

  /**
   * Makes durable which names a directory holds.
   *
   * @param directory which
   * @throws IOException if they may not be durable
   */
  void forceDirectory(Path directory) throws IOException;
}
