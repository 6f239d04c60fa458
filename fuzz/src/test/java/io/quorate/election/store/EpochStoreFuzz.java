package io.quorate.election.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.election.disk.Disk;
import io.quorate.election.disk.Envelope;
import io.quorate.election.spi.EpochState;
import io.quorate.fuzz.Cursor;
import io.quorate.fuzz.Expect;
import io.quorate.fuzz.QuickDisk;
import io.quorate.fuzz.Seeds;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** A directory in which anything can stand where a voter's files should. */
final class EpochStoreFuzz {
  private static final Disk DISK = new QuickDisk();
  private static final ServerId SELF = ServerId.of(1);
  private static final String NAME = "quorate";
  private static final Envelope STATE = new Envelope("QRSTATE1", 1, 312);
  private static final Envelope GENERATION = new Envelope("QRLOCKED", 1, Long.BYTES);

  /** What stands in the place of a file. */
  private static final int ABSENT = 0;

  private static final int SEALED = 1;
  private static final int KINDS = 3;

  @TempDir static Path directory;

  private static byte[] seed(int state, byte[] stateBytes, int lock, byte[] lockBytes) {
    byte[] head = {(byte) state, (byte) lock, (byte) lockBytes.length};
    return Seeds.join(head, lockBytes, stateBytes);
  }

  static Stream<byte[]> seeds() throws IOException {
    byte[] content = STATE.open(FileSamples.state(7, 3, NAME).encode());
    byte[] six = ByteBuffer.allocate(Long.BYTES).putLong(6).array();
    byte[] eight = ByteBuffer.allocate(Long.BYTES).putLong(8).array();
    return Stream.of(
        seed(ABSENT, new byte[0], ABSENT, new byte[0]),
        seed(SEALED, content, SEALED, six),
        seed(SEALED, content, SEALED, eight),
        seed(SEALED, content, ABSENT, six),
        seed(ABSENT, new byte[0], SEALED, six),
        seed(2, FileSamples.state(7, 3, NAME).encode(), 2, GENERATION.seal(six)));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aStoreOpensWithWhatItHeldOrSaysWhyNot(byte[] input) throws IOException {
    var cursor = new Cursor(input);
    int state = cursor.next() % KINDS;
    int lock = cursor.next() % KINDS;
    byte[] lockBytes = cursor.take(cursor.next());
    put(FileEpochStore.LOCK, lock, GENERATION, lockBytes);
    put(FileEpochStore.STATE, state, STATE, cursor.rest());
    FileEpochStore store;
    try {
      store = FileEpochStore.open(DISK, directory, SELF, NAME);
    } catch (IOException e) {
      Expect.oneLine(String.valueOf(e.getMessage()));
      return;
    }
    EpochState next;
    try (store) {
      next = successorOf(store.load().orElse(EpochState.EMPTY));
      store.save(next);
    }
    try (FileEpochStore again = FileEpochStore.open(DISK, directory, SELF, NAME)) {
      assertEquals(Optional.of(next), again.load());
    }
  }

  private static EpochState successorOf(EpochState state) {
    long epoch = state.promisedEpoch() == Long.MAX_VALUE ? 1 : state.promisedEpoch() + 1;
    return new EpochState(epoch, ServerId.of(2), 5, 0, Duration.ofSeconds(1), true);
  }

  private static void put(String name, int kind, Envelope envelope, byte[] bytes)
      throws IOException {
    Path file = directory.resolve(name);
    if (kind == ABSENT) {
      Files.deleteIfExists(file);
    } else if (kind == SEALED && bytes.length <= envelope.longest()) {
      Files.write(file, envelope.seal(bytes));
    } else {
      Files.write(file, bytes);
    }
  }
}
