package io.quorate.benchmarks.mass;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this JVM takes at one moment.
 *
 * @param heapBytes used, after garbage was collected
 * @param nativeBytes that the JVM has committed besides the heap: stacks of platform threads,
 *     metadata, buffers; needs {@code -XX:NativeMemoryTracking=summary}
 * @param platformThreads of the platform, in the eyes of the kernel
 */
record Footprint(long heapBytes, long nativeBytes, long platformThreads) {
  private static final Pattern TOTAL = Pattern.compile("Total: reserved=\\d+, committed=(\\d+)");
  private static final Pattern HEAP =
      Pattern.compile("Java Heap \\(reserved=\\d+, committed=(\\d+)\\)");
  private static final int COLLECTIONS = 3;

  static Footprint now() throws IOException, JMException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    String[] arguments = {"summary", "scale=1"};
    var summary =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "vmNativeMemory",
                    new Object[] {arguments},
                    new String[] {String[].class.getName()});
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return new Footprint(heap, number(TOTAL, summary) - number(HEAP, summary), tasks.count());
    }
  }

  private static long number(Pattern pattern, String summary) {
    Matcher matcher = pattern.matcher(summary);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in " + summary);
    }
    return Long.parseLong(matcher.group(1));
  }
}
