package io.quorate.benchmarks.ensemble;

import java.io.IOException;

/** Some servers in this process, none of which runs before the first election. For one thread. */
interface Ensemble extends AutoCloseable {

  /**
   * Starts all and elects; returns the nanoseconds until all have told the same leader.
   *
   * @throws Hang if they do not in time
   */
  long cold() throws IOException, InterruptedException;

  /**
   * Brings up all links, which is not measured.
   *
   * @throws Hang if that does not happen in time
   */
  void link() throws InterruptedException;

  /**
   * Has all of them elect again; returns the nanoseconds until all have told the same leader.
   *
   * @throws Hang if they do not in time
   */
  long again() throws InterruptedException;

  /** Returns how many votes were sent so far, by all; 0 if nobody counts them. */
  long votesSent();

  @Override
  void close() throws IOException;
}
