package io.quorate.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A new directory that is deleted with all that is in it when it is closed, or when the JVM ends
 * before, as after Ctrl-C. Safe for use by several threads.
 */
public final class TemporaryDirectory implements AutoCloseable {

  private final Path path;
  private final Runnable users;
  private final Thread atEnd;

  /**
   * Makes the directory.
   *
   * @param prefix how its name begins
   * @param users ends whoever writes to it, by any thread, perhaps twice
   * @throws IOException if it cannot be made
   */
  public TemporaryDirectory(String prefix, Runnable users) throws IOException {
    this.users = users;
    path = Files.createTempDirectory(prefix);
    atEnd = new Thread(this::delete, "quorate-delete");
    Runtime.getRuntime().addShutdownHook(atEnd);
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException _) {
      // The JVM is ending and deletes it, too.
    }
  }

  private void delete() {
    users.run();
    try (Stream<Path> found = Files.walk(path)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException _) {
      // It is gone already, or somebody still writes to it: the system's own cleaning remains.
    }
  }
}
