package io.quorate.faults.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small file system for each server, in memory, that can be filled and made read-only under a
 * running process. All are unmounted when it is closed, or when the JVM ends before that; what a
 * run left behind that was killed is unmounted by the next one. Belongs to one thread.
 */
final class Disks implements AutoCloseable {

  /** Many times what a voter needs. */
  private static final String SIZE = "256k";

  private static final Path MOUNTS = Path.of("/proc/self/mounts");

  /** What is mounted, and where. */
  private static final Pattern MOUNT = Pattern.compile("\\S+ (\\S+) .*");

  private static final String FILLER = "filler";

  private final Path directory;
  private final Thread atEnd;
  private final Set<Long> readOnly = new HashSet<>();

  /** Mounts them below a directory of which {@link #unmountBelow} has taken what was there. */
  Disks(Path directory, List<Long> ids) throws IOException {
    this.directory = directory;
    this.atEnd = new Thread(() -> unmountBelow(directory));
    Runtime.getRuntime().addShutdownHook(atEnd);
    try {
      for (long id : ids) {
        Files.createDirectories(mountPoint(id));
        Tool.run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", mountPoint(id).toString());
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Path mountPoint(long id) {
    return directory.resolve("disk-" + id);
  }

  /** Returns where a server keeps its promises. */
  Path data(long id) {
    return mountPoint(id).resolve("data");
  }

  /** Leaves no room. */
  void fill(long id) throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(mountPoint(id).resolve(FILLER))) {
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      if (Files.getFileStore(mountPoint(id)).getUsableSpace() > 0) {
        throw e;
      }
    }
  }

  /** Makes room again. */
  void free(long id) throws IOException {
    Files.delete(mountPoint(id).resolve(FILLER));
  }

  /**
   * Puts a read-only view of the file system on itself. What is open stays so; whatever is opened
   * from now on cannot be written, as after an error of a disk that is mounted {@code
   * errors=remount-ro}.
   */
  void makeReadOnly(long id) throws IOException {
    String path = mountPoint(id).toString();
    Tool.run("mount", "--bind", path, path);
    readOnly.add(id);
    Tool.run("mount", "-o", "remount,bind,ro", path);
  }

  /** Takes the view away; nothing that was started under it runs any more. */
  void makeWritable(long id) throws IOException {
    if (readOnly.remove(id)) {
      Tool.run("umount", mountPoint(id).toString());
    }
  }

  /** Unmounts all that is mounted below a directory. */
  static void unmountBelow(Path directory) {
    try {
      for (Path point : mountPointsBelow(directory)) {
        // Lazily: a process that is about to be killed does not keep it.
        Tool.run("umount", "--lazy", point.toString());
      }
    } catch (IOException e) {
      System.err.println("a file system stays mounted below " + directory + ": " + e);
    }
  }

  @Override
  public void close() throws IOException {
    unmountBelow(directory);
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException _) {
      // The JVM ends, and that thread unmounts what is left.
    }
    List<Path> left = mountPointsBelow(directory);
    if (!left.isEmpty()) {
      throw new IOException("still mounted: " + left);
    }
  }

  /** Returns each as often as something is mounted there. */
  private static List<Path> mountPointsBelow(Path directory) throws IOException {
    return Files.readAllLines(MOUNTS).stream()
        .map(MOUNT::matcher)
        .filter(Matcher::matches)
        .map(mount -> Path.of(mount.group(1).replace("\\040", " ")))
        .filter(point -> point.startsWith(directory))
        .toList();
  }
}
