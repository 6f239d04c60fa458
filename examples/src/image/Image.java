import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the run-time image of the {@code quorate} command: the modules that it needs, linked, with
 * our launcher in place of the JDK's. Run by the build with CLASSES JAR CLASSPATH LAUNCHER IMAGE:
 * the module's own classes, its jar, all that is on its class path, the script and what to make.
 */
final class Image {

  private static final String MODULE = "io.quorate.examples";

  /** More than the whole story that it is trained with. */
  private static final int LINES_SHOWN = 200;

  private Image() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path classes = Path.of(args[0]);
    Path jar = Path.of(args[1]);
    Path launcher = Path.of(args[3]);
    Path image = Path.of(args[4]);
    // The jar is what users get, so it is what is linked.
    String modulePath =
        Stream.of(args[2].split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).equals(classes))
            .collect(Collectors.joining(File.pathSeparator, jar + File.pathSeparator, ""));
    delete(image);
    link(modulePath, image);
    Path script = image.resolve("bin/quorate");
    Files.copy(launcher, script);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    train(image);
  }

  private static void link(String modulePath, Path image) throws IOException {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink").orElseThrow(() -> new IOException("this JDK has no jlink"));
    int exitCode =
        jlink.run(
            System.out,
            System.err,
            "--module-path",
            modulePath,
            "--add-modules",
            MODULE,
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            image.toString());
    if (exitCode != 0) {
      throw new IOException("jlink ended with " + exitCode);
    }
  }

  /** Lets the image run once and keeps the loaded classes, which halves the time to start. */
  private static void train(Path image) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            image.resolve("bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:AOTCacheOutput=" + image.resolve("lib/quorate.aot"),
            "-m",
            MODULE + "/io.quorate.examples.Main",
            "demo",
            "--servers=3");
    Path log = image.resolveSibling("quorate-training.txt");
    int exitCode =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exitCode != 0) {
      try (Stream<String> lines = Files.lines(log)) {
        lines.limit(LINES_SHOWN).forEach(System.err::println);
      }
      throw new IOException("the new image ended with " + exitCode + ", see " + log);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(tree)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
