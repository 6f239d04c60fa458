package io.quorate.benchmarks.mass;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that does nothing but hold connections, so that only they are counted. It prints its
 * port, and then answers each line: {@code await N} with the time at which it held so many, {@code
 * footprint} with what it takes. It ends with its input.
 */
final class HolderProcess {
  private static final long PATIENCE_SECONDS = 120;
  private static final long LOOK_EVERY_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final Holder holder;
  private final PrintStream out = System.out;

  private HolderProcess(Holder holder) {
    this.holder = holder;
  }

  public static void main(String[] args) throws Exception {
    try (Holder holder = Contestant.valueOf(args[0]).listen()) {
      new HolderProcess(holder).serve();
    }
    System.exit(0);
  }

  private void serve() throws Exception {
    out.println(holder.port());
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "await" -> out.println(await(Integer.parseInt(words[1])));
        case "footprint" -> {
          Footprint now = Footprint.now();
          out.printf("%d %d %d%n", now.heapBytes(), now.nativeBytes(), now.platformThreads());
        }
        default -> throw new IOException("not understood: " + line);
      }
    }
  }

  /** By the monotonic clock, which all processes of this machine share. */
  private long await(int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (holder.held() != count) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("held: " + holder.held() + ", not " + count);
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return System.nanoTime();
  }
}
