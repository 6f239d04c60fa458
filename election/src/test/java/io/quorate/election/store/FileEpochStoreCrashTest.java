package io.quorate.election.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.disk.WatchedDisk;
import io.quorate.election.disk.WatchedDisk.Step;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when the process dies, or the disk fails, at each moment of opening and saving. */
final class FileEpochStoreCrashTest {
  private static final ServerId SELF = ServerId.of(1);
  private static final int WATCHED_STEPS = 5;

  /** Before and after each step, and in the middle of both writes. */
  private static final int MOMENTS_OF_A_SAVE = 2 * WATCHED_STEPS + 2;

  @TempDir Path directory;
  private int copies;

  @Test
  void firstSaveIsDoneOrNotWhereverTheProcessDies() throws IOException {
    Path data = newDirectory();
    List<Path> crashed = crashedIn(data, List.of(state(1)));
    assertEquals(MOMENTS_OF_A_SAVE, crashed.size());
    requireOldThenNew(crashed, List.of(Optional.empty(), Optional.of(state(1))));
  }

  @Test
  void laterSavesAreDoneOrNotWhereverTheProcessDies() throws IOException {
    Path data = newDirectory();
    save(data, state(1));
    List<Path> crashed = crashedIn(data, List.of(state(2), state(3)));
    // Opening writes what it found once more.
    assertEquals(3 * MOMENTS_OF_A_SAVE, crashed.size());
    requireOldThenNew(
        crashed, List.of(Optional.of(state(1)), Optional.of(state(2)), Optional.of(state(3))));
  }

  @Test
  void dyingAgainWhileRecoveringLosesNothing() throws IOException {
    Path data = newDirectory();
    save(data, state(1));
    for (Path once : crashedIn(data, List.of(state(2)))) {
      Optional<EpochState> found = load(copyOf(once));
      List<Path> twice = crashedIn(once, List.of(state(3)));
      requireOldThenNew(twice, List.of(found, Optional.of(state(3))));
    }
  }

  @Test
  void everyFailureLeavesOldOrNewAndEndsTheStore() throws IOException {
    for (int failing = 0; failing < MOMENTS_OF_A_SAVE; failing++) {
      Path data = newDirectory();
      save(data, state(1));
      // The first save is the one that opening makes.
      var disk = failingAt(MOMENTS_OF_A_SAVE + failing);
      try (var store = FileEpochStore.open(disk, data, SELF, "e")) {
        assertThrows(IOException.class, () -> store.save(state(2)), "at " + failing);
        int moments = disk.moments();
        assertThrows(IOException.class, () -> store.save(state(2)));
        assertThrows(IOException.class, () -> store.save(state(3)));
        assertThrows(IOException.class, store::load);
        assertEquals(moments, disk.moments(), "the disk was tried again");
      }
      Optional<EpochState> left = load(data);
      assertTrue(left.equals(Optional.of(state(1))) || left.equals(Optional.of(state(2))));
      save(data, state(4));
      assertEquals(Optional.of(state(4)), load(data));
    }
  }

  @Test
  void errorsOfTheJvmEndTheStoreToo() throws IOException {
    Path data = newDirectory();
    var disk =
        new WatchedDisk(
            (moment, step) -> {
              throw new OutOfMemoryError("injected");
            });
    try (var store = FileEpochStore.open(disk, data, SELF, "e")) {
      assertThrows(OutOfMemoryError.class, () -> store.save(state(1)));
      assertThrows(IOException.class, () -> store.save(state(1)));
    }
  }

  @Test
  void failureWhileOpeningLeavesTheDirectoryFree() throws IOException {
    for (int failing = 0; failing < MOMENTS_OF_A_SAVE; failing++) {
      Path data = newDirectory();
      save(data, state(1));
      var disk = failingAt(failing);
      assertThrows(IOException.class, () -> FileEpochStore.open(disk, data, SELF, "e"));
      assertEquals(Optional.of(state(1)), load(data));
    }
  }

  @Test
  void newDirectoriesAreMadeDurableInTheOnesAbove() throws IOException {
    var disk = WatchedDisk.idle();
    Path deep = directory.resolve("a").resolve("b").resolve("c");
    FileEpochStore.open(disk, deep, SELF, "e").close();
    assertEquals(
        List.of(Step.FORCE_DIRECTORY, Step.FORCE_DIRECTORY, Step.FORCE_DIRECTORY), disk.done());
    assertTrue(Files.isDirectory(deep));
  }

  @Test
  void lockFileIsToldOnlyWhatIsDurable() throws IOException {
    var disk = WatchedDisk.idle();
    try (var store = FileEpochStore.open(disk, newDirectory(), SELF, "e")) {
      store.save(state(1));
      assertEquals(
          List.of(Step.WRITE, Step.FORCE, Step.RENAME, Step.FORCE_DIRECTORY, Step.WRITE),
          disk.done());
    }
  }

  /** Opens and saves, and returns what the directory was at each moment of that. */
  private List<Path> crashedIn(Path data, List<EpochState> states) throws IOException {
    List<Path> crashed = new ArrayList<>();
    var disk = new WatchedDisk((moment, step) -> crashed.add(copyOf(data)));
    try (var store = FileEpochStore.open(disk, data, SELF, "e")) {
      for (EpochState state : states) {
        store.save(state);
      }
    }
    return crashed;
  }

  /** Each is found, in this order, and each can be built upon. */
  private void requireOldThenNew(List<Path> crashed, List<Optional<EpochState>> expected)
      throws IOException {
    List<Optional<EpochState>> found = new ArrayList<>();
    for (Path data : crashed) {
      Optional<EpochState> state = load(copyOf(data));
      if (found.isEmpty() || !found.getLast().equals(state)) {
        found.add(state);
      }
      Path next = copyOf(data);
      save(next, state(9));
      assertEquals(Optional.of(state(9)), load(next));
    }
    assertEquals(expected, found);
  }

  private static WatchedDisk failingAt(int failing) {
    return new WatchedDisk(
        (moment, step) -> {
          if (moment == failing) {
            throw new IOException("injected at " + moment + ", " + step);
          }
        });
  }

  private void save(Path data, EpochState state) throws IOException {
    try (var store = FileEpochStore.open(WatchedDisk.idle(), data, SELF, "e")) {
      store.save(state);
    }
  }

  private static Optional<EpochState> load(Path data) throws IOException {
    try (var store = FileEpochStore.open(WatchedDisk.idle(), data, SELF, "e")) {
      assertFalse(Files.exists(data.resolve("epoch.state.tmp")));
      return store.load();
    }
  }

  private Path newDirectory() throws IOException {
    return Files.createDirectory(directory.resolve("copy-" + copies++));
  }

  private Path copyOf(Path data) throws IOException {
    Path copy = newDirectory();
    try (var files = Files.list(data)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static EpochState state(long epoch) {
    return new EpochState(epoch, ServerId.of(2), 9, epoch - 1, Duration.ofSeconds(1), false);
  }
}
