package io.quorate.election.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.Await;
import io.quorate.election.FencingToken;
import io.quorate.election.Leadership;
import io.quorate.election.LeadershipTask;
import io.quorate.election.Revocation;
import io.quorate.election.Subscription;
import io.quorate.election.engine.ElectionCounter;
import io.quorate.election.engine.Input;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who holds which term, and what the engine is told of it. The test is the engine. */
final class TermsTest {
  private static final ServerId SELF = ServerId.of(1);
  private static final long LEASE = 1000;
  private static final Revocation RESIGNED = new Revocation.Resigned();
  private static final Revocation LOST = new Revocation.QuorumLost();

  private final AtomicLong clock = new AtomicLong();
  private final BlockingQueue<Input> orders = new LinkedBlockingQueue<>();
  private final Counters counters = new Counters();
  private final Terms terms = new Terms(SELF, orders::add, counters::count, clock::get);
  private final BlockingQueue<Leadership> begun = new LinkedBlockingQueue<>();
  private final AtomicInteger interrupted = new AtomicInteger();

  @AfterEach
  void nothing_is_left() {
    terms.end("the test is over", new Revocation.Closed());
    Await.noThread();
  }

  @Test
  void a_term_that_nobody_holds_ends_at_once() {
    grant(1);
    assertFalse(revoke(1));
    assertEquals(List.of(new Input.TermEnded(1)), List.copyOf(orders));
  }

  @Test
  void a_task_runs_once_per_term_and_is_interrupted_when_it_ends() throws Exception {
    terms.whileLeader(this::untilInterrupted);
    for (long epoch = 1; epoch <= 3; epoch++) {
      grant(epoch);
      Leadership leadership = next(begun);
      assertEquals(token(epoch), leadership.token());
      assertTrue(leadership.isValid());
      assertTrue(revoke(epoch));
      assertFalse(leadership.isValid());
      assertEquals(new Input.TermEnded(epoch), next(orders));
      assertEquals(LOST, leadership.revoked().toCompletableFuture().get(20, TimeUnit.SECONDS));
    }
    assertEquals(3, interrupted.get());
    assertEquals(0, begun.size());
  }

  @Test
  void a_task_that_is_registered_while_we_lead_begins_at_once() throws Exception {
    grant(5);
    terms.whileLeader(this::untilInterrupted);
    assertEquals(token(5), next(begun).token());
  }

  @Test
  void a_task_that_returns_gives_up_its_term_and_runs_in_the_next() throws Exception {
    terms.whileLeader(begun::add);
    for (long epoch = 1; epoch <= 2; epoch++) {
      grant(epoch);
      Leadership leadership = next(begun);
      assertEquals(new Input.GiveUp(epoch, RESIGNED), next(orders));
      assertFalse(leadership.isValid());
      assertFalse(revoke(epoch));
      assertEquals(new Input.TermEnded(epoch), next(orders));
    }
  }

  @Test
  void a_task_that_throws_gives_up_its_term_and_says_what() throws Exception {
    var failure = new AssertionError("a task of this test");
    terms.whileLeader(
        _ -> {
          throw failure;
        });
    grant(1);
    assertEquals(new Input.GiveUp(1, new Revocation.TaskFailed(failure)), next(orders));
    assertEquals(1, counters.get(ElectionCounter.TASK_FAILURES));
  }

  @Test
  void a_task_that_throws_because_it_was_interrupted_has_not_failed() throws Exception {
    terms.whileLeader(
        leadership -> {
          begun.add(leadership);
          new CountDownLatch(1).await();
        });
    grant(1);
    next(begun);
    assertTrue(revoke(1));
    assertEquals(new Input.TermEnded(1), next(orders));
    assertEquals(0, counters.get(ElectionCounter.TASK_FAILURES));
  }

