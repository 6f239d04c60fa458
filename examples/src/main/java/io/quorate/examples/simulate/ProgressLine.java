package io.quorate.examples.simulate;

import io.quorate.examples.simulate.Campaign.Progress;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** One line on a terminal that is written over again. Belongs to one thread. */
final class ProgressLine implements AutoCloseable {

  private final PrintWriter err;
  private final long seeds;
  private final long since;
  private int width;

  /** Shows how much of so many seeds is done, from an instant of the monotonic clock. */
  ProgressLine(PrintWriter err, long seeds, long since) {
    this.err = err;
    this.seeds = seeds;
    this.since = since;
  }

  /** Writes how it is at an instant. */
  void show(Progress progress, long now) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(now - since));
    long rate = progress.done() * TimeUnit.SECONDS.toMillis(1) / millis;
    overwrite(
        progress.done()
            + " of "
            + seeds
            + " seeds, "
            + rate
            + " a second, "
            + progress.faults()
            + " faults so far");
  }

  private void overwrite(String text) {
    err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
    err.flush();
    width = text.length();
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (width > 0) {
      overwrite("");
      err.print("\r");
      err.flush();
    }
  }
}
