package io.quorate.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class OneLineTest {

  @Test
  void controlCharactersBecomeSpaces() {
    assertEquals("a b c", OneLine.of("a\nb\tc\r"));
  }

  @Test
  void aLongTextIsCut() {
    String line = OneLine.of("x".repeat(10 * OneLine.MOST_CHARACTERS));
    assertEquals(OneLine.MOST_CHARACTERS + " ...".length(), line.length());
    assertTrue(line.endsWith("x ..."));
  }
}
