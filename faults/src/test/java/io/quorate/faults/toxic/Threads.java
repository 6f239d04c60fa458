package io.quorate.faults.toxic;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The living threads of this JVM, virtual ones too. */
final class Threads {

  private static final Pattern THREAD = Pattern.compile("^#\\d+ \"([^\"]*)\".*");

  private Threads() {}

  /** Returns the names that begin so. */
  static List<String> named(String beginning) {
    try {
      Path folder = Files.createTempDirectory("threads");
      Path dump = folder.resolve("dump");
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        return Files.readAllLines(dump).stream()
            .map(THREAD::matcher)
            .filter(Matcher::matches)
            .map(line -> line.group(1))
            .filter(name -> name.startsWith(beginning))
            .toList();
      } finally {
        Files.deleteIfExists(dump);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
