package io.quorate.benchmarks.ensemble;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Something did not end in time. Says what is known of it. */
final class Hang extends RuntimeException {
  private static final long serialVersionUID = 1;

  Hang(String message, List<String> servers) {
    super(message + "\n  " + String.join("\n  ", servers));
  }

  /**
   * Writes what is known, and what every thread does now, to a file beside the results.
   *
   * @return where that is; or, if it cannot be written, why not, and what is known
   */
  String write(Path results) {
    try {
      return writeFile(results).toString();
    } catch (IOException failure) {
      return failure + ": " + getMessage();
    }
  }

  private Path writeFile(Path results) throws IOException {
    Files.createDirectories(results);
    Path file = results.toAbsolutePath().resolve("hang-" + System.nanoTime() + ".txt");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
    Files.writeString(file, getMessage() + "\n\n" + Files.readString(file));
    return file;
  }
}