  @Test
  void the_next_terms_task_begins_only_after_the_last_has_ended() throws Exception {
    var release = new CountDownLatch(1);
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    terms.whileLeader(
        leadership -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          begun.add(leadership);
          untilOpen(release);
          running.decrementAndGet();
        });
    grant(1);
    next(begun);
    assertTrue(revoke(1));
    grant(2);
    assertFalse(revoke(2), "nobody held it");
    assertEquals(new Input.TermEnded(2), next(orders));
    grant(3);
    terms.overdue(1);
    assertEquals(1, counters.get(ElectionCounter.HOLDERS_OVERDUE));
    assertEquals(0, begun.size());
    release.countDown();
    assertEquals(new Input.TermEnded(1), next(orders));
    assertEquals(token(3), next(begun).token());
    assertEquals(1, most.get());
    terms.overdue(1);
    assertEquals(1, counters.get(ElectionCounter.HOLDERS_OVERDUE), "it has ended meanwhile");
  }

  @Test
  void a_second_task_is_refused_until_the_first_is_closed() throws Exception {
    Subscription first = terms.whileLeader(this::untilInterrupted);
    assertThrows(IllegalStateException.class, () -> terms.whileLeader(begun::add));
    grant(1);
    Leadership leadership = next(begun);
    first.close();
    assertFalse(leadership.isValid());
    assertEquals(new Input.GiveUp(1, RESIGNED), next(orders));
    Await.until("interrupted", () -> interrupted.get() == 1);
    assertTrue(terms.awaitNoHolder(Await.HANG), "the task has ended");
    first.close();
    terms.whileLeader(begun::add);
    assertFalse(revoke(1));
    grant(2);
    assertEquals(token(2), next(begun).token());
  }

  @Test
  void a_task_may_end_its_own_registration_or_its_term() throws Exception {
    var registered = new AtomicReference<Subscription>();
    var ready = new CountDownLatch(1);
    registered.set(
        terms.whileLeader(
            leadership -> {
              Await.open(ready);
              leadership.close();
              leadership.close();
              registered.get().close();
              begun.add(leadership);
            }));
    ready.countDown();
    grant(1);
    assertFalse(next(begun).isValid());
    assertEquals(new Input.GiveUp(1, RESIGNED), next(orders));
  }

  @Test
  void acquiring_waits_for_a_term_and_holds_it_until_it_is_closed() throws Exception {
    FutureTask<Leadership> first = acquire();
    assertThrows(TimeoutException.class, () -> terms.acquire(Duration.ZERO));
    grant(1);
    Leadership leadership = first.get(20, TimeUnit.SECONDS);
    assertEquals(token(1), leadership.token());
    assertThrows(TimeoutException.class, () -> terms.acquire(Duration.ofMillis(5)));
    assertTrue(revoke(1));
    grant(2);
    assertThrows(TimeoutException.class, () -> terms.acquire(Duration.ofMillis(5)));
    assertEquals(0, orders.size());
    leadership.close();
    assertEquals(new Input.TermEnded(1), next(orders));
    Leadership second = terms.acquire(Await.HANG);
    assertEquals(token(2), second.token());
    second.close();
    second.close();
    assertEquals(new Input.GiveUp(2, RESIGNED), next(orders));
    assertFalse(second.isValid());
    assertEquals(0, orders.size());
  }

  @Test
  void a_task_waits_for_whoever_has_acquired() throws Exception {
    grant(1);
    Leadership held = terms.acquire();
    terms.whileLeader(begun::add);
    assertEquals(0, begun.size());
    held.close();
    assertEquals(new Input.GiveUp(1, RESIGNED), next(orders));
    assertFalse(revoke(1));
    grant(2);
    assertEquals(token(2), next(begun).token());
  }

  @Test
  void a_task_that_acquires_is_told_that_it_has_what_it_wants() throws Exception {
    var thrown = new LinkedBlockingQueue<Throwable>();
    terms.whileLeader(_ -> thrown.add(assertThrows(IllegalStateException.class, terms::acquire)));
    grant(1);
    assertInstanceOf(IllegalStateException.class, next(thrown));
  }

  @Test
  void the_present_term_is_there_for_everybody_while_it_is_valid() {
    assertTrue(terms.leadership().isEmpty());
    grant(1);
    Leadership leadership = terms.leadership().orElseThrow();
    assertEquals(Duration.ofNanos(LEASE), leadership.remaining());
    terms.renewed(1, clock.get() + 3 * LEASE);
    terms.renewed(9, clock.get() + 9 * LEASE);
    assertEquals(Duration.ofNanos(3 * LEASE), leadership.remaining());
    clock.addAndGet(3 * LEASE);
    assertFalse(leadership.isValid());
    assertEquals(Duration.ZERO, leadership.remaining());
    assertTrue(terms.leadership().isEmpty());
  }

  @Test
  void a_renewal_after_somebody_saw_the_end_gives_up_the_term() throws Exception {
    grant(1);
    Leadership leadership = terms.leadership().orElseThrow();
    clock.addAndGet(LEASE);
    assertFalse(leadership.isValid());
    terms.renewed(1, clock.get() + LEASE);
    assertFalse(leadership.isValid());
    assertEquals(new Input.GiveUp(1, new Revocation.LeaseExpired()), next(orders));
  }

  @Test
  void a_majority_confirms_a_term_or_its_end_answers() throws Exception {
    grant(1);
    Leadership leadership = terms.leadership().orElseThrow();
    FutureTask<Boolean> yes = run(() -> leadership.confirm(Await.HANG));
    Input.Confirm asked = assertInstanceOf(Input.Confirm.class, next(orders));
    assertEquals(1, asked.epoch());
    terms.confirmed(asked.request());
    assertTrue(yes.get(20, TimeUnit.SECONDS));
    assertFalse(leadership.confirm(Duration.ZERO), "nobody answers so fast");
    next(orders);
    FutureTask<Boolean> no = run(() -> leadership.confirm(Await.HANG));
    next(orders);
    revoke(1);
    assertFalse(no.get(20, TimeUnit.SECONDS));
    assertFalse(leadership.confirm(Await.HANG), "a term that is over asks nobody");
  }

  @Test
  void a_confirmation_that_comes_after_the_lease_does_not_count() throws Exception {
    grant(1);
    Leadership leadership = terms.leadership().orElseThrow();
    FutureTask<Boolean> late = run(() -> leadership.confirm(Await.HANG));
    Input.Confirm asked = assertInstanceOf(Input.Confirm.class, next(orders));
    clock.addAndGet(LEASE);
    terms.confirmed(asked.request());
    assertFalse(late.get(20, TimeUnit.SECONDS));
  }

  @Test
  void more_questions_than_may_wait_are_refused() throws Exception {
    grant(1);
    Leadership leadership = terms.leadership().orElseThrow();
    for (int i = 0; i < Confirmations.MAX_UNANSWERED; i++) {
      assertFalse(leadership.confirm(Duration.ZERO));
    }
    assertThrows(IllegalStateException.class, () -> leadership.confirm(Duration.ZERO));
    revoke(1);
    grant(2);
    assertFalse(terms.leadership().orElseThrow().confirm(Duration.ZERO), "there is room again");
  }

  @Test
  void the_end_frees_who_waits_and_nobody_gets_a_term_after_it() throws Exception {
    FutureTask<Leadership> waiting = acquire();
    terms.whileLeader(this::untilInterrupted);
    grant(1);
    Leadership leadership = next(begun);
    terms.end("over", new Revocation.ServerFailed("over"));
    assertFalse(leadership.isValid());
    assertTrue(terms.awaitNoHolder(Await.HANG));
    assertEquals(
        new Revocation.ServerFailed("over"),
        leadership.revoked().toCompletableFuture().get(20, TimeUnit.SECONDS));
    assertThrows(Exception.class, () -> waiting.get(20, TimeUnit.SECONDS));
    assertThrows(IllegalStateException.class, terms::acquire);
    assertThrows(IllegalStateException.class, () -> terms.whileLeader(begun::add));
    grant(2);
    assertTrue(terms.leadership().isEmpty());
    assertFalse(revoke(2), "the last words of the engine are no failure");
    assertEquals(0, begun.size());
  }

  @Test
  void who_closes_and_holds_a_term_is_not_waited_for() throws Exception {
    var done = new CountDownLatch(1);
    terms.whileLeader(
        leadership -> {
          terms.close("closed by its task");
          begun.add(leadership);
          untilOpen(done);
        });
    grant(1);
    assertFalse(next(begun).isValid());
    assertEquals(new Input.GiveUp(1, new Revocation.Closed()), next(orders));
    assertTrue(terms.awaitNoHolder(Duration.ZERO));
    assertFalse(revoke(1));
    done.countDown();
  }

  @Test
  void what_the_engine_never_granted_cannot_be_revoked() {
    assertThrows(IllegalStateException.class, () -> revoke(1));
    grant(1);
    assertThrows(IllegalStateException.class, () -> grant(2));
  }

  @Test
  void a_caller_cannot_turn_the_end_into_another_one() throws Exception {
    grant(1);
    Leadership leadership = terms.leadership().orElseThrow();
    CompletableFuture<Revocation> mine = leadership.revoked().toCompletableFuture();
    mine.complete(RESIGNED);
    revoke(1);
    assertEquals(LOST, leadership.revoked().toCompletableFuture().get(20, TimeUnit.SECONDS));
  }

  @Test
  void whatever_happens_at_once_there_is_one_holder_at_most_and_every_term_ends() throws Exception {
    var holders = new AtomicInteger();
    var tooMany = new CopyOnWriteArrayList<String>();
    LeadershipTask task =
        leadership -> {
          if (holders.incrementAndGet() > 1) {
            tooMany.add("task of " + leadership);
          }
          Thread.onSpinWait();
          holders.decrementAndGet();
        };
    var stop = new CountDownLatch(1);
    FutureTask<Boolean> registering =
        run(
            () -> {
              while (stop.getCount() > 0) {
                terms.whileLeader(task).close();
              }
              return true;
            });
    FutureTask<Boolean> acquiring =
        run(
            () -> {
              while (stop.getCount() > 0) {
                try (Leadership held = terms.acquire(Duration.ofMillis(1))) {
                  if (holders.incrementAndGet() > 1) {
                    tooMany.add("acquired " + held);
                  }
                  holders.decrementAndGet();
                } catch (TimeoutException _) {
                  Thread.onSpinWait();
                }
              }
              return true;
            });
    for (long epoch = 1; epoch <= 2000; epoch++) {
      long ended = epoch;
      grant(epoch);
      revoke(epoch);
      Await.until("term " + epoch + " ends", () -> orders.remove(new Input.TermEnded(ended)));
    }
    stop.countDown();
    assertTrue(registering.get(20, TimeUnit.SECONDS));
    assertTrue(acquiring.get(20, TimeUnit.SECONDS));
    assertEquals(List.of(), tooMany);
  }

  private void grant(long epoch) {
    terms.granted(token(epoch), clock.get() + LEASE);
  }

  private boolean revoke(long epoch) {
    return terms.revoked(token(epoch), LOST);
  }

  private static FencingToken token(long epoch) {
    return new FencingToken(epoch, SELF);
  }

  private void untilInterrupted(Leadership leadership) {
    begun.add(leadership);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      interrupted.incrementAndGet();
    }
  }

  /** As a task does that nothing can interrupt. */
  private static void untilOpen(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException _) {
        Thread.onSpinWait();
      }
    }
  }

  private FutureTask<Leadership> acquire() {
    return run(terms::acquire);
  }

  private static <T> FutureTask<T> run(Callable<T> call) {
    var task = new FutureTask<>(call);
    Thread.ofVirtual().name("quorate-test").start(task);
    return task;
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(Await.HANG.toSeconds(), TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }
}
