package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.Granted;
import io.quorate.election.ElectionEvent.Revoked;
import io.quorate.election.ElectionEvent.StateChange;
import io.quorate.election.FencingToken;
import io.quorate.election.Subscription;
import io.quorate.election.engine.ElectionCounter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener with what it has yet to be told, and the virtual thread that tells it. Offering
 * never waits: when the listener is slow the oldest events go, but never the last state change, and
 * never one of begin and end of a term without the other. Safe for use by any thread.
 */
final class Mailbox implements Subscription {

  /** Events that may wait for one listener. */
  static final int CAPACITY = 256;

  private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<ElectionEvent> events;
  private final Consumer<? super ElectionEvent> listener;
  private final Counters counters;
  private final Consumer<Mailbox> whenDone;
  private final Thread thread;
  private boolean closed;

  /**
   * Makes a mailbox; {@link #start} begins the telling.
   *
   * @param name of its thread
   * @param listener whom to tell
   * @param first what to tell first
   * @param counters where failures and lost events are counted
   * @param whenDone called on its thread at the end
   */
  Mailbox(
      String name,
      Consumer<? super ElectionEvent> listener,
      List<ElectionEvent> first,
      Counters counters,
      Consumer<Mailbox> whenDone) {
    this.listener = listener;
    this.counters = counters;
    this.whenDone = whenDone;
    this.events = new ArrayDeque<>(first);
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void offer(ElectionEvent event) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      events.add(event);
      if (events.size() > CAPACITY) {
        removeOldest();
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes room: the oldest event that may go goes. These stay: the last state change; the end of a
   * term whose begin was told; the begin of a term whose end is not here yet. A begin goes together
   * with its end. Those that stay are three at most, so there is always one that goes.
   */
  private void removeOldest() {
    long changes = events.stream().filter(StateChange.class::isInstance).count();
    for (Iterator<ElectionEvent> oldest = events.iterator(); oldest.hasNext(); ) {
      ElectionEvent event = oldest.next();
      boolean goes =
          switch (event) {
            case StateChange _ -> changes > 1;
            case Granted(FencingToken token) -> events.stream().anyMatch(e -> isEnd(e, token));
            case Revoked _ -> false;
            case ElectionEvent.Listening _,
                ElectionEvent.Elected _,
                ElectionEvent.LinkUp _,
                ElectionEvent.LinkDown _,
                ElectionEvent.Warning _ ->
                true;
          };
      if (goes) {
        oldest.remove();
        counters.count(ElectionCounter.EVENTS_CONFLATED);
        if (event instanceof Granted(FencingToken token)) {
          events.removeIf(later -> isEnd(later, token));
          counters.count(ElectionCounter.EVENTS_CONFLATED);
        }
        return;
      }
    }
  }

  private static boolean isEnd(ElectionEvent event, FencingToken of) {
    return event instanceof Revoked(FencingToken token, var _) && token.equals(of);
  }

  /** Leaves only that all is over, and the end of a term whose begin was told. */
  void keepTheEnd() {
    lock.lock();
    try {
      boolean begunHere = false;
      for (Iterator<ElectionEvent> each = events.iterator(); each.hasNext(); ) {
        ElectionEvent event = each.next();
        begunHere |= event instanceof Granted;
        boolean stays =
            event instanceof ElectionEvent.Closed || (event instanceof Revoked && !begunHere);
        if (!stays) {
          each.remove();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      events.clear();
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether this is called by the listener. */
  boolean isOwnThread() {
    return Thread.currentThread() == thread;
  }

  /** Waits until the listener has been told everything; returns whether it has. */
  boolean awaitDone(Duration timeout) throws InterruptedException {
    return thread.join(timeout);
  }

  /** Interrupts a listener that does not return. */
  void abandon() {
    close();
    thread.interrupt();
  }

  private void run() {
    try {
      for (ElectionEvent event = next(); event != null; event = next()) {
        deliver(event);
        if (event instanceof ElectionEvent.Closed) {
          return;
        }
      }
    } finally {
      whenDone.accept(this);
    }
  }

  private @Nullable ElectionEvent next() {
    lock.lock();
    try {
      while (events.isEmpty() && !closed) {
        // A listener may have interrupted its own thread; that ends nothing.
        arrived.awaitUninterruptibly();
      }
      return events.poll();
    } finally {
      lock.unlock();
    }
  }

  private void deliver(ElectionEvent event) {
    try {
      listener.accept(event);
    } catch (Throwable cause) {
      counters.count(ElectionCounter.LISTENER_FAILURES);
      log.warn("{}: the listener failed on {}", thread.getName(), event, cause);
    }
  }
}
