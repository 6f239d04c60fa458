package io.quorate.election.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockFileTest {
  private static final String NAME = "a.lock";

  @TempDir Path directory;
  @TempDir Path elsewhere;

  @Test
  void oneAtATimeHoldsIt() throws IOException {
    try (LockFile held = acquire()) {
      assertArrayEquals(new byte[0], held.read(10));
      var refused = assertThrows(LockedException.class, this::acquire);
      assertTrue(
          String.valueOf(refused.getMessage()).contains("a.lock is locked by another user of it"));
    }
    acquire().close();
  }

  @Test
  void anotherPathToTheSameFileIsNoWayAround() throws IOException {
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), directory);
    try (LockFile held = acquire()) {
      assertThrows(LockedException.class, () -> LockFile.acquire(Disk.REAL, link, NAME));
      held.write(new byte[] {1});
    }
    assertEquals(1, Files.size(directory.resolve(NAME)));
  }

  @Test
  void anotherProcessIsKeptOutEvenAfterARefusal() throws IOException {
    try (LockFile held = acquire()) {
      // Merely opening and closing the file here would give up what the process holds.
      assertThrows(LockedException.class, this::acquire);
      try (var other = Holder.of(directory.resolve(NAME), elsewhere)) {
        assertFalse(other.holds());
      }
      held.write(new byte[0]);
    }
  }

  @Test
  void anotherProcessThatEndsLetsGo() throws IOException {
    try (var other = Holder.of(directory.resolve(NAME), elsewhere)) {
      assertTrue(other.holds());
      var refused = assertThrows(LockedException.class, this::acquire);
      assertTrue(
          String.valueOf(refused.getMessage()).endsWith("a.lock is locked by another process"));
    }
    acquire().close();
  }

  @Test
  void otherCodeInThisProcessIsSeen() throws IOException {
    try (var other =
            FileChannel.open(
                directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = other.lock()) {
      assertTrue(lock.isValid());
      assertThrows(LockedException.class, this::acquire);
    }
    acquire().close();
  }

  @Test
  void failureToOpenLeavesNothingHeld() throws IOException {
    Files.createDirectory(directory.resolve(NAME));
    assertThrows(IOException.class, this::acquire);
    Files.delete(directory.resolve(NAME));
    acquire().close();
  }

  @Test
  void missingDirectoryIsNamed() {
    Path missing = directory.resolve("missing");
    var refused =
        assertThrows(NoSuchFileException.class, () -> LockFile.acquire(Disk.REAL, missing, NAME));
    assertEquals(missing.toString(), refused.getMessage());
  }

  @Test
  void whatItHoldsIsReplacedAsAWhole() throws IOException {
    try (LockFile held = acquire()) {
      held.write(new byte[] {1, 2, 3});
      held.write(new byte[] {4});
      assertArrayEquals(new byte[] {4}, held.read(1));
      held.write(new byte[] {5, 6, 7});
      assertArrayEquals(new byte[] {5, 6}, held.read(1));
    }
    try (LockFile held = acquire()) {
      assertArrayEquals(new byte[] {5, 6, 7}, held.read(3));
    }
  }

  @Test
  void closingTwiceTakesNothingFromTheNextHolder() throws IOException {
    LockFile first = acquire();
    first.close();
    try (LockFile second = acquire()) {
      first.close();
      assertThrows(LockedException.class, this::acquire);
      second.write(new byte[0]);
    }
  }

  private LockFile acquire() throws IOException {
    return LockFile.acquire(Disk.REAL, directory, NAME);
  }
}
