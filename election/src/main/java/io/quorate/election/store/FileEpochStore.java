package io.quorate.election.store;

import io.quorate.election.disk.DamagedException;
import io.quorate.election.disk.Disk;
import io.quorate.election.disk.LockedException;
import io.quorate.election.disk.UnknownVersionException;
import io.quorate.election.disk.WholeFile;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.EpochStore;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store in a directory of its own, on a local file system. It has two files:
 *
 * <pre>
 *   epoch.state  the state, replaced as a whole: see {@link StateFile} and {@link WholeFile}
 *   epoch.lock   locked while the store is open; tells the generation of the state file that was
 *                written last: see {@link GenerationRecord}
 * </pre>
 *
 * <p>What must not be trusted is refused when the store is opened: a torn or changed state file,
 * another server's, and one that is older than what the lock file tells or gone altogether. A voter
 * that has lost its promises could give the same epoch to a second leader. A directory that was put
 * back as a whole, lock file and all, cannot be told from the right one.
 *
 * <p>If the newest state is lost for good, the voter may start from an empty directory while every
 * other server is connected, once it has stood still for longer than a lease: unless it is a quorum
 * by itself, one of the others has promised each epoch that anybody led, and says so, and the next
 * nominee proposes a larger one.
 *
 * <p>An interrupt that is pending does not disturb a save; one that arrives during a save makes it
 * fail. Used by one thread at a time.
 */
final class FileEpochStore implements EpochStore {

  /** Beyond what any number of writes reaches, so that counting on from it cannot overflow. */
  private static final long MAX_GENERATION = Long.MAX_VALUE / 2;

  static final String STATE = "epoch.state";
  static final String LOCK = "epoch.lock";

  private final Path directory;
  private final WholeFile file;
  private final GenerationRecord generations;
  private final ServerId self;
  private final String ensembleName;

  /** What is on disk; empty: no state file was ever written. */
  private Optional<StateFile> written = Optional.empty();

  private boolean closed;

  /** Why this store must not be used any more; null: it may be. */
  private @Nullable Throwable failure;

  private FileEpochStore(
      WholeFile file, Path directory, GenerationRecord generations, ServerId self, String name) {
    this.file = file;
    this.directory = directory;
    this.generations = generations;
    this.self = self;
    this.ensembleName = name;
  }

  /** Opens what is in a directory, which is made if it is not there. */
  static FileEpochStore open(Disk disk, Path place, ServerId self, String name) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      Path directory = place.toAbsolutePath();
      makeDirectory(disk, directory);
      GenerationRecord generations = lock(disk, directory);
      try {
        var file = new WholeFile(disk, directory, STATE);
        var store = new FileEpochStore(file, directory, generations, self, name);
        store.recover();
        return store;
      } catch (IOException | RuntimeException | Error e) {
        generations.close();
        throw e;
      }
    } catch (FileSystemException e) {
      throw new IOException("the epoch store cannot use " + place + ": " + e, e);
    } finally {
      restore(interrupted);
    }
  }

  /** A directory is durable once the one above it is: this holds for each that is made here. */
  private static void makeDirectory(Disk disk, Path directory) throws IOException {
    Path above = directory.getParent();
    if (above == null || Files.isDirectory(directory)) {
      return;
    }
    makeDirectory(disk, above);
    Files.createDirectories(directory);
    disk.forceDirectory(above);
  }

  private static GenerationRecord lock(Disk disk, Path directory) throws IOException {
    try {
      return GenerationRecord.lock(disk, directory, LOCK);
    } catch (LockedException e) {
      throw new IOException(
          e.getMessage() + ": end the other server, or give each its own directory", e);
    }
  }

  private void recover() throws IOException {
    file.removeLeftover();
    Optional<byte[]> bytes = file.read(StateFile.MAX_BYTES);
    if (bytes.isEmpty()) {
      requireNothingLost();
      return;
    }
    StateFile found = decode(bytes.get());
    requireOurs(found);
    long told = generationTold();
    if (found.generation() < told) {
      throw refused(
          "was put back from a backup: it has generation "
              + found.generation()
              + ", and generation "
              + told
              + " was written here");
    }
    if (found.generation() > MAX_GENERATION) {
      throw refused("is damaged: nobody writes a file " + found.generation() + " times");
    }
    written = Optional.of(found);
    // Its writer may have been killed before it was durable, or before the lock file told of it.
    write(found.state());
  }

  private void requireNothingLost() throws IOException {
    long told;
    try {
      told = generations.read();
    } catch (DamagedException e) {
      throw refused("is missing, although one was written here");
    }
    if (told > 0) {
      throw refused("is missing, although generation " + told + " of it was written here");
    }
  }

  private StateFile decode(byte[] bytes) throws IOException {
    try {
      return StateFile.decode(bytes);
    } catch (UnknownVersionException e) {
      throw new IOException(
          file.path() + " " + e.problem() + ": start the version of Quorate that wrote it", e);
    } catch (DamagedException e) {
      throw refused(e.problem());
    }
  }

  private void requireOurs(StateFile found) throws IOException {
    if (!found.self().equals(self) || !found.ensembleName().equals(ensembleName)) {
      throw new IOException(
          "%s belongs to server %s of ensemble '%s', and this is server %s of '%s': give each server its own directory"
              .formatted(file.path(), found.self(), found.ensembleName(), self, ensembleName));
    }
  }

  /** A record that a power failure has torn tells nothing; there is a state file beside it. */
  private long generationTold() throws IOException {
    try {
      return generations.read();
    } catch (DamagedException _) {
      return 0;
    }
  }

  private IOException refused(String problem) {
    return new IOException(
        "%s %s; put the newest one back, or if it is lost empty %s while all other servers of the ensemble are connected"
            .formatted(file.path(), problem, directory));
  }

  @Override
  public Optional<EpochState> load() throws IOException {
    requireUsable();
    return written.map(StateFile::state);
  }

  @Override
  public void save(EpochState state) throws IOException {
    requireUsable();
    boolean interrupted = Thread.interrupted();
    try {
      write(state);
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      restore(interrupted);
    }
  }

  @Override
  public String describe() {
    return "in " + file.path() + ", durable, generation " + generation();
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public void close() {
    closed = true;
    generations.close();
  }

  private void write(EpochState state) throws IOException {
    long generation = Math.addExact(generation(), 1);
    var next = new StateFile(generation, self, ensembleName, state);
    file.replace(next.encode());
    generations.write(generation);
    written = Optional.of(next);
  }

  private void requireUsable() throws IOException {
    if (closed) {
      throw new IOException("the epoch store in " + file.path() + " is closed");
    }
    if (failure != null) {
      throw new IOException(
          file.path() + " could not be written before, so nobody knows what it holds: restart",
          failure);
    }
  }

  private long generation() {
    return written.map(StateFile::generation).orElse(0L);
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
