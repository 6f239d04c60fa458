package io.quorate.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Where it was measured. */
public final class Machine {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Machine() {}

  static String description() {
    return String.format(
        Locale.ROOT,
        "%d processors for this JVM, %s %s, Java %s, loopback",
        Runtime.getRuntime().availableProcessors(),
        SYSTEM.getName(),
        SYSTEM.getArch(),
        Runtime.version());
  }

  /** More than our own share says that something else ran. */
  static String load() {
    return String.format(Locale.ROOT, "%.1f", SYSTEM.getSystemLoadAverage());
  }

  /** Returns what all threads of this JVM have computed; in steps of 10 ms on Linux. */
  public static long cpuNanos() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Returns how many files this process may have open, sockets included. */
  public static long maxFiles() {
    return SYSTEM instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
