package io.quorate.election.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.disk.Envelope;
import io.quorate.election.disk.Holder;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.EpochStore;
import io.quorate.election.spi.EpochStoreProvider.Place;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of files, as the provider opens it, on the real disk. */
final class FileEpochStoreTest {
  private static final ServerId SELF = ServerId.of(1);
  private static final String NAME = "orders";
  private static final byte[] NOTHING = {};

  @TempDir Path above;
  private Path directory;
  private Path stateFile;
  private Path lockFile;

  @BeforeEach
  void nameTheFiles() {
    directory = above.resolve("data").resolve("1");
    stateFile = directory.resolve("epoch.state");
    lockFile = directory.resolve("epoch.lock");
  }

  @Test
  void newDirectoryIsMadeAndNothingIsPromisedThere() throws IOException {
    try (var store = open()) {
      assertEquals(Optional.empty(), store.load());
      assertTrue(store.isDurable());
      assertEquals("in " + stateFile + ", durable, generation 0", store.describe());
    }
    assertEquals(List.of("epoch.lock"), names());
  }

  @Test
  void savedStateIsThereInTheNextLife() throws IOException {
    try (var store = open()) {
      store.save(EpochState.EMPTY);
      assertEquals(Optional.of(EpochState.EMPTY), store.load());
      store.save(state(7));
      assertEquals(Optional.of(state(7)), store.load());
    }
    for (int life = 0; life < 3; life++) {
      try (var store = open()) {
        assertEquals(Optional.of(state(7)), store.load());
      }
    }
    assertEquals(List.of("epoch.lock", "epoch.state"), names());
  }

  @Test
  void directoryIsNeeded() {
    var place = new Place(SELF, NAME, Optional.empty());
    var refused =
        assertThrows(
            IllegalArgumentException.class, () -> new FileEpochStoreProvider().open(place));
    assertEquals("the epoch store files needs a directory", refused.getMessage());
  }

  @Test
  void placeThatIsNoDirectoryIsNamed() throws IOException {
    Files.write(above.resolve("data"), NOTHING);
    refused("the epoch store cannot use " + directory);
  }

  @Test
  void secondStoreOfThisProcessIsRefused() throws IOException {
    try (var store = open()) {
      refused(
          "epoch.lock is locked by another user of it in this process: "
              + "end the other server, or give each its own directory");
      store.save(state(1));
    }
    open().close();
  }

  @Test
  void storeOfAnotherProcessIsLeftAlone() throws IOException {
    open().close();
    try (var other = Holder.of(lockFile, above)) {
      assertTrue(other.holds());
      refused("epoch.lock is locked by another process: end the other server");
    }
    open().close();
  }

  @Test
  void anotherServersStateIsRefused() throws IOException {
    save(1);
    refusedAs(
        ServerId.of(2), NAME, "belongs to server 1 of ensemble 'orders', and this is server 2");
    refusedAs(
        SELF, "stock", "belongs to server 1 of ensemble 'orders', and this is server 1 of 'stock'");
    open().close();
  }

  @Test
  void stateFromABackupIsRefused() throws IOException {
    save(1);
    byte[] backup = Files.readAllBytes(stateFile);
    save(2);
    Files.write(stateFile, backup);
    refused("was put back from a backup: it has generation 1, and generation 3 was written here");
    refused("put the newest one back, or if it is lost empty " + directory);
  }

  @Test
  void missingStateIsRefusedUnlessThereWasNone() throws IOException {
    save(1);
    byte[] state = Files.readAllBytes(stateFile);
    Files.delete(stateFile);
    refused("is missing, although generation 1 of it was written here");
    Files.write(lockFile, new byte[28]);
    refused("is missing, although one was written here");
    Files.write(stateFile, state);
    open().close();
    Files.delete(stateFile);
    Files.delete(lockFile);
    try (var store = open()) {
      assertEquals(Optional.empty(), store.load());
    }
  }

  @Test
  void lockFileThatAPowerFailureTookIsWrittenAgain() throws IOException {
    save(1);
    byte[] lock = Files.readAllBytes(lockFile);
    for (int length = 0; length < lock.length; length++) {
      Files.write(lockFile, Arrays.copyOf(lock, length));
      assertEquals(Optional.of(state(1)), load());
      Files.write(lockFile, new byte[length]);
      assertEquals(Optional.of(state(1)), load());
    }
    byte[] older = Files.readAllBytes(stateFile);
    Files.write(lockFile, NOTHING);
    assertEquals(Optional.of(state(1)), load());
    Files.write(stateFile, older);
    refused("was put back from a backup");
  }

