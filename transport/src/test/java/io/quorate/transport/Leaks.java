package io.quorate.transport;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Counts what a test could leave behind: threads of ours, virtual ones too, and descriptors. */
final class Leaks {

  private static final Pattern OURS = Pattern.compile("^#\\d+ \"(quorate-[^\"]*)\".*");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private Leaks() {}

  /** The names of the living threads that begin with "quorate-". */
  static List<String> threads() {
    try {
      Path folder = Files.createTempDirectory("quorate-threads");
      Path dump = folder.resolve("dump");
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (var lines = Files.lines(dump)) {
          return lines
              .map(OURS::matcher)
              .filter(line -> line.matches())
              .map(line -> line.group(1))
              .toList();
        }
      } finally {
        Files.deleteIfExists(dump);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until no thread of ours lives. */
  static void assertNoThread() {
    Await.until("no thread is left of " + threads(), () -> threads().isEmpty());
  }

  /** Open descriptors of this process; 0 on a system that does not tell. */
  static long descriptors() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (var open = Files.list(DESCRIPTORS)) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of the heap that live objects take, after a collection. */
  static long heapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
