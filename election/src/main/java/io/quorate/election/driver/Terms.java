package io.quorate.election.driver;

import io.quorate.election.FencingToken;
import io.quorate.election.Leadership;
import io.quorate.election.LeadershipTask;
import io.quorate.election.Revocation;
import io.quorate.election.Subscription;
import io.quorate.election.engine.ElectionCounter;
import io.quorate.election.engine.Input;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our terms and who holds them: at most one holder at a time, a task or whoever has acquired the
 * leadership, and the next one only after it has ended, even if its own term is long over.
 *
 * <pre>
 *   granted -&gt; held (a task begins, or acquire returns) -&gt; revoked -&gt; the holder ends -&gt; TermEnded
 *   granted -&gt; held -&gt; the holder ends -&gt; GiveUp -&gt; revoked -&gt; TermEnded
 *   granted -&gt; revoked -&gt; TermEnded
 * </pre>
 *
 * The driver says what the engine decided; any thread may call the rest. No code of others runs
 * under the lock.
 */
final class Terms {
  private static final Logger log = LoggerFactory.getLogger(Terms.class);

  private final ServerId self;
  private final Consumer<Input> orders;
  private final Consumer<ElectionCounter> counters;
  private final LongSupplier nanoTime;
  private final Confirmations confirmations;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** The term that was granted and not revoked. */
  private volatile @Nullable Term current;

  private @Nullable Holder holder;
  private @Nullable Registration registration;

  /** Why nobody gets a term any more. */
  private @Nullable String closed;

  /** The engine has no say any more: its last words are not heard. */
  private boolean ended;

  /** Who has a term, and its thread: the task's own, or the one that acquired. */
  private record Holder(Term term, Thread thread, boolean isTask) {}

  /**
   * Holds no term yet.
   *
   * @param self names threads
   * @param orders given what the engine is to be told; never waits
   * @param counters told what happens
   * @param nanoTime a monotonic clock in nanoseconds
   */
  Terms(
      ServerId self,
      Consumer<Input> orders,
      Consumer<ElectionCounter> counters,
      LongSupplier nanoTime) {
    this.self = self;
    this.orders = orders;
    this.counters = counters;
    this.nanoTime = nanoTime;
    this.confirmations = new Confirmations(orders);
  }

  // ---- what the driver says ----

