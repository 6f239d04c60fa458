package io.quorate.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.disk.Envelope;
import io.quorate.election.disk.Holder;
import io.quorate.election.disk.WatchedDisk;
import io.quorate.election.disk.WatchedDisk.Step;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What holds for a gate that remembers in a file. */
final class FileEpochGateTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  @TempDir Path directory;
  @TempDir Path elsewhere;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("gate");
  }

  @Test
  void remembersAcrossRestarts() throws IOException {
    assertTrue(EpochGate.file(file).admit(5));
    EpochGate next = EpochGate.file(file);
    assertFalse(next.admit(4));
    assertTrue(next.admit(5));
    assertTrue(EpochGate.file(file).admit(6));
    assertFalse(next.admit(5));
  }

  @Test
  void fileStaysAsItWasDrawn() throws IOException {
    EpochGate.file(file).admit(5);
    assertEquals(
        "515245504f434853" + "00000001" + "00000008" + "0000000000000005" + "91c14749",
        HexFormat.of().formatHex(Files.readAllBytes(file)));
  }

  @Test
  void relativePathsAreFineAndRootsAreNot() throws IOException {
    assertThrows(IllegalArgumentException.class, () -> EpochGate.file(Path.of("/")));
    assertThrows(IllegalArgumentException.class, () -> EpochGate.file(Path.of("")));
    Path relative = Path.of("").toAbsolutePath().relativize(file.toAbsolutePath());
    assertTrue(EpochGate.file(relative).admit(2));
    assertFalse(EpochGate.file(file).admit(1));
  }

  @Test
  void missingDirectoryIsRefusedAtTheStart() {
    Path missing = directory.resolve("missing").resolve("gate");
    assertThrows(NoSuchFileException.class, () -> EpochGate.file(missing));
  }

  @Test
  void tornFileIsRefusedAtTheStartAndLater() throws IOException {
    EpochGate gate = EpochGate.file(file);
    gate.admit(5);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      refused(gate, "gate is torn");
    }
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i]++;
      Files.write(file, changed);
      refused(gate, "; put the newest one back, or remove it");
    }
    var envelope = new Envelope("QREPOCHS", 1, Long.BYTES);
    Files.write(file, envelope.seal(new byte[Long.BYTES]));
    refused(gate, "is damaged: epoch 0 cannot be");
    Files.write(file, envelope.seal(new byte[1]));
    refused(gate, "is damaged: it ends too early");
    Files.write(file, whole);
    assertTrue(gate.admit(5));
  }

  private void refused(EpochGate gate, String part) {
    for (var attempt :
        List.<Executable>of(
            () -> EpochGate.file(file), () -> gate.admit(9), () -> gate.check(token(9)))) {
      var refused = assertThrows(IOException.class, attempt);
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains(part), message);
      assertEquals(1, message.lines().count());
    }
  }

  @Test
  void gatesOfOneFileKeepEachOtherOut() throws IOException {
    EpochGate one = EpochGate.file(file);
    EpochGate other = EpochGate.file(file, SHORT);
    one.guard(
        token(1),
        () -> {
          var refused = assertThrows(IOException.class, () -> other.admit(2));
          assertTrue(
              String.valueOf(refused.getMessage()).endsWith("in this process, for too long"));
        });
    assertTrue(other.admit(2));
    assertFalse(one.admit(1));
  }

  @Test
  void anotherProcessKeepsUsOutUntilItEnds() throws Exception {
    EpochGate gate = EpochGate.file(file);
    assertTrue(gate.admit(1));
    try (var other = Holder.of(directory.resolve("gate.lock"), elsewhere)) {
      assertTrue(other.holds());
      EpochGate hasty = EpochGate.file(file, SHORT);
      var refused = assertThrows(IOException.class, () -> hasty.admit(2));
      assertTrue(String.valueOf(refused.getMessage()).endsWith("by another process, for too long"));
    }
    assertTrue(gate.admit(2));
  }

  @Test
  void anotherProcessIsKeptOutWhileAWriteRuns() throws Exception {
    EpochGate.file(file)
        .guard(
            token(1),
            () -> {
              try (var other = Holder.of(directory.resolve("gate.lock"), elsewhere)) {
                assertFalse(other.holds());
              }
            });
  }

  @Test
  void writeStartsOnlyWhenTheEpochIsDurable() throws IOException {
    var disk = WatchedDisk.idle();
    var gate = new EpochGate(FileGateMemory.open(disk, file), SHORT);
    List<Step> once = List.of(Step.WRITE, Step.FORCE, Step.RENAME, Step.FORCE_DIRECTORY);
    gate.guard(token(1), () -> assertEquals(once, disk.done()));
    gate.guard(token(1), () -> assertEquals(once, disk.done()));
  }

  @Test
  void whatAnotherWroteIsMadeDurableBeforeItIsReliedOn() throws IOException {
    assertTrue(EpochGate.file(file).admit(3));
    var disk = WatchedDisk.idle();
    var gate = new EpochGate(FileGateMemory.open(disk, file), SHORT);
    gate.guard(token(3), () -> assertEquals(Step.FORCE_DIRECTORY, disk.done().getLast()));
    assertEquals(4, disk.done().size());
    assertTrue(gate.admit(3));
    assertEquals(4, disk.done().size());
  }

  @Test
  void crashAtAnyMomentLeavesTheOldEpochOrTheNew() throws IOException {
    assertTrue(EpochGate.file(file).admit(3));
    List<byte[]> contents = new ArrayList<>();
    var disk = new WatchedDisk((moment, step) -> contents.add(Files.readAllBytes(file)));
    assertTrue(new EpochGate(FileGateMemory.open(disk, file), SHORT).admit(4));
    List<Long> found = new ArrayList<>();
    for (byte[] content : contents) {
      Path crashed = Files.write(elsewhere.resolve("gate"), content);
      found.add(EpochGate.file(crashed).admit(3) ? 3L : 4L);
    }
    assertEquals(found.stream().sorted().toList(), found);
    assertEquals(List.of(3L, 4L), found.stream().distinct().toList());
  }

  @Test
  void failureLetsNobodyInAndTheNextAttemptDoesAllAgain() throws IOException {
    int moments = 9;
    for (int failing = 0; failing < moments; failing++) {
      Files.deleteIfExists(file);
      int at = failing;
      var disk =
          new WatchedDisk(
              (moment, step) -> {
                if (moment == at) {
                  throw new IOException("injected at " + step);
                }
              });
      var gate = new EpochGate(FileGateMemory.open(disk, file), SHORT);
      List<String> written = new ArrayList<>();
      assertThrows(
          IOException.class,
          () ->
              gate.guard(
                  token(2),
                  () -> {
                    written.add("too early");
                  }));
      assertEquals(List.of(), written);
      int before = disk.done().size();
      assertTrue(gate.admit(2));
      assertEquals(before + 4, disk.done().size());
      assertFalse(gate.admit(1));
    }
  }

  private static FencingToken token(long epoch) {
    return new FencingToken(epoch, ServerId.of(1));
  }
}
