package io.quorate.transport.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.TransportEvent.Received;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How a receive queue with an alarm clock ends a wait. Here the clock rings when a test says so.
 */
@Timeout(30)
class ReceiveTimeoutTest {

  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private static final class Alarm {
    private final long deadline;
    private final Runnable ring;
    private volatile boolean cancelled;

    Alarm(long deadline, Runnable ring) {
      this.deadline = deadline;
      this.ring = ring;
    }

    /** Rings, but not before its time. */
    void ring() {
      while (deadline - System.nanoTime() > 0) {
        Thread.onSpinWait();
      }
      ring.run();
    }
  }

  private final BlockingQueue<Alarm> alarms = new LinkedBlockingQueue<>();
  private final ReceiveQueue queue =
      new ReceiveQueue(
          4,
          new Counters(),
          (deadline, action) -> {
            var alarm = new Alarm(deadline, action);
            alarms.add(alarm);
            return () -> alarm.cancelled = true;
          });

  @Test
  void aWaitEndsWhenItsAlarmRingsAndNotLong() throws Exception {
    long start = System.nanoTime();
    var waiting = take(MOMENT);
    Alarm alarm = nextAlarm();
    assertTrue(alarm.deadline - start >= MOMENT.toNanos());
    assertTrue(alarm.deadline - System.nanoTime() <= MOMENT.toNanos());
    alarm.ring();
    assertEquals(new Nothing(), result(waiting));
  }

  @Test
  void anAlarmOutlivesTheWaitsForWhichItWasSet() throws Exception {
    ReceiveQueue.Inlet inlet = queue.open(ServerId.of(1), "remote");
    assertInstanceOf(LinkUp.class, queue.take(HOUR));
    for (int i = 0; i < 100; i++) {
      var waiting = take(HOUR);
      assertTrue(inlet.putAll(List.of(new byte[1])));
      assertInstanceOf(Received.class, result(waiting));
    }
    assertTrue(alarms.size() <= 1, () -> alarms.size() + " alarms");
  }

  @Test
  void anAlarmThatRingsForAnEarlierWaitIsSetAnew() throws Exception {
    var first = take(HOUR);
    Alarm alarm = nextAlarm();
    queue.wakeup();
    assertEquals(new Nothing(), result(first));
    var second = take(HOUR);
    alarm.ring.run();
    assertTrue(nextAlarm().deadline - alarm.deadline > 0);
    assertFalse(second.isDone());
    queue.wakeup();
    assertEquals(new Nothing(), result(second));
  }

  @Test
  void aShorterWaitBesideALongOneHasItsAlarmAndTheLongOneGoesOn() throws Exception {
    var lasting = take(HOUR);
    Alarm late = nextAlarm();
    var hasty = take(MOMENT);
    Alarm early = nextAlarm();
    assertTrue(early.deadline - late.deadline < 0);
    assertTrue(late.cancelled);
    // It was about to ring when it was taken back.
    late.ring.run();
    assertTrue(alarms.isEmpty());
    early.ring();
    assertEquals(new Nothing(), result(hasty));
    assertEquals(late.deadline, nextAlarm().deadline);
    assertFalse(lasting.isDone());
    queue.wakeup();
    assertEquals(new Nothing(), result(lasting));
  }

  @Test
  void whoDoesNotWaitSetsNoAlarm() throws Exception {
    assertEquals(new Nothing(), queue.take(Duration.ZERO));
    queue.wakeup();
    assertEquals(new Nothing(), queue.take(HOUR));
    queue.close();
    assertEquals(new Nothing(), queue.take(HOUR));
    assertTrue(alarms.isEmpty());
  }

  private CompletableFuture<TransportEvent> take(Duration timeout) {
    var result = new CompletableFuture<TransportEvent>();
    Thread.startVirtualThread(
        () -> {
          try {
            result.complete(queue.take(timeout));
          } catch (InterruptedException failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  private Alarm nextAlarm() throws InterruptedException {
    Alarm next = alarms.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no alarm is set");
    }
    return next;
  }

  private static TransportEvent result(CompletableFuture<TransportEvent> taken) throws Exception {
    return taken.get(20, TimeUnit.SECONDS);
  }
}
