package io.quorate.election.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.disk.WatchedDisk.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFileTest {
  private static final byte[] OLD = {1, 2, 3, 4};
  private static final byte[] NEW = {5, 6};

  @TempDir Path directory;

  @Test
  void contentIsForcedBeforeTheNameAndTheNameBeforeTheEnd() throws IOException {
    var disk = WatchedDisk.idle();
    new WholeFile(disk, directory, "a").replace(OLD);
    assertEquals(List.of(Step.WRITE, Step.FORCE, Step.RENAME, Step.FORCE_DIRECTORY), disk.done());
  }

  @Test
  void theRealDiskDoesAllOfIt() throws IOException {
    var file = new WholeFile(Disk.REAL, directory, "a");
    assertEquals(Optional.empty(), file.read(4));
    file.replace(OLD);
    file.replace(NEW);
    assertArrayEquals(NEW, file.read(4).orElseThrow());
    assertArrayEquals(NEW, Files.readAllBytes(file.path()));
    assertEquals(List.of("a"), names());
  }

  @Test
  void fileThatIsTooLongIsNotReadToItsEnd() throws IOException {
    var file = new WholeFile(Disk.REAL, directory, "a");
    file.replace(new byte[100]);
    assertEquals(11, file.read(10).orElseThrow().length);
  }

  @Test
  void leftoverOfACrashIsOverwrittenOrRemoved() throws IOException {
    Path leftover = Files.write(directory.resolve("a.tmp"), new byte[100]);
    var file = new WholeFile(WatchedDisk.idle(), directory, "a");
    file.replace(OLD);
    assertArrayEquals(OLD, file.read(4).orElseThrow());
    Files.write(leftover, new byte[100]);
    file.removeLeftover();
    assertFalse(Files.exists(leftover));
    file.removeLeftover();
  }

  @Test
  void directoryThatIsGoneIsAFailure() throws IOException {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    var file = new WholeFile(Disk.REAL, gone, "a");
    Files.delete(gone);
    assertThrows(IOException.class, () -> file.replace(OLD));
    assertThrows(IOException.class, () -> Disk.REAL.forceDirectory(gone));
    assertTrue(names().isEmpty());
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
