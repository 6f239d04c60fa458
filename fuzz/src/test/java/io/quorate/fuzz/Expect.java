package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.quorate.protocol.Decoded;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/** What every decoder is held to, whatever the bytes. */
public final class Expect {
  private static final int LONGEST_REASON = 300;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Expect() {}

  /** A reason must be fit for a log. */
  public static <T> Decoded<T> reasonIfNone(Decoded<T> decoded) {
    if (decoded instanceof Decoded.Malformed<T>(String reason)) {
      oneLine(reason);
      assertTrue(reason.length() <= LONGEST_REASON, reason);
    }
    return decoded;
  }

  /** A message is one line: what a stranger wrote must not look like another line of a log. */
  public static void oneLine(String message) {
    assertFalse(message.isBlank(), "nothing is said");
    assertFalse(message.chars().anyMatch(Character::isISOControl), message);
  }

  /**
   * Runs a decoder and checks that it allocates no more than a limit. What is over it must be so
   * again: the first run may load classes.
   *
   * @param bytes the limit
   */
  public static <T> T allocating(long bytes, Supplier<T> decoder) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    T result = decoder.get();
    long first = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (first > bytes) {
      before = THREADS.getCurrentThreadAllocatedBytes();
      var _ = decoder.get();
      long again = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertTrue(again <= bytes, "allocates " + again + " bytes, at most " + bytes + " allowed");
    }
    return result;
  }
}
