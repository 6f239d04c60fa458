package io.quorate.election.driver;

import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A term of ours: how long it is valid, and its end. Once anybody was told that it is not valid it
 * never is again, whatever is renewed. Safe for use by any thread; nothing waits.
 */
final class Term {

  /** In place of the end of the lease: the term is over. */
  private static final long OVER = Long.MIN_VALUE;

  private final FencingToken token;
  private final LongSupplier nanoTime;
  private final AtomicLong validUntil;
  private final CompletableFuture<Revocation> revoked = new CompletableFuture<>();
  private volatile boolean isRevoked;

  /**
   * Begins a term.
   *
   * @param token its own
   * @param validUntil the end of its lease, by {@code nanoTime}
   * @param nanoTime a monotonic clock in nanoseconds
   */
  Term(FencingToken token, long validUntil, LongSupplier nanoTime) {
    this.token = token;
    this.nanoTime = nanoTime;
    this.validUntil = new AtomicLong(instant(validUntil));
  }

  FencingToken token() {
    return token;
  }

  long epoch() {
    return token.epoch();
  }

  boolean isValid() {
    return remainingNanos() > 0;
  }

  /** Returns how much of the lease is left; 0 from its end on, for ever. */
  long remainingNanos() {
    while (true) {
      long until = validUntil.get();
      if (until == OVER) {
        return 0;
      }
      // In this order: a pause between the two shortens what is left and never lengthens it.
      long left = until - nanoTime.getAsLong();
      if (left > 0) {
        return left;
      }
      if (validUntil.compareAndSet(until, OVER)) {
        return 0;
      }
    }
  }

  /** Lengthens the lease; returns false if the term is over. */
  boolean renew(long until) {
    long before = validUntil.get();
    while (before != OVER) {
      if (validUntil.compareAndSet(before, instant(until))) {
        return true;
      }
      before = validUntil.get();
    }
    return false;
  }

  /** From now on it is not valid. */
  void end() {
    validUntil.set(OVER);
  }

  /** Ends it with the cause, the first time. What depends on that runs on a thread of its own. */
  void revoke(Revocation cause) {
    end();
    isRevoked = true;
    revoked.completeAsync(
        () -> cause, told -> Thread.ofVirtual().name("quorate-revoked-" + epoch()).start(told));
  }

  boolean isRevoked() {
    return isRevoked;
  }

  CompletionStage<Revocation> revoked() {
    return revoked.minimalCompletionStage();
  }

  private static long instant(long nanos) {
    return nanos == OVER ? nanos + 1 : nanos;
  }
}