  @Test
  void tornOrChangedStateIsRefused() throws IOException {
    save(1);
    byte[] state = Files.readAllBytes(stateFile);
    var random = new Random(4);
    for (int i = 0; i < 200; i++) {
      byte[] bad = Arrays.copyOf(state, i < state.length ? i : state.length + random.nextInt(600));
      if (bad.length > 0) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
      }
      Files.write(stateFile, bad);
      refused("epoch.state ");
    }
    Files.write(stateFile, Arrays.copyOf(state, state.length - 1));
    refused("epoch.state is torn: its length is wrong; put the newest one back");
    Files.write(stateFile, state);
    assertEquals(Optional.of(state(1)), load());
  }

  @Test
  void stateOfANewerVersionIsLeftForIt() throws IOException {
    save(1);
    byte[] newer = new Envelope("QRSTATE1", 2, 100).seal(new byte[100]);
    Files.write(stateFile, newer);
    refused("only version 1 is known here: start the version of Quorate that wrote it");
    assertEquals(ByteBuffer.wrap(newer), ByteBuffer.wrap(Files.readAllBytes(stateFile)));
  }

  @Test
  void leftoverOfACrashIsRemoved() throws IOException {
    save(1);
    Files.write(directory.resolve("epoch.state.tmp"), new byte[10]);
    assertEquals(Optional.of(state(1)), load());
    assertEquals(List.of("epoch.lock", "epoch.state"), names());
  }

  @Test
  void failedSaveIsTheLast() throws IOException {
    save(1);
    try (var store = open()) {
      Path obstacle = Files.createDirectory(directory.resolve("epoch.state.tmp"));
      assertThrows(IOException.class, () -> store.save(state(2)));
      Files.delete(obstacle);
      var refused = assertThrows(IOException.class, () -> store.save(state(2)));
      assertTrue(
          String.valueOf(refused.getMessage()).endsWith("so nobody knows what it holds: restart"));
      assertThrows(IOException.class, store::load);
    }
    assertEquals(Optional.of(state(1)), load());
  }

  @Test
  void fullDiskEndsTheStore() throws IOException {
    save(1);
    try (var store = open()) {
      Path leftover = directory.resolve("epoch.state.tmp");
      Files.createSymbolicLink(leftover, Path.of("/dev/full"));
      assertThrows(IOException.class, () -> store.save(state(2)));
      Files.delete(leftover);
      assertThrows(IOException.class, () -> store.save(state(2)));
    }
    assertEquals(Optional.of(state(1)), load());
  }

  @Test
  void closedStoreIsOfNoUse() throws IOException {
    var store = open();
    store.close();
    store.close();
    assertThrows(IOException.class, store::load);
    var refused = assertThrows(IOException.class, () -> store.save(state(1)));
    assertEquals("the epoch store in " + stateFile + " is closed", refused.getMessage());
    assertFalse(Files.exists(stateFile));
  }

  @Test
  void pendingInterruptIsKeptAndHarmsNothing() throws IOException {
    Thread.currentThread().interrupt();
    try (var store = open()) {
      store.save(state(1));
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(Optional.of(state(1)), load());
  }

  private void refused(String part) {
    refusedAs(SELF, NAME, part);
  }

  private void refusedAs(ServerId self, String name, String part) {
    var place = new Place(self, name, Optional.of(directory));
    var refused = assertThrows(IOException.class, () -> new FileEpochStoreProvider().open(place));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count(), message);
  }

  private EpochStore open() throws IOException {
    return new FileEpochStoreProvider().open(new Place(SELF, NAME, Optional.of(directory)));
  }

  private void save(long epoch) throws IOException {
    try (var store = open()) {
      store.save(state(epoch));
    }
  }

  private Optional<EpochState> load() throws IOException {
    try (var store = open()) {
      return store.load();
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static EpochState state(long epoch) {
    return new EpochState(epoch, ServerId.of(2), 9, epoch - 1, Duration.ofSeconds(1), false);
  }
}
