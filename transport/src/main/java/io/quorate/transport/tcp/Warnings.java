package io.quorate.transport.tcp;

import io.quorate.transport.TransportEvent.Warning;
import io.quorate.transport.TransportEvent.WarningCode;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what they should know, and not too often: of each kind a few per while, equal ones
 * once. Everything is counted elsewhere. Safe for use by any thread.
 */
final class Warnings {

  private static final Logger LOG = LoggerFactory.getLogger(Warnings.class);

  static final int MOST_PER_WINDOW = 8;
  static final long WINDOW_NANOS = 10_000_000_000L;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<WarningCode, Window> windows = new EnumMap<>(WarningCode.class);
  private final LongSupplier nanoTime;
  private final Consumer<Warning> out;

  Warnings(LongSupplier nanoTime, Consumer<Warning> out) {
    this.nanoTime = nanoTime;
    this.out = out;
  }

  private static final class Window {
    private final long start;
    private final Set<String> told = new HashSet<>();

    Window(long start) {
      this.start = start;
    }
  }

  /**
   * Tells, unless the like was told a moment ago.
   *
   * @param detail one line; without what differs from one try to the next, such as remote ports
   */
  void warn(WarningCode code, String detail) {
    accept(code, detail)
        .ifPresent(
            warning -> {
              LOG.warn("{}: {}", code, detail);
              out.accept(warning);
            });
  }

  private Optional<Warning> accept(WarningCode code, String detail) {
    long now = nanoTime.getAsLong();
    lock.lock();
    try {
      Window window = windows.get(code);
      if (window == null || now - window.start >= WINDOW_NANOS) {
        window = new Window(now);
        windows.put(code, window);
      }
      if (window.told.size() == MOST_PER_WINDOW || !window.told.add(detail)) {
        return Optional.empty();
      }
      return Optional.of(new Warning(code, detail));
    } finally {
      lock.unlock();
    }
  }
}
