package io.quorate.election.driver;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds jumps of the wall clock against the monotonic clock. Nothing of an election depends on the
 * wall clock, but a jump tells a person that it was set, or that the machine slept. Time is data.
 * Not safe for use by several threads.
 */
final class ClockWatch {

  /** Smaller differences are no jump: clocks are adjusted slowly all the time. */
  static final Duration THRESHOLD = Duration.ofSeconds(1);

  private static final long NANOS_PER_MILLI = 1_000_000;

  private @Nullable Long lastDifference;

  /**
   * Compares the clocks.
   *
   * @param monotonicNanos the present time of the one
   * @param wallMillis the present time of the other
   * @return how far the wall clock went forward (or, negative, back) beyond the time that passed
   *     since the last call; empty if that is within the threshold
   */
  Optional<Duration> look(long monotonicNanos, long wallMillis) {
    long difference = wallMillis * NANOS_PER_MILLI - monotonicNanos;
    long jump = lastDifference == null ? 0 : difference - lastDifference;
    lastDifference = difference;
    return Math.abs(jump) > THRESHOLD.toNanos()
        ? Optional.of(Duration.ofNanos(jump))
        : Optional.empty();
  }
}
