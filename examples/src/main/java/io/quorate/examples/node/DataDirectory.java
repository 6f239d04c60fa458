package io.quorate.examples.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The place where durable state will be kept. */
final class DataDirectory {

  private DataDirectory() {}

  /**
   * Makes the directory, if it is not there, and checks that a file can be written to it.
   *
   * @throws IllegalArgumentException with one line if not
   */
  static void prepare(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "quorate-", ".check"));
    } catch (IOException e) {
      throw new IllegalArgumentException("data: " + directory + " cannot be used: " + e, e);
    }
  }
}
