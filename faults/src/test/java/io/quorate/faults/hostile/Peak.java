package io.quorate.faults.hostile;

import io.quorate.faults.ensemble.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks again and again, until it is closed, how many descriptors any of some processes has. */
final class Peak implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final List<NodeProcess> processes;
  private final AtomicInteger files = new AtomicInteger();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread thread;

  Peak(List<NodeProcess> processes) {
    this.processes = List.copyOf(processes);
    this.thread = Thread.ofPlatform().daemon().name("peak").start(this::run);
  }

  private void run() {
    try {
      do {
        for (NodeProcess process : processes) {
          files.accumulateAndGet(Vitals.files(process.pid()), Math::max);
        }
      } while (!ending.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the most that one of them had so far. */
  int files() {
    return files.get();
  }

  @Override
  public void close() {
    ending.countDown();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
