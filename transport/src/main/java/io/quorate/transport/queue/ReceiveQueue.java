package io.quorate.transport.queue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.NotListening;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.TransportEvent.Received;
import io.quorate.transport.TransportEvent.Unreachable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be received: a lane per peer, and one for what concerns no peer.
 *
 * <p>Lanes take turns, one event each, so that no peer keeps out another. A peer whose lane is full
 * waits in {@link Inlet#putAll}, and TCP makes its sender wait: it alone. Observers without an id
 * of their own, which anybody can be, are like one peer together: they have one turn among them,
 * and their messages fill one share of bytes. The events of a peer's links stand in the same lane
 * and so in order with the messages; they are never refused. They stay few because links that came
 * up and went down again before anybody looked are forgotten whole, the oldest first: the present
 * state of a link is never lost.
 *
 * <p>Any thread may call any method. Nothing is done under the lock but moving entries.
 */
public final class ReceiveQueue {

  /** Links of one peer that may have come up unnoticed; beyond, the oldest ended ones go. */
  static final int MAX_UPS = 8;

  /**
   * Bytes of one peer that may wait, or of all observers without an id together; one message may
   * always wait, however long it is.
   */
  static final long MAX_SHARE_BYTES = 16L << 20;

  /** Events without a peer that may wait; beyond, new ones are dropped. */
  static final int MAX_NOTICES = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final TimedWait arrival;
  private final Map<ServerId, Lane> lanes = new HashMap<>();
  private final ArrayDeque<Lane> turns = new ArrayDeque<>();

  /** The lanes whose turn it is when it is {@link #crowd}'s, which has one while there are any. */
  private final ArrayDeque<Lane> turnsOfStrangers = new ArrayDeque<>();

  private final Condition roomForStrangers = lock.newCondition();
  private final Lane crowd = new Lane(false);
  private final Lane notices = new Lane(false);
  private final Counters counters;
  private final int share;
  private long bytesOfStrangers;
  private boolean woken;
  private boolean closed;

  /**
   * Starts empty.
   *
   * @param share messages of one peer that may wait
   * @param counters where arrivals and waits are counted
   */
  public ReceiveQueue(int share, Counters counters) {
    this(share, counters, Optional.empty());
  }

  /**
   * Starts empty.
   *
   * @param share messages of one peer that may wait
   * @param counters where arrivals and waits are counted
   * @param clock ends waits for an event; its alarms are set with a lock of the queue held
   */
  public ReceiveQueue(int share, Counters counters, AlarmClock clock) {
    this(share, counters, Optional.of(clock));
  }

  private ReceiveQueue(int share, Counters counters, Optional<AlarmClock> clock) {
    this.share = share;
    this.counters = counters;
    this.arrival = new TimedWait(lock, arrived, clock);
  }

  /** The events of one peer that nobody has received yet. */
  private final class Lane {
    private final ArrayDeque<TransportEvent> events = new ArrayDeque<>();
    private final Condition room = lock.newCondition();
    private final boolean isStrangers;
    private @Nullable Inlet open;
    private int messages;
    private long bytes;
    private int ups;

    Lane(boolean isStrangers) {
      this.isStrangers = isStrangers;
    }

    boolean isFullWith(byte[] message) {
      long before = isStrangers ? bytesOfStrangers : bytes;
      return hasItsMessages() || (before > 0 && before + message.length > MAX_SHARE_BYTES);
    }

    private boolean hasItsMessages() {
      return messages > 0 && messages >= share;
    }

    /** Returns what to wait for while it is full. */
    Condition missing() {
      return isStrangers && !hasItsMessages() ? roomForStrangers : room;
    }

    void letGo() {
      room.signalAll();
      if (isStrangers) {
        roomForStrangers.signalAll(); // Also who has not been told of room because this one was.
      }
    }

    void add(TransportEvent event) {
      if (events.isEmpty()) {
        waitForTurn();
        arrived.signal();
      }
      events.add(event);
      account(event, 1);
    }

    /** At most one of each kind waits at the end: a host that refused is not said to be silent. */
    void addUnreachable(Unreachable event) {
      if (!(events.peekLast() instanceof Unreachable last)) {
        add(event);
        return;
      }
      events.removeLast();
      if (last.kind() != event.kind()) {
        if (events.peekLast() instanceof Unreachable) {
          events.removeLast();
        }
        events.addLast(last);
      }
      events.addLast(event);
    }

    void addInsteadOf(Predicate<TransportEvent> older, TransportEvent event) {
      if (events.isEmpty()) {
        add(event);
      } else {
        events.removeIf(older);
        events.addLast(event);
      }
    }

    TransportEvent take() {
      TransportEvent event = events.remove();
      account(event, -1);
      if (!events.isEmpty()) {
        waitForTurn();
      }
      return event;
    }

    private void waitForTurn() {
      if (!isStrangers) {
        turns.add(this);
        return;
      }
      if (turnsOfStrangers.isEmpty()) {
        turns.add(crowd);
      }
      turnsOfStrangers.add(this);
    }

    private void account(TransportEvent event, int sign) {
      switch (event) {
        case Received received -> {
          long length = (long) sign * received.message().length;
          messages += sign;
          bytes += length;
          bytesOfStrangers += isStrangers ? length : 0;
          if (sign < 0) {
            tellOfRoom();
          }
        }
        case LinkUp _ -> ups += sign;
        case LinkDown _, Unreachable _, Listening _, NotListening _ -> {}
        case TransportEvent.Warning _, Nothing _ -> {}
      }
    }

    /** Only when half is free: waking who waits costs more than a message does. */
    private void tellOfRoom() {
      if (messages <= share / 2 && bytes <= MAX_SHARE_BYTES / 2) {
        room.signal();
      }
      if (isStrangers && bytesOfStrangers <= MAX_SHARE_BYTES / 2) {
        roomForStrangers.signal();
      }
    }

    /** Forgets the oldest link that came up and went down while nobody looked, messages and all. */
    void forgetOldestLink() {
      int upsSeen = 0;
      for (var each = events.iterator(); each.hasNext() && upsSeen < 2; ) {
        TransportEvent event = each.next();
        upsSeen += event instanceof LinkUp ? 1 : 0;
        if (upsSeen == 1) {
          each.remove();
          account(event, -1);
        }
      }
    }
  }

  /** The way of one link into the queue. */
  public final class Inlet {
    private final ServerId peer;
    private final Lane lane;

    private Inlet(ServerId peer, Lane lane) {
      this.peer = peer;
      this.lane = lane;
    }

    /**
     * Puts messages behind what this peer has there, in order; waits when its share is full until
     * half of it is free. Those before can be received meanwhile.
     *
     * @param messages the receiver's own from now on
     * @return false if the link has gone down, and what was not there yet was dropped
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean putAll(List<byte[]> messages) throws InterruptedException {
      lock.lockInterruptibly();
      int put = 0;
      try {
        for (byte[] message : messages) {
          if (isOpen() && lane.isFullWith(message)) {
            counters.add(TransportCounter.RECEIVED, put);
            put = 0;
            counters.add(TransportCounter.RECEIVE_BACKPRESSURE);
            while (isOpen() && lane.isFullWith(message)) {
              lane.missing().await();
            }
          }
          if (!isOpen()) {
            return false;
          }
          lane.add(new Received(peer, message));
          put++;
        }
        return true;
      } finally {
        counters.add(TransportCounter.RECEIVED, put);
        lock.unlock();
      }
    }

    /**
     * Puts a message behind what this peer has there, if its share has room now.
     *
     * @param message the receiver's own from now on, if taken
     * @return false if there is no room or the link has gone down
     */
    public boolean offer(byte[] message) {
      lock.lock();
      try {
        if (!isOpen() || lane.isFullWith(message)) {
          return false;
        }
        counters.add(TransportCounter.RECEIVED);
        lane.add(new Received(peer, message));
        return true;
      } finally {
        lock.unlock();
      }
    }

    /**
     * Tells that the link went down. Nothing of it comes after. Does nothing the second time.
     *
     * @param cause why
     * @param detail one line for a person
     */
    public void close(DownCause cause, String detail) {
      lock.lock();
      try {
        if (isOpen()) {
          down(lane, new LinkDown(peer, cause, detail));
          dropIfIdle(peer, lane);
        }
      } finally {
        lock.unlock();
      }
    }

    private boolean isOpen() {
      return lane.open == this;
    }
  }

  /**
   * Tells that a link came up; before, if the peer had another one, that this one was replaced.
   *
   * @param peer the other end
   * @param remote its socket address, for people to read
   * @return where to put what it sends
   */
  public Inlet open(ServerId peer, String remote) {
    lock.lock();
    try {
      if (closed) {
        return new Inlet(peer, newLane(peer));
      }
      Lane lane = lanes.computeIfAbsent(peer, this::newLane);
      if (lane.open != null) {
        down(lane, new LinkDown(peer, DownCause.REPLACED, "by " + remote));
      }
      if (lane.ups == MAX_UPS) {
        lane.forgetOldestLink();
      }
      var inlet = new Inlet(peer, lane);
      lane.open = inlet;
      lane.add(new LinkUp(peer, remote));
      counters.add(TransportCounter.LINK_UP);
      return inlet;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells that a peer without a link cannot be reached. Takes the place of a report of the same
   * kind that still waits at the end of what is said about the peer.
   *
   * @param event what to tell
   */
  public void unreachable(Unreachable event) {
    ifOpen(() -> lanes.computeIfAbsent(event.peer(), this::newLane).addUnreachable(event));
  }

  /**
   * Tells that we listen. Never dropped; an equal one that still waits gives way.
   *
   * @param event where
   */
  public void listening(Listening event) {
    ifOpen(() -> notices.addInsteadOf(event::equals, event));
  }

  /**
   * Tells that we no longer listen. Never dropped; an older one that still waits gives way. One
   * that is over by now is told too: somebody may have been refused meanwhile.
   *
   * @param event why
   */
  public void notListening(NotListening event) {
    ifOpen(() -> notices.addInsteadOf(older -> older instanceof NotListening, event));
  }

  /**
   * Tells what concerns no link. An equal one that still waits stands for both; when too many wait,
   * this one is dropped.
   *
   * @param event a warning
   */
  public void notice(TransportEvent event) {
    ifOpen(
        () -> {
          if (notices.events.size() < MAX_NOTICES && !notices.events.contains(event)) {
            notices.add(event);
          }
        });
  }

  private void ifOpen(Runnable change) {
    lock.lock();
    try {
      if (!closed) {
        change.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next event.
   *
   * @param timeout how long to wait at most; zero or less: not at all
   * @return the event; {@link Nothing} when none came in time, after {@link #wakeup}, or at once
   *     when closed
   * @throws InterruptedException if the thread was interrupted
   */
  public TransportEvent take(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (isIdle() && timeout.isPositive()) {
        arrival.awaitWhile(this::isIdle, timeout);
      }
      woken = false;
      Lane next = closed ? null : nextLane();
      if (next == null) {
        return new Nothing();
      }
      TransportEvent event = next.take();
      if (event instanceof TransportEvent.LinkEvent link) {
        dropIfIdle(link.peer(), next);
      }
      if (!turns.isEmpty()) {
        // Signals are per lane, so a second receiver is woken by the first.
        arrived.signal();
      }
      return event;
    } finally {
      lock.unlock();
    }
  }

  private boolean isIdle() {
    return turns.isEmpty() && !woken && !closed;
  }

  private @Nullable Lane nextLane() {
    Lane next = turns.poll();
    if (!crowd.equals(next)) {
      return next;
    }
    Lane stranger = turnsOfStrangers.remove();
    if (!turnsOfStrangers.isEmpty()) {
      turns.add(crowd);
    }
    return stranger;
  }

  private Lane newLane(ServerId peer) {
    return new Lane(peer.value() < 0);
  }

  /** Makes the present, or else the next, {@link #take} return without waiting. */
  public void wakeup() {
    lock.lock();
    try {
      woken = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Drops everything; receivers and waiting senders return at once from now on. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (Lane lane : lanes.values()) {
        lane.open = null;
        lane.letGo();
      }
      lanes.clear();
      turns.clear();
      turnsOfStrangers.clear();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void down(Lane lane, LinkDown event) {
    lane.open = null;
    lane.add(event);
    lane.letGo();
    counters.add(TransportCounter.LINK_DOWN);
  }

  /** Observers get a new id for each link: a lane that stayed would be one too many for ever. */
  private void dropIfIdle(ServerId peer, Lane lane) {
    if (lane.open == null && lane.events.isEmpty()) {
      lanes.remove(peer, lane);
    }
  }
}
