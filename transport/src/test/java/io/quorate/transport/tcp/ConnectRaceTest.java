package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the kernel's answers to a dial mean; the rest is seen in DiallingTest. */
final class ConnectRaceTest {

  private static boolean isRefusal(String message, Duration took) {
    return ConnectRace.isRefusal(message, took.toNanos());
  }

  @Test
  void aQuickNoIsARefusalInAnyLanguage() {
    assertTrue(isRefusal("Connection refused", Duration.ofMillis(1)));
    assertTrue(isRefusal("Connexion refus\u00e9e", Duration.ofMillis(900)));
  }

  @Test
  void aLateNoIsARefusalOnlyIfItSaysSo() {
    assertTrue(isRefusal("Connection refused", Duration.ofSeconds(3)));
    assertFalse(isRefusal("Connection timed out", Duration.ofSeconds(127)));
    assertFalse(isRefusal("Connexion termin\u00e9e", Duration.ofSeconds(3)));
  }
}
