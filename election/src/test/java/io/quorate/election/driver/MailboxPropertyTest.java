package io.quorate.election.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.Await;
import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.Closed;
import io.quorate.election.ElectionEvent.Granted;
import io.quorate.election.ElectionEvent.LinkUp;
import io.quorate.election.ElectionEvent.Looking;
import io.quorate.election.ElectionEvent.Revoked;
import io.quorate.election.ElectionEvent.StateChange;
import io.quorate.election.ElectionEvent.Warning;
import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import io.quorate.election.engine.ElectionCounter;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Random events for a listener that is as slow as chance wants; a failure names its seed. */
final class MailboxPropertyTest {
  private static final int RUNS = 60;
  private static final int EVENTS = 2000;
  private final Counters counters = new Counters();

  @AfterEach
  void nothing_is_left() {
    Await.noThread();
  }

  @Test
  void begin_and_end_alternate_and_the_last_state_is_told_whatever_is_left_out() {
    long first = System.nanoTime();
    for (long seed = first; seed < first + RUNS; seed++) {
      run(seed);
    }
    assertTrue(counters.get(ElectionCounter.EVENTS_CONFLATED) > 0, "something was left out");
  }

  private void run(long seed) {
    var random = new Random(seed);
    var permits = new Semaphore(0);
    List<ElectionEvent> told = new CopyOnWriteArrayList<>();
    var mailbox =
        new Mailbox(
            "quorate-1-listener-1",
            event -> {
              take(permits);
              told.add(event);
            },
            List.of(new Looking(0)),
            counters,
            _ -> {});
    mailbox.start();
    List<ElectionEvent> given = new ArrayList<>(List.of(new Looking(0)));
    long epoch = 0;
    boolean leads = false;
    int terms = 2 + random.nextInt(20);
    for (int i = 0; i < EVENTS; i++) {
      ElectionEvent event;
      if (random.nextInt(terms) == 0) {
        leads = !leads;
        epoch += leads ? 1 : 0;
        event = leads ? new Granted(token(epoch)) : revoked(epoch);
      } else {
        event = other(random, i);
      }
      given.add(event);
      mailbox.offer(event);
      if (random.nextInt(40) == 0) {
        permits.release(random.nextInt(60));
      }
    }
    if (leads) {
      given.add(revoked(epoch));
      mailbox.offer(given.getLast());
    }
    Optional<ElectionEvent> last = lastChange(given);
    permits.release(EVENTS + 2);
    Await.until("seed " + seed + ": the last state", () -> lastChange(told).equals(last));
    mailbox.offer(new Closed());
    Await.until("seed " + seed + ": the end", () -> told.contains(new Closed()));
    check("seed " + seed, told, given);
  }

  private static void check(String seed, List<ElectionEvent> told, List<ElectionEvent> given) {
    Optional<FencingToken> open = Optional.empty();
    int place = 0;
    for (ElectionEvent event : told.subList(0, told.size() - 1)) {
      switch (event) {
        case Granted(FencingToken token) -> {
          assertEquals(Optional.empty(), open, seed);
          open = Optional.of(token);
        }
        case Revoked(FencingToken token, var _) -> {
          assertEquals(Optional.of(token), open, seed);
          open = Optional.empty();
        }
        default -> {}
      }
      int at = given.subList(place, given.size()).indexOf(event);
      assertTrue(at >= 0, seed + ": out of order or never said: " + event);
      place += at + 1;
    }
    assertEquals(Optional.empty(), open, seed);
    assertEquals(new Closed(), told.getLast(), seed);
  }

  @Test
  void what_waits_is_bounded_by_the_capacity() {
    var permits = new Semaphore(0);
    List<ElectionEvent> told = new CopyOnWriteArrayList<>();
    var mailbox =
        new Mailbox(
            "quorate-1-listener-1",
            event -> {
              take(permits);
              told.add(event);
            },
            List.of(new Granted(token(1))),
            counters,
            _ -> {});
    mailbox.start();
    Await.until("the first is being told", permits::hasQueuedThreads);
    mailbox.offer(revoked(1));
    mailbox.offer(new Looking(1));
    mailbox.offer(new Granted(token(2)));
    for (int i = 0; i < 3 * Mailbox.CAPACITY; i++) {
      mailbox.offer(new LinkUp(ServerId.of(i)));
    }
    permits.release(4 * Mailbox.CAPACITY);
    mailbox.offer(new Closed());
    Await.until("the end", () -> told.contains(new Closed()));
    assertEquals(
        List.of(new Granted(token(1)), revoked(1), new Granted(token(2))),
        told.stream().filter(e -> e instanceof Granted || e instanceof Revoked).toList());
    assertTrue(told.size() <= Mailbox.CAPACITY + 2, "told " + told.size());
  }

  private static ElectionEvent other(Random random, int i) {
    return switch (random.nextInt(3)) {
      case 0 -> new Looking(i);
      case 1 -> new LinkUp(ServerId.of(i));
      default -> new Warning("test", "event " + i);
    };
  }

  private static Optional<ElectionEvent> lastChange(List<ElectionEvent> events) {
    return events.stream().filter(StateChange.class::isInstance).reduce((_, later) -> later);
  }

  private static Revoked revoked(long epoch) {
    return new Revoked(token(epoch), new Revocation.Resigned());
  }

  private static FencingToken token(long epoch) {
    return new FencingToken(epoch, ServerId.of(1));
  }

  private static void take(Semaphore permits) {
    try {
      if (!permits.tryAcquire(Await.HANG.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the test never let the listener go on");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
