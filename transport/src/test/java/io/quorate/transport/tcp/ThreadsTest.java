package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.queue.Counters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThreadsTest {

  private static final Duration HANG = Duration.ofSeconds(20);

  private final Counters counters = new Counters();
  private final Threads threads = new Threads(ServerId.of(1), counters);

  private static long hang() {
    return System.nanoTime() + HANG.toNanos();
  }

  @Test
  void threadsMayStartWhileOthersAreJoined() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      var begun = new CountDownLatch(1);
      threads.start(
          "parent",
          () -> {
            begun.countDown();
            for (int child = 0; child < 20; child++) {
              threads.start("child", () -> {});
            }
          });
      assertTrue(begun.await(HANG.toSeconds(), TimeUnit.SECONDS));
      assertTrue(threads.join(hang()));
      assertEquals(List.of(), threads.names());
    }
  }

  @Test
  void aThreadThatStartsAfterTheInterruptIsInterruptedToo() throws InterruptedException {
    threads.interruptAll();
    threads.start("late", () -> new CountDownLatch(1).await());
    assertTrue(threads.join(hang()));
  }

  @Test
  void joiningEndsAtItsDeadline() throws InterruptedException {
    threads.start("stuck", () -> new CountDownLatch(1).await());
    assertFalse(threads.join(System.nanoTime() + 1_000_000));
    assertEquals(List.of("quorate-1-stuck"), threads.names());
    threads.interruptAll();
    assertTrue(threads.join(hang()));
  }

  @Test
  void whatEscapesIsCountedAndTheThreadIsGone() throws InterruptedException {
    threads.start(
        "failing",
        () -> {
          throw new StackOverflowError("injected");
        });
    assertTrue(threads.join(hang()));
    assertEquals(1, counters.snapshot().getOrDefault(TransportCounter.UNEXPECTED, 0L));
  }
}
