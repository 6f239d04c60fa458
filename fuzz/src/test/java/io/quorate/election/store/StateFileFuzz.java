package io.quorate.election.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.election.disk.DamagedException;
import io.quorate.election.disk.Envelope;
import io.quorate.fuzz.Expect;
import io.quorate.protocol.Hello;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The file with the promises of a voter. */
final class StateFileFuzz {
  private static final int FIXED_BYTES = 57;
  private static final int MAX_CONTENT_BYTES = FIXED_BYTES + Hello.MAX_NAME_BYTES;
  private static final Envelope ENVELOPE = new Envelope("QRSTATE1", 1, MAX_CONTENT_BYTES);

  static Stream<byte[]> seeds() throws DamagedException {
    byte[] file = FileSamples.state(7, 1, "quorate").encode();
    return Stream.of(file, ENVELOPE.open(file), FileSamples.state(1, 0, "").encode());
  }

  @MethodSource("seeds")
  @FuzzTest
  void aStateFileIsExactlyWhatWasWrittenOrRefused(byte[] input) {
    check(input);
    // No search finds a checksum: so what is inside of a whole file, too.
    check(ENVELOPE.seal(Arrays.copyOf(input, Math.min(input.length, MAX_CONTENT_BYTES))));
  }

  private static void check(byte[] file) {
    try {
      StateFile decoded = StateFile.decode(file);
      assertArrayEquals(file, decoded.encode());
      assertEquals(decoded, StateFile.decode(decoded.encode()));
    } catch (DamagedException e) {
      Expect.oneLine(e.problem());
    }
  }
}
