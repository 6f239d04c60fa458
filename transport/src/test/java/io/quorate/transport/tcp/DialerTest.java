package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Which link answers a request to be called; the rest is seen in DiallingTest. */
final class DialerTest {

  private static final long CROSSING = Dialer.CROSSING.toNanos();

  @Test
  void aYoungerLinkAnswersARequestAndSoDoesOneThatCrossedIt() {
    assertTrue(Dialer.answers(1, 0));
    assertTrue(Dialer.answers(0, CROSSING - 1));
    assertFalse(Dialer.answers(0, CROSSING));
  }

  @Test
  void theClockMayWrapAround() {
    assertTrue(Dialer.answers(Long.MIN_VALUE, Long.MAX_VALUE));
    assertFalse(Dialer.answers(Long.MAX_VALUE, Long.MAX_VALUE + CROSSING));
  }
}
