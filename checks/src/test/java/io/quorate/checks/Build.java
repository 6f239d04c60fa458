package io.quorate.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** Where the build keeps what is checked. */
final class Build {
  /** The modules that others use. */
  static final List<String> LIBRARY = List.of("protocol", "transport", "election", "testkit");

  /** All modules of the product, each after those it needs. */
  static final List<String> PRODUCT =
      List.of("protocol", "transport", "election", "testkit", "examples");

  private Build() {}

  static Path folderOf(String module) {
    return Path.of(System.getProperty("basedir")).resolveSibling(module);
  }

  /** The packaged jar of a module; fails if it is missing or there are several. */
  static Path jarOf(String module) {
    Path target = folderOf(module).resolve("target");
    if (!Files.isDirectory(target)) {
      throw new AssertionError(module + " is not built: mvn verify packages it first");
    }
    try (var files = Files.newDirectoryStream(target, "quorate-" + module + "-*.jar")) {
      List<Path> jars =
          StreamSupport.stream(files.spliterator(), false)
              .filter(jar -> !jar.toString().matches(".*-(sources|javadoc|tests)\\.jar"))
              .toList();
      if (jars.size() != 1) {
        throw new AssertionError("one jar of " + module + " is expected, there are " + jars);
      }
      return jars.getFirst();
    } catch (IOException e) {
      throw new AssertionError("the jar of " + module + " cannot be looked for", e);
    }
  }
}
