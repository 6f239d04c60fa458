package io.quorate.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.election.disk.Disk;
import io.quorate.election.disk.Envelope;
import io.quorate.fuzz.Expect;
import io.quorate.fuzz.QuickDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** The file in which a gate remembers the largest epoch. */
final class GateFileFuzz {
  private static final Disk DISK = new QuickDisk();
  private static final Envelope ENVELOPE = new Envelope("QREPOCHS", 1, Long.BYTES);

  @TempDir static Path directory;

  private static byte[] epoch(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  static Stream<byte[]> seeds() {
    return Stream.of(ENVELOPE.seal(epoch(7)), epoch(7), epoch(0), epoch(-1), epoch(Long.MAX_VALUE));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aGateRemembersOrSaysWhyNot(byte[] input) throws IOException {
    check(input);
    check(ENVELOPE.seal(Arrays.copyOf(input, Math.min(input.length, ENVELOPE.longest()))));
  }

  private static void check(byte[] content) throws IOException {
    Path file = directory.resolve("orders.gate");
    Files.write(file, content);
    EpochGate gate;
    try {
      gate = new EpochGate(FileGateMemory.open(DISK, file), EpochGate.DEFAULT_WAIT);
    } catch (IOException e) {
      Expect.oneLine(String.valueOf(e.getMessage()));
      return;
    }
    long largest = ByteBuffer.wrap(ENVELOPE.open(content)).getLong();
    assertTrue(largest >= 1);
    assertTrue(gate.admit(largest));
    assertEquals(largest > 1, largest > 1 && !gate.admit(largest - 1));
    if (largest < Long.MAX_VALUE) {
      assertTrue(gate.admit(largest + 1));
      var later = new EpochGate(FileGateMemory.open(DISK, file), EpochGate.DEFAULT_WAIT);
      assertFalse(later.admit(largest), "it was remembered");
    }
  }
}
