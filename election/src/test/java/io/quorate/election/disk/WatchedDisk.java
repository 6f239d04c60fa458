package io.quorate.election.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk that stops before, during and after each step to call somebody, who may look, or throw.
 * Forcing does nothing, as no power fails in a test. Writes have a middle, at which half is
 * written.
 */
public final class WatchedDisk implements Disk {

  /** What the disk does. */
  public enum Step {
    /** {@link Disk#write}. */
    WRITE,
    /** {@link Disk#force}. */
    FORCE,
    /** {@link Disk#rename}. */
    RENAME,
    /** {@link Disk#forceDirectory}. */
    FORCE_DIRECTORY
  }

  /** Called at each moment at which something can happen. */
  @FunctionalInterface
  public interface Watcher {

    /** A number that grows by one with each moment, and the step that it belongs to. */
    void at(int moment, Step step) throws IOException;
  }

  private final Watcher watcher;
  private final List<Step> done = new ArrayList<>();
  private int moment;

  public WatchedDisk(Watcher watcher) {
    this.watcher = watcher;
  }

  /** A disk that merely does not force. */
  public static WatchedDisk idle() {
    return new WatchedDisk((moment, step) -> {});
  }

  /** What was done to the end. */
  public List<Step> done() {
    return List.copyOf(done);
  }

  public int moments() {
    return moment;
  }

  @Override
  public void write(FileChannel file, ByteBuffer bytes) throws IOException {
    stop(Step.WRITE);
    int end = bytes.limit();
    bytes.limit(bytes.position() + bytes.remaining() / 2);
    REAL.write(file, bytes);
    stop(Step.WRITE);
    bytes.limit(end);
    REAL.write(file, bytes);
    finish(Step.WRITE);
  }

  @Override
  public void force(FileChannel file) throws IOException {
    stop(Step.FORCE);
    finish(Step.FORCE);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    stop(Step.RENAME);
    REAL.rename(from, to);
    finish(Step.RENAME);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    stop(Step.FORCE_DIRECTORY);
    finish(Step.FORCE_DIRECTORY);
  }

  private void finish(Step step) throws IOException {
    done.add(step);
    stop(step);
  }

  private void stop(Step step) throws IOException {
    watcher.at(moment++, step);
  }
}
