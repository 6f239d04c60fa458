package io.quorate.election.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EnvelopeTest {
  private static final Envelope ENVELOPE = new Envelope("TESTFILE", 1, 10);
  private static final byte[] CONTENT = {1, 2, 3};
  private static final int LENGTH_AT = 12;

  @Test
  void fileStaysAsItWasDrawn() {
    assertEquals(
        "5445535446494c45" + "00000001" + "00000003" + "010203" + "e3fc4b31",
        HexFormat.of().formatHex(ENVELOPE.seal(CONTENT)));
  }

  @Test
  void contentComesBack() throws DamagedException {
    assertArrayEquals(CONTENT, ENVELOPE.open(ENVELOPE.seal(CONTENT)));
    assertArrayEquals(new byte[0], ENVELOPE.open(ENVELOPE.seal(new byte[0])));
    byte[] longest = ENVELOPE.seal(new byte[ENVELOPE.longest()]);
    assertEquals(ENVELOPE.longestFile(), longest.length);
    assertArrayEquals(new byte[ENVELOPE.longest()], ENVELOPE.open(longest));
  }

  @Test
  void longerContentIsNeverSealed() {
    byte[] tooLong = new byte[ENVELOPE.longest() + 1];
    assertThrows(IllegalArgumentException.class, () -> ENVELOPE.seal(tooLong));
  }

  @Test
  void everyShorterOrLongerFileIsRefused() {
    byte[] file = ENVELOPE.seal(CONTENT);
    for (int length = 0; length < 3 * file.length; length++) {
      byte[] other = Arrays.copyOf(file, length);
      if (length != file.length) {
        assertTrue(problem(other).startsWith("is torn"), problem(other));
      }
    }
  }

  @Test
  void everyChangedBitIsFound() {
    byte[] file = ENVELOPE.seal(CONTENT);
    for (int bit = 0; bit < file.length * Byte.SIZE; bit++) {
      byte[] other = file.clone();
      other[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThrows(DamagedException.class, () -> ENVELOPE.open(other));
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    byte[] file = ENVELOPE.seal(CONTENT);
    assertEquals("is torn: it has only 0 bytes", problem(new byte[0]));
    assertEquals(
        "is damaged, or was never ours: it does not start with TESTFILE",
        problem(new Envelope("OTHERONE", 1, 10).seal(CONTENT)));
    byte[] changed = file.clone();
    changed[file.length - 1]++;
    assertEquals("is damaged: its checksum is wrong", problem(changed));
    byte[] newer = new Envelope("TESTFILE", 2, 10).seal(CONTENT);
    var refused = assertThrows(UnknownVersionException.class, () -> ENVELOPE.open(newer));
    assertEquals("has format version 2, and only version 1 is known here", refused.problem());
  }

  @Test
  void lengthIsCheckedBeforeMemoryIsTaken() {
    for (int length : new int[] {-1, 11, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      byte[] file = ENVELOPE.seal(CONTENT);
      ByteBuffer.wrap(file).putInt(LENGTH_AT, length);
      assertEquals("is torn: its length is wrong", problem(file));
    }
  }

  @Test
  void noBytesDoAnythingElse() {
    var random = new Random(4);
    byte[] start = "TESTFILE\0\0\0\1\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 20_000; i++) {
      byte[] file = new byte[random.nextInt(2 * ENVELOPE.longestFile())];
      random.nextBytes(file);
      System.arraycopy(
          start, 0, file, 0, Math.min(random.nextInt(20), Math.min(start.length, file.length)));
      assertThrows(DamagedException.class, () -> ENVELOPE.open(file));
    }
  }

  private static String problem(byte[] file) {
    return assertThrows(DamagedException.class, () -> ENVELOPE.open(file)).problem();
  }
}
