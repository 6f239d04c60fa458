package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.Subscription;
import io.quorate.election.engine.StateChanges;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the outside sees: the present view, and the listeners. Once ended it never changes again,
 * whatever the driver still does. Safe for use by any thread; no code of others runs under its
 * lock.
 */
final class Board {

  /** Events that every new listener is told after the present state, at most. */
  static final int MAX_STANDING = 64;

  private static final Logger log = LoggerFactory.getLogger(Board.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** In the order in which they came, so that the same calls give the same schedule. */
  private final Set<Mailbox> mailboxes = new LinkedHashSet<>();

  /** What stays true from the start on: warnings about the configuration, and where we listen. */
  private final List<ElectionEvent> standing;

  /** The links that are up, as many as the transport allows. */
  private final Map<ServerId, ElectionEvent> links = new TreeMap<>();

  private final Counters counters;
  private final Consumer<LeaderView> beforeShown;

  /** The term that was granted and not revoked, as far as it was told. */
  private ElectionEvent.@Nullable Granted granted;

  private volatile LeaderView view;
  private long listeners;

  /**
   * Shows a first view.
   *
   * @param view what is true at the start
   * @param standing what every listener is told after the present state
   * @param counters where failures of listeners are counted
   * @param beforeShown told each view before anybody can see it, one at a time
   */
  Board(
      LeaderView view,
      List<? extends ElectionEvent> standing,
      Counters counters,
      Consumer<LeaderView> beforeShown) {
    this.view = view;
    this.standing = new ArrayList<>(standing);
    this.counters = counters;
    this.beforeShown = beforeShown;
  }

  LeaderView view() {
    return view;
  }

  boolean isEnded() {
    return view.failure().isPresent();
  }

  void show(LeaderView next) {
    lock.lock();
    try {
      if (!isEnded()) {
        put(next);
      }
    } finally {
      lock.unlock();
    }
  }

  private void put(LeaderView next) {
    beforeShown.accept(next);
    view = next;
    changed.signalAll();
  }

  void tell(ElectionEvent event) {
    lock.lock();
    try {
      if (!isEnded()) {
        stand(event);
        mailboxes.forEach(mailbox -> mailbox.offer(event));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Remembers what a new listener has to be told, because it is true until further notice. */
  private void stand(ElectionEvent event) {
    switch (event) {
      case ElectionEvent.Listening _ -> {
        if (standing.size() < MAX_STANDING) {
          standing.add(event);
        }
      }
      case ElectionEvent.LinkUp(ServerId peer) -> links.put(peer, event);
      case ElectionEvent.LinkDown(ServerId peer, var _) -> links.remove(peer);
      case ElectionEvent.Granted begun -> {
        if (granted != null) {
          throw new IllegalStateException(begun + " before the end of " + granted);
        }
        granted = begun;
      }
      case ElectionEvent.Revoked(FencingToken token, var _) -> {
        if (granted == null || !granted.token().equals(token)) {
          throw new IllegalStateException(token + " is revoked, but there was " + granted);
        }
        granted = null;
      }
      case ElectionEvent.StateChange _, ElectionEvent.Elected _, ElectionEvent.Warning _ -> {}
    }
  }

  /**
   * The last thing that is shown and told. Does nothing the second time.
   *
   * @param reason why nothing follows
   * @param cause why a term that was granted ends, unless that has been told
   */
  void end(String reason, Revocation cause) {
    lock.lock();
    try {
      if (isEnded()) {
        return;
      }
      var last = new ArrayList<ElectionEvent>();
      if (granted != null) {
        last.add(new ElectionEvent.Revoked(granted.token(), cause));
        granted = null;
      }
      last.add(new ElectionEvent.Closed());
      put(
          new LeaderView(
              view.self(),
              ServerState.LOOKING,
              Optional.empty(),
              view.round(),
              0,
              false,
              Set.of(),
              Optional.of(reason)));
      last.forEach(event -> mailboxes.forEach(mailbox -> mailbox.offer(event)));
    } finally {
      lock.unlock();
    }
  }

  Subscription subscribe(Consumer<? super ElectionEvent> listener) {
    lock.lock();
    try {
      var first = new ArrayList<ElectionEvent>();
      first.add(StateChanges.of(view));
      if (!isEnded()) {
        first.addAll(standing);
        first.addAll(links.values());
        Optional.ofNullable(granted).ifPresent(first::add);
      }
      var name = "quorate-" + view.self() + "-listener-" + ++listeners;
      var mailbox = new Mailbox(name, listener, first, counters, this::forget);
      mailboxes.add(mailbox);
      mailbox.start();
      return mailbox;
    } finally {
      lock.unlock();
    }
  }

  private void forget(Mailbox mailbox) {
    lock.lock();
    try {
      mailboxes.remove(mailbox);
    } finally {
      lock.unlock();
    }
  }

  ServerId awaitLeader(Duration timeout) throws InterruptedException, TimeoutException {
    long left = TimeUnit.NANOSECONDS.convert(timeout);
    lock.lockInterruptibly();
    try {
      while (view.leader().isEmpty()) {
        if (isEnded()) {
          throw new IllegalStateException("the election has ended: " + view.failure().get());
        }
        if (left <= 0) {
          throw new TimeoutException("no leader within " + timeout);
        }
        left = changed.awaitNanos(left);
      }
      return view.leader().get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the listeners have been told everything, and interrupts those that do not return in
   * time. A listener that calls this does not wait for any, and none of them is told any more that
   * a term began.
   */
  void awaitListeners(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    List<Mailbox> waiting = listening();
    if (waiting.stream().anyMatch(Mailbox::isOwnThread)) {
      waiting.forEach(Mailbox::keepTheEnd);
      return;
    }
    for (Mailbox mailbox : waiting) {
      if (!mailbox.awaitDone(Duration.ofNanos(deadline - System.nanoTime()))) {
        log.warn("a listener does not return and is interrupted");
        mailbox.abandon();
      }
    }
  }

  private List<Mailbox> listening() {
    lock.lock();
    try {
      return List.copyOf(mailboxes);
    } finally {
      lock.unlock();
    }
  }
}
