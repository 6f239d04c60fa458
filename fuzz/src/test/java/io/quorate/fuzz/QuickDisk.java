package io.quorate.fuzz;

import io.quorate.election.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The file system without waiting for the device: nobody cuts the power here. */
public final class QuickDisk implements Disk {

  @Override
  public void write(FileChannel file, ByteBuffer bytes) throws IOException {
    Disk.REAL.write(file, bytes);
  }

  @Override
  public void force(FileChannel file) {}

  @Override
  public void rename(Path from, Path to) throws IOException {
    Disk.REAL.rename(from, to);
  }

  @Override
  public void forceDirectory(Path directory) {}
}
