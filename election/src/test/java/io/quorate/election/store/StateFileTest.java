package io.quorate.election.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.disk.DamagedException;
import io.quorate.election.disk.Envelope;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.ServerId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class StateFileTest {
  private static final StateFile FILE =
      new StateFile(
          2,
          ServerId.of(1),
          "ä",
          new EpochState(5, ServerId.of(3), -1, 4, Duration.ofMillis(1010), true));
  private static final Envelope ENVELOPE = new Envelope("QRSTATE1", 1, 1000);
  private static final int CLEAN_AT = 56;
  private static final int NAME_AT = 57;

  @Test
  void fileStaysAsItWasDrawn() {
    assertEquals(
        "5152535441544531"
            + "00000001"
            + "0000003b"
            + "0000000000000002"
            + "0000000000000001"
            + "0000000000000005"
            + "0000000000000003"
            + "ffffffffffffffff"
            + "0000000000000004"
            + "000000003c336080"
            + "01"
            + "c3a4"
            + "7d3fad32",
        HexFormat.of().formatHex(FILE.encode()));
  }

  @Test
  void whatWasWrittenComesBack() throws DamagedException {
    assertEquals(FILE, StateFile.decode(FILE.encode()));
    var extreme =
        new StateFile(
            Long.MAX_VALUE,
            ServerId.of(0),
            "n".repeat(255),
            new EpochState(
                Long.MAX_VALUE,
                ServerId.of(0),
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Duration.ofNanos(Long.MAX_VALUE),
                false));
    assertEquals(StateFile.MAX_BYTES, extreme.encode().length);
    assertEquals(extreme, StateFile.decode(extreme.encode()));
    var empty = new StateFile(1, ServerId.of(0), "", EpochState.EMPTY);
    assertEquals(empty, StateFile.decode(empty.encode()));
  }

  @Test
  void everyTornFileIsRefused() {
    byte[] file = FILE.encode();
    for (int length = 0; length < file.length; length++) {
      byte[] torn = Arrays.copyOf(file, length);
      assertThrows(DamagedException.class, () -> StateFile.decode(torn));
    }
  }

  @Test
  void everyChangedBitIsFound() {
    byte[] file = FILE.encode();
    for (int bit = 0; bit < file.length * Byte.SIZE; bit++) {
      byte[] changed = file.clone();
      changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThrows(DamagedException.class, () -> StateFile.decode(changed));
    }
  }

  @Test
  void wrongContentUnderARightChecksumIsRefused() {
    refused("it ends too early", ENVELOPE.seal(new byte[NAME_AT - 1]));
    refused("its generation is 0", sealed(content -> content.putLong(0, 0)));
    refused("exceeds the promised one", sealed(content -> content.putLong(40, 6)));
    refused("a grant cannot last", sealed(content -> content.putLong(48, -1)));
    refused("2 stands where 0 or 1 belongs", sealed(content -> content.put(CLEAN_AT, (byte) 2)));
    refused("is not UTF-8", sealed(content -> content.put(NAME_AT + 1, (byte) 0xff)));
    refused("a control character", sealed(content -> content.put(NAME_AT, new byte[] {10, 65})));
  }

  @Test
  void randomContentIsReadExactlyOrRefused() {
    var random = new Random(4);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] content = content(FILE);
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        content[random.nextInt(content.length)] = (byte) random.nextInt();
      }
      byte[] file = ENVELOPE.seal(Arrays.copyOf(content, random.nextInt(content.length + 10)));
      try {
        assertArrayEquals(file, StateFile.decode(file).encode());
        read++;
      } catch (DamagedException e) {
        assertTrue(e.problem().startsWith("is "), e.problem());
      }
    }
    assertTrue(read > 0);
  }

  private static void refused(String problem, byte[] file) {
    var refused = assertThrows(DamagedException.class, () -> StateFile.decode(file));
    assertTrue(refused.problem().contains(problem), refused.problem());
  }

  private static byte[] sealed(Consumer<ByteBuffer> change) {
    byte[] content = content(FILE);
    change.accept(ByteBuffer.wrap(content));
    return ENVELOPE.seal(content);
  }

  private static byte[] content(StateFile file) {
    try {
      return ENVELOPE.open(file.encode());
    } catch (DamagedException e) {
      throw new AssertionError(e);
    }
  }
}
