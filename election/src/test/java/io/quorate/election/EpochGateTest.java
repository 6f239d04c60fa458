package io.quorate.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for a gate of either form. */
final class EpochGateTest {

  enum Form {
    IN_MEMORY,
    FILE
  }

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void sameAndLargerEpochsAreLetInAndSmallerOnesAreNot(Form form) throws IOException {
    EpochGate gate = gate(form);
    assertTrue(gate.admit(3));
    assertTrue(gate.admit(3));
    assertFalse(gate.admit(2));
    assertTrue(gate.admit(Long.MAX_VALUE));
    assertFalse(gate.admit(3));
    assertFalse(gate.admit(Long.MAX_VALUE - 1));
  }

  @ParameterizedTest
  @EnumSource
  void epochsStartAtOne(Form form) throws IOException {
    EpochGate gate = gate(form);
    assertThrows(IllegalArgumentException.class, () -> gate.admit(0));
    assertTrue(gate.admit(1));
  }

  @ParameterizedTest
  @EnumSource
  void staleTokenIsToldWhatWasSeen(Form form) throws IOException {
    EpochGate gate = gate(form);
    gate.check(token(7));
    var refused = assertThrows(StaleTokenException.class, () -> gate.check(token(5)));
    assertEquals(5, refused.offeredEpoch());
    assertEquals(7, refused.largestEpoch());
    assertEquals("epoch 5 is stale: epoch 7 has been seen", refused.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void guardedWriteRunsOnlyWithAValidToken(Form form) throws IOException {
    EpochGate gate = gate(form);
    List<String> written = new ArrayList<>();
    gate.guard(
        token(2),
        () -> {
          written.add("a");
        });
    assertEquals(1, gate.guard(token(2), () -> written.size()));
    assertThrows(
        StaleTokenException.class,
        () ->
            gate.guard(
                token(1),
                () -> {
                  written.add("b");
                }));
    assertEquals(List.of("a"), written);
  }

  @ParameterizedTest
  @EnumSource
  void failureOfTheWriteComesOutAndTheTokenStaysRemembered(Form form) throws IOException {
    EpochGate gate = gate(form);
    var failure =
        assertThrows(
            NoSuchFieldException.class,
            () ->
                gate.guard(
                    token(4),
                    () -> {
                      throw new NoSuchFieldException("x");
                    }));
    assertEquals("x", failure.getMessage());
    assertFalse(gate.admit(3));
    assertTrue(gate.admit(4));
  }

  @ParameterizedTest
  @EnumSource
  void guardedWriteThatUsesItsOwnGateIsAMistake(Form form) throws IOException {
    EpochGate gate = gate(form);
    assertThrows(IllegalStateException.class, () -> gate.guard(token(1), () -> gate.admit(2)));
    assertTrue(gate.admit(1));
  }

  @ParameterizedTest
  @EnumSource
  void noLaterTokenComesInWhileAWriteRuns(Form form) throws Exception {
    EpochGate gate = gate(form);
    var writing = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    var ended = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> earlier =
          threads.submit(
              () -> {
                gate.guard(
                    token(1),
                    () -> {
                      writing.countDown();
                      mayEnd.await();
                      ended.incrementAndGet();
                    });
                return null;
              });
      writing.await();
      Future<Integer> later = threads.submit(() -> gate.guard(token(2), () -> ended.get()));
      assertFalse(later.isDone());
      mayEnd.countDown();
      assertEquals(1, later.get(Await.HANG.toSeconds(), TimeUnit.SECONDS));
      earlier.get(Await.HANG.toSeconds(), TimeUnit.SECONDS);
    }
    assertFalse(gate.admit(1));
  }

  @ParameterizedTest
  @EnumSource
  void manyThreadsNeverWriteInAnEarlierTermThanWasWritten(Form form) throws Exception {
    EpochGate gate = gate(form);
    var inside = new AtomicInteger();
    var last = new AtomicLong();
    var next = new AtomicLong();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 10; n++) {
                    write(gate, next.incrementAndGet(), inside, last);
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get(Await.HANG.toSeconds(), TimeUnit.SECONDS);
      }
    }
    assertEquals(80, last.get());
  }

  private static void write(EpochGate gate, long epoch, AtomicInteger inside, AtomicLong last)
      throws IOException {
    try {
      gate.guard(
          token(epoch),
          () -> {
            assertEquals(1, inside.incrementAndGet());
            assertTrue(last.getAndSet(epoch) < epoch);
            inside.decrementAndGet();
          });
    } catch (StaleTokenException e) {
      assertTrue(e.largestEpoch() > epoch);
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitForOthersHasAnEnd(Form form) throws Exception {
    EpochGate gate = gate(form, Duration.ofMillis(20));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      gate.guard(
          token(1),
          () -> {
            Future<Boolean> other = threads.submit(() -> gate.admit(2));
            var failed =
                assertThrows(
                    ExecutionException.class,
                    () -> other.get(Await.HANG.toSeconds(), TimeUnit.SECONDS));
            assertEquals(
                "java.io.IOException: the gate was held by other threads for too long",
                String.valueOf(failed.getMessage()));
          });
    }
    assertTrue(gate.admit(1));
  }

  @ParameterizedTest
  @EnumSource
  void interruptedCallerWritesNothing(Form form) throws IOException {
    EpochGate gate = gate(form);
    Thread.currentThread().interrupt();
    try {
      assertThrows(InterruptedIOException.class, () -> gate.admit(2));
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertTrue(gate.admit(1));
  }

  @ParameterizedTest
  @EnumSource
  void longestWaitCanBeForever(Form form) throws IOException {
    assertTrue(gate(form, Duration.ofSeconds(Long.MAX_VALUE)).admit(1));
    assertThrows(IllegalArgumentException.class, () -> gate(form, Duration.ZERO));
  }

  private EpochGate gate(Form form) throws IOException {
    return gate(form, Await.HANG);
  }

  private EpochGate gate(Form form, Duration longestWait) throws IOException {
    return switch (form) {
      case IN_MEMORY -> new EpochGate(new HeapGateMemory(), longestWait);
      case FILE -> EpochGate.file(directory.resolve("gate"), longestWait);
    };
  }

  private static FencingToken token(long epoch) {
    return new FencingToken(epoch, ServerId.of(1));
  }
}
