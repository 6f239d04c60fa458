package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which link answers a request to be called; the rest is seen in DiallingTest. */
final class DialerTest {

  private static final Duration SPAN = Duration.ofMillis(20);
  private static final long NANOS = SPAN.toNanos();

  @Test
  void aYoungerLinkAnswersARequestAndSoDoesOneThatCrossedIt() {
    assertTrue(Dialer.answers(1, SPAN, 0));
    assertTrue(Dialer.answers(0, SPAN, NANOS - 1));
    assertFalse(Dialer.answers(0, SPAN, NANOS));
  }

  @Test
  void theClockMayWrapAround() {
    assertTrue(Dialer.answers(Long.MIN_VALUE, SPAN, Long.MAX_VALUE));
    assertFalse(Dialer.answers(Long.MAX_VALUE, SPAN, Long.MAX_VALUE + NANOS));
  }
}