  void granted(FencingToken token, long validUntil) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      if (current != null) {
        throw new IllegalStateException("term " + current.epoch() + " was never revoked");
      }
      counters.accept(ElectionCounter.GRANTED);
      current = new Term(token, validUntil, nanoTime);
      handOut();
    } finally {
      lock.unlock();
    }
  }

  void renewed(long epoch, long validUntil) {
    Term term = current;
    if (term != null && term.epoch() == epoch && !term.renew(validUntil)) {
      orders.accept(new Input.GiveUp(epoch, new Revocation.LeaseExpired()));
    }
  }

  void confirmed(long request) {
    confirmations.confirmed(request);
  }

  /** Returns whether a holder has yet to end; if not, the engine is told at once. */
  boolean revoked(FencingToken token, Revocation cause) {
    lock.lock();
    try {
      Term term = current;
      if (term != null && term.token().equals(token)) {
        revoke(term, cause);
      } else if (!ended) {
        throw new IllegalStateException(token + " was never granted, or is revoked already");
      }
      boolean isHeld = holder != null && holder.term().token().equals(token);
      if (!isHeld) {
        orders.accept(new Input.TermEnded(token.epoch()));
      }
      return isHeld;
    } finally {
      lock.unlock();
    }
  }

  private void revoke(Term term, Revocation cause) {
    counters.accept(ElectionCounter.REVOKED);
    current = null;
    term.revoke(cause);
    confirmations.termEnded(term.epoch());
    if (holder != null && holder.term() == term && holder.isTask()) {
      holder.thread().interrupt();
    }
  }

  /** A holder should have ended by now. */
  void overdue(long epoch) {
    lock.lock();
    try {
      Holder late = holder;
      if (late != null && late.term().epoch() == epoch) {
        counters.accept(ElectionCounter.HOLDERS_OVERDUE);
        log.warn(
            "server {}: term {} is over and {} has not ended; no other term is handed out before",
            self,
            epoch,
            late.isTask() ? "its task" : "the leadership that was acquired");
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nobody gets a term any more. The calling thread is not waited for if it holds one.
   *
   * @param why for a person
   */
  void close(String why) {
    lock.lock();
    try {
      if (closed == null) {
        closed = why;
      }
      registration = null;
      changed.signalAll();
      Holder mine = holder;
      if (mine != null && mine.thread() == Thread.currentThread()) {
        release(mine, new Revocation.Closed());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes, and ends the present term without the engine. */
  void end(String why, Revocation cause) {
    lock.lock();
    try {
      close(why);
      ended = true;
      Term term = current;
      if (term != null) {
        revoke(term, cause);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nobody holds a term; returns whether that is so. */
  boolean awaitNoHolder(Duration timeout) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(timeout);
    lock.lockInterruptibly();
    try {
      while (holder != null && left > 0) {
        left = changed.awaitNanos(left);
      }
      return holder == null;
    } finally {
      lock.unlock();
    }
  }

  // ---- what users call ----

  /** Returns the present term if it is valid. */
  Optional<Leadership> leadership() {
    Term term = current;
    return term != null && term.isValid()
        ? Optional.of(new TermLeadership(term, confirmations, () -> giveUp(term)))
        : Optional.empty();
  }

  /** Has the task run in each term, the present one included. */
  Subscription whileLeader(LeadershipTask task) {
    lock.lock();
    try {
      requireOpen();
      if (registration != null) {
        throw new IllegalStateException("a task is registered already; close it first");
      }
      var mine = new Registration(task);
      registration = mine;
      handOut();
      return mine;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a term that nobody holds. */
  Leadership acquire() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!isFree()) {
        changed.await();
      }
      return hold();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #acquire()}, but not longer than this. */
  Leadership acquire(Duration timeout) throws InterruptedException, TimeoutException {
    long left = TimeUnit.NANOSECONDS.convert(timeout);
    lock.lockInterruptibly();
    try {
      while (!isFree()) {
        if (left <= 0) {
          throw new TimeoutException("not the leader within " + timeout);
        }
        left = changed.awaitNanos(left);
      }
      return hold();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFree() {
    requireOpen();
    if (holder != null && holder.isTask() && holder.thread() == Thread.currentThread()) {
      throw new IllegalStateException("a task has its leadership already, and waits for itself");
    }
    return holder == null && current != null && current.isValid();
  }

  private Leadership hold() {
    Term term = current;
    if (term == null) {
      throw new IllegalStateException("a free term is there");
    }
    var mine = new Holder(term, Thread.currentThread(), false);
    holder = mine;
    return new TermLeadership(term, confirmations, () -> release(mine, new Revocation.Resigned()));
  }

  private void requireOpen() {
    if (closed != null) {
      throw new IllegalStateException("the election has ended: " + closed);
    }
  }

  // ---- holders ----

  /** Lets the task begin if a term is free, or else who waits for one. */
  private void handOut() {
    Term term = current;
    if (holder != null || term == null || closed != null || !term.isValid()) {
      return;
    }
    Registration next = registration;
    if (next == null) {
      changed.signalAll();
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name("quorate-" + self + "-task-" + term.epoch())
            .unstarted(() -> run(next.task, term));
    holder = new Holder(term, thread, true);
    thread.start();
  }

  private void run(LeadershipTask task, Term term) {
    Revocation why = new Revocation.Resigned();
    try {
      if (term.isValid()) {
        task.run(new TermLeadership(term, confirmations, () -> giveUp(term)));
      }
    } catch (Throwable cause) {
      why = new Revocation.TaskFailed(cause);
      blame(term, cause);
    }
    lock.lock();
    try {
      Holder mine = holder;
      if (mine != null && mine.thread() == Thread.currentThread()) {
        release(mine, why);
      }
    } finally {
      lock.unlock();
    }
  }

  private void blame(Term term, Throwable cause) {
    if (term.isValid()) {
      counters.accept(ElectionCounter.TASK_FAILURES);
      log.warn("server {}: the task of term {} failed", self, term.epoch(), cause);
    } else {
      log.debug("server {}: the task of term {} threw at its end", self, term.epoch(), cause);
    }
  }

  /** The holder has ended, and its term with it. */
  private void release(Holder mine, Revocation why) {
    lock.lock();
    try {
      if (!mine.equals(holder)) {
        return;
      }
      holder = null;
      Term term = mine.term();
      term.end();
      orders.accept(
          term.isRevoked()
              ? new Input.TermEnded(term.epoch())
              : new Input.GiveUp(term.epoch(), why));
      handOut();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(Term term) {
    if (!term.isRevoked()) {
      term.end();
      orders.accept(new Input.GiveUp(term.epoch(), new Revocation.Resigned()));
    }
  }

  /** That a task runs in each term. */
  private final class Registration implements Subscription {
    private final LeadershipTask task;

    private Registration(LeadershipTask task) {
      this.task = task;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (registration != this) {
          return;
        }
        registration = null;
        Holder mine = holder;
        if (mine != null && mine.isTask()) {
          giveUp(mine.term());
          mine.thread().interrupt();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
