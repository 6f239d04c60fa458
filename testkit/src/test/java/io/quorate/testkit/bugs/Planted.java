package io.quorate.testkit.bugs;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Production code with edits, in a class loader that shares nothing with this one but the JDK. */
final class Planted {
  private static final List<String> MODULES = List.of("protocol", "transport", "election");

  private final Path root;

  /**
   * Makes one.
   *
   * @param root the folder of all modules, which are compiled
   */
  Planted(Path root) {
    this.root = root;
  }

  /**
   * Runs the seeds of a bug.
   *
   * @param bug its edits; none: the production code as it is
   * @param scratch an empty folder
   * @return what {@link Judge} says
   */
  List<String> judge(Bug bug, Path scratch) throws IOException, ReflectiveOperationException {
    Path classes = Files.createDirectories(scratch.resolve("classes"));
    if (!bug.edits().isEmpty()) {
      compile(bug.edits(), scratch.resolve("sources"), classes);
    }
    var urls = new ArrayList<URL>();
    for (Path folder : Stream.concat(Stream.of(classes), compiled()).toList()) {
      urls.add(folder.toUri().toURL());
    }
    // Not even the platform's loader is its parent: that one knows the modules of this process.
    try (var loader = new URLClassLoader(urls.toArray(URL[]::new), null)) {
      Object answer =
          loader
              .loadClass("io.quorate.testkit.bugs.Judge")
              .getMethod("judge", long.class, String.class)
              .invoke(null, bug.budget(), bug.script());
      return ((List<?>) answer).stream().map(String.class::cast).toList();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("a run with this bug throws", e.getCause());
    }
  }

  private Stream<Path> compiled() {
    return Stream.concat(
        MODULES.stream().map(module -> root.resolve(module).resolve("target/classes")),
        Stream.of(
            root.resolve("testkit/target/classes"), root.resolve("testkit/target/test-classes")));
  }

  private void compile(Map<String, List<Bug.Edit>> edits, Path sources, Path classes)
      throws IOException {
    var arguments =
        new ArrayList<>(
            List.of("-nowarn", "-proc:none", "-implicit:none", "-d", classes.toString()));
    arguments.addAll(List.of("-cp", classPath()));
    for (var entry : edits.entrySet()) {
      String path = entry.getKey().replace('.', '/') + ".java";
      String source = Files.readString(root.resolve("election/src/main/java").resolve(path));
      for (Bug.Edit edit : entry.getValue()) {
        source = edit.in(source);
      }
      Path file = sources.resolve(path);
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, source).toString());
    }
    var said = new StringWriter();
    var out = new PrintWriter(said);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    if (javac.run(out, out, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException("a bug that does not compile: " + said);
    }
  }

  /** With the libraries of this process, for the annotations. */
  private String classPath() {
    return Stream.concat(
            compiled().map(Path::toString),
            Stream.of("java.class.path", "jdk.module.path")
                .flatMap(
                    key -> Stream.of(System.getProperty(key, "").split(File.pathSeparator, -1)))
                .filter(entry -> entry.contains("jspecify")))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
