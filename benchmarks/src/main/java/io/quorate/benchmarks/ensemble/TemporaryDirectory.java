package io.quorate.benchmarks.ensemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that is gone when it is closed. Beside the results, so on a real disk: what is
 * written to it is to cost something.
 */
final class TemporaryDirectory implements AutoCloseable {
  private final Path path;

  TemporaryDirectory(Path parent) throws IOException {
    Files.createDirectories(parent);
    path = Files.createTempDirectory(parent.toAbsolutePath(), "servers");
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(path)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
