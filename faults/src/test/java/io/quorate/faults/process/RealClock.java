package io.quorate.faults.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;

/**
 * The machine's monotonic clock, read by the kernel itself: a library that gives a process another
 * clock stands before the functions of the C library, and not before this. Where no such library
 * is, it is the clock of {@link System#nanoTime}. Safe for use by several threads.
 */
@SuppressWarnings("restricted") // A launcher allows it: --enable-native-access.
final class RealClock {

  private static final long CLOCK_MONOTONIC = 1;

  /** The kernel's number of {@code clock_gettime}, which each architecture has of its own. */
  private static final long CLOCK_GETTIME =
      System.getProperty("os.arch").equals("aarch64") ? 113 : 228;

  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().find("syscall").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS),
              Linker.Option.firstVariadicArg(1));

  private RealClock() {}

  static long nanos() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      long result = (long) SYSCALL.invokeExact(CLOCK_GETTIME, CLOCK_MONOTONIC, time);
      if (result != 0) {
        throw new IllegalStateException("the kernel does not tell the time: " + result);
      }
      return TimeUnit.SECONDS.toNanos(time.getAtIndex(ValueLayout.JAVA_LONG, 0))
          + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
