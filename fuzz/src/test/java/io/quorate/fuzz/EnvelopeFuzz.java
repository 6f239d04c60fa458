package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.election.disk.DamagedException;
import io.quorate.election.disk.Envelope;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What is around the content of each of our files. */
final class EnvelopeFuzz {
  private static final Envelope ENVELOPE = new Envelope("QRFUZZED", 1, 4096);

  static Stream<byte[]> seeds() {
    return Stream.of(
        ENVELOPE.seal(new byte[0]),
        ENVELOPE.seal(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}),
        new Envelope("QRFUZZED", 2, 64).seal(new byte[8]),
        new Envelope("QROTHERS", 1, 64).seal(new byte[8]));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aFileIsOpenedOnlyIfItIsWhole(byte[] input) throws DamagedException {
    try {
      byte[] content = ENVELOPE.open(input);
      assertArrayEquals(input, ENVELOPE.seal(content));
    } catch (DamagedException e) {
      Expect.oneLine(e.problem());
    }
    byte[] content = Arrays.copyOf(input, Math.min(input.length, ENVELOPE.longest()));
    byte[] sealed = ENVELOPE.seal(content);
    assertArrayEquals(content, ENVELOPE.open(sealed));
    // A checksum of 32 bits finds each single bit that fell.
    int bit = Arrays.hashCode(input) & Integer.MAX_VALUE;
    sealed[bit / Byte.SIZE % sealed.length] ^= (byte) (1 << bit % Byte.SIZE);
    assertThrows(DamagedException.class, () -> ENVELOPE.open(sealed));
    assertThrows(
        DamagedException.class, () -> ENVELOPE.open(Arrays.copyOf(sealed, sealed.length - 1)));
  }
}
