package io.quorate.faults.hostile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process holds: that of the operating system by /proc, that of the JVM by jcmd.
 *
 * @param files open descriptors
 * @param threads of the operating system
 * @param virtualThreads those that the JVM knows of
 * @param heapKib of the heap that is used after a collection
 */
record Vitals(int files, int threads, int virtualThreads, long heapKib) {

  /** What may be there at any moment, such as a dial or a file of the JVM's own. */
  static final int FEW_FILES = 4;

  /** The JVM starts and ends some by itself: carriers, compilers, the one that answers jcmd. */
  static final int FEW_THREADS = 6;

  static final int FEW_VIRTUAL_THREADS = 4;

  /** Classes, caches and code of what ran for the first time are no leak. */
  static final long LITTLE_HEAP_KIB = 768;

  private static final Pattern OLD_GENERATION = Pattern.compile("(?m)^\\s*Tenured .*used (\\d+)K");
  private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)$");
  private static final Pattern VIRTUAL = Pattern.compile("(?m)^#\\d+ \".*\" virtual");

  /** Looks, after a collection. */
  static Vitals of(long pid, Path scratch) throws IOException, InterruptedException {
    Path dump = scratch.resolve("threads-" + pid).toAbsolutePath();
    Path script = scratch.resolve("script-" + pid).toAbsolutePath();
    try {
      Files.writeString(
          script, "GC.run\nGC.heap_info\nThread.dump_to_file -overwrite " + dump + "\n");
      long heap = heapKib(jcmd(pid, script));
      long virtual = VIRTUAL.matcher(Files.readString(dump)).results().count();
      return new Vitals(files(pid), threads(pid), Math.toIntExact(virtual), heap);
    } finally {
      Files.deleteIfExists(script);
      Files.deleteIfExists(dump);
    }
  }

  /** Returns how many descriptors are open; cheap. */
  static int files(long pid) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return Math.toIntExact(all.count());
    }
  }

  private static int threads(long pid) throws IOException {
    Matcher line = THREADS.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
    if (!line.find()) {
      throw new IOException("/proc tells no threads of " + pid);
    }
    return Integer.parseInt(line.group(1));
  }

  /** What survived: a collection moves all of it to the old generation. */
  static long heapKib(String info) {
    Matcher old = OLD_GENERATION.matcher(info);
    if (!old.find()) {
      throw new IllegalArgumentException("no old generation in: " + info);
    }
    return Long.parseLong(old.group(1));
  }

  /** All commands at once: each start of jcmd takes a quarter of a second. */
  private static String jcmd(long pid, Path script) throws IOException, InterruptedException {
    String command = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(command, Long.toString(pid), "-f", script.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd failed: " + told);
    }
    return told;
  }

  /** Returns whether this is, but for what comes and goes, no more than that. */
  boolean isBackTo(Vitals before) {
    return files <= before.files + FEW_FILES
        && threads <= before.threads + FEW_THREADS
        && virtualThreads <= before.virtualThreads + FEW_VIRTUAL_THREADS
        && heapKib <= before.heapKib + LITTLE_HEAP_KIB;
  }
}
