package io.quorate.election.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.Await;
import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a term is valid, by a clock of the test. */
final class TermTest {
  private static final FencingToken TOKEN = new FencingToken(3, ServerId.of(1));

  /** Near its overflow, as a monotonic clock may be. */
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);

  private final Term term = new Term(TOKEN, clock.get() + 100, clock::get);

  @AfterEach
  void nothing_is_left() {
    Await.noThread();
  }

  @Test
  void it_is_valid_until_the_very_nanosecond_at_which_the_lease_ends() {
    assertTrue(term.isValid());
    assertEquals(100, term.remainingNanos());
    clock.addAndGet(99);
    assertTrue(term.isValid());
    assertEquals(1, term.remainingNanos());
    clock.addAndGet(1);
    assertFalse(term.isValid());
    assertEquals(0, term.remainingNanos());
  }

  @Test
  void it_is_not_valid_at_the_first_look_after_a_pause_of_any_length() {
    for (Duration pause : new Duration[] {Duration.ofNanos(100), Duration.ofDays(30)}) {
      var paused = new Term(TOKEN, clock.get() + 100, clock::get);
      clock.addAndGet(pause.toNanos());
      assertFalse(paused.isValid());
    }
  }

  @Test
  void renewing_lengthens_it() {
    assertTrue(term.renew(clock.get() + 300));
    clock.addAndGet(200);
    assertEquals(100, term.remainingNanos());
  }

  @Test
  void once_somebody_saw_it_invalid_it_is_never_valid_again() {
    clock.addAndGet(100);
    assertFalse(term.isValid());
    assertFalse(term.renew(clock.get() + 300));
    assertFalse(term.isValid());
  }

  @Test
  void a_renewal_that_nobody_saw_late_counts() {
    clock.addAndGet(100);
    assertTrue(term.renew(clock.get() + 300));
    assertTrue(term.isValid());
  }

  @Test
  void an_end_of_the_lease_that_looks_like_none_is_one() {
    clock.set(Long.MIN_VALUE - 50);
    var odd = new Term(TOKEN, Long.MIN_VALUE, clock::get);
    assertTrue(odd.isValid());
    clock.addAndGet(100);
    assertFalse(odd.isValid());
  }

  @Test
  void what_depends_on_the_end_runs_on_another_thread_and_cannot_hold_up_anybody() {
    var release = new CountDownLatch(1);
    var told = new AtomicReference<Revocation>();
    var thread = new AtomicReference<Thread>();
    term.revoked()
        .thenAccept(
            cause -> {
              thread.set(Thread.currentThread());
              Await.open(release);
              told.set(cause);
            });
    term.revoke(new Revocation.QuorumLost());
    assertFalse(term.isValid());
    assertTrue(term.isRevoked());
    release.countDown();
    Await.until("told", () -> new Revocation.QuorumLost().equals(told.get()));
    assertFalse(thread.get().equals(Thread.currentThread()));
  }

  @Test
  void nobody_but_us_can_complete_its_end() throws Exception {
    CompletableFuture<Revocation> copy = term.revoked().toCompletableFuture();
    assertTrue(copy.complete(new Revocation.Closed()));
    term.revoke(new Revocation.QuorumLost());
    assertEquals(new Revocation.QuorumLost(), term.revoked().toCompletableFuture().join());
    assertThrows(
        UnsupportedOperationException.class,
        () -> ((CompletableFuture<Revocation>) term.revoked()).complete(new Revocation.Closed()));
  }
}
