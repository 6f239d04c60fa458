package io.quorate.transport.tcp;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.TransportEvent.UnreachableKind;
import io.quorate.transport.queue.ReceiveQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Which connection is the link of which peer: at most one each. Safe for use by any thread; no IO
 * is done under its lock. Link events go into the receive queue under it too, so that they tell the
 * changes in the order in which they happened.
 */
final class ConnectionTable {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition removed = lock.newCondition();

  /** Changed under the lock only. */
  private final Map<ServerId, Connection> links = new ConcurrentHashMap<>();

  private final Map<ServerId, UnreachableKind> told = new HashMap<>();
  private final Map<ServerId, Long> spells = new HashMap<>();
  private final Handshake handshake;
  private final ReceiveQueue received;
  private long observersNamed;
  private int observersLinked;
  private boolean closed;

  ConnectionTable(Handshake handshake, ReceiveQueue received) {
    this.handshake = handshake;
    this.received = received;
  }

  /**
   * What became of a connection.
   *
   * @param verdict how it was judged
   * @param link the connection, if it is the link now: to be started
   * @param leftOver a connection to be closed now: the one that was replaced, or this one if the
   *     table is closed
   */
  record Admission(
      Handshake.Verdict verdict, Optional<Connection> link, Optional<Connection> leftOver) {}

  /**
   * Judges a connection that came in and, if it stays, makes it the link.
   *
   * @param sid what it introduced itself with
   * @param maker makes the connection of the peer that it turns out to be; does no IO
   */
  Admission admit(ServerId sid, Function<ServerId, Connection> maker) {
    lock.lock();
    try {
      Handshake.Verdict verdict = handshake.cameIn(sid, observersLinked);
      return switch (verdict) {
        case Handshake.Verdict.Keep _ -> put(verdict, maker.apply(sid));
        case Handshake.Verdict.KeepObserver _ ->
            put(verdict, maker.apply(ServerId.of(- ++observersNamed)));
        case Handshake.Verdict.CallBack _, Handshake.Verdict.GiveUp _, Handshake.Verdict.Refuse _ ->
            new Admission(verdict, Optional.empty(), Optional.empty());
      };
    } finally {
      lock.unlock();
    }
  }

  /** Makes a connection that we dialled the link. */
  Admission install(Connection connection) {
    lock.lock();
    try {
      return put(new Handshake.Verdict.Keep(), connection);
    } finally {
      lock.unlock();
    }
  }

  private Admission put(Handshake.Verdict verdict, Connection connection) {
    if (closed) {
      return new Admission(verdict, Optional.empty(), Optional.of(connection));
    }
    // First of all: who hears that the link is up may send at once.
    Optional<Connection> older = Optional.ofNullable(links.put(connection.peer(), connection));
    connection.bind(received.open(connection.peer(), connection.remote()));
    told.remove(connection.peer());
    if (isObserver(connection)) {
      observersLinked++; // Its name is new, so it takes no other's place.
    }
    return new Admission(verdict, Optional.of(connection), older);
  }

  /**
   * Tells that a connection is no longer the link.
   *
   * @return false if another one had taken its place
   */
  boolean remove(Connection connection, DownCause cause, String detail) {
    ServerId peer = connection.peer();
    lock.lock();
    try {
      if (!links.remove(peer, connection)) {
        return false;
      }
      if (isObserver(connection)) {
        observersLinked--;
      }
      if (handshake.known().contains(peer)) {
        spells.merge(peer, 1L, Long::sum);
      }
      connection.inlet().ifPresent(inlet -> inlet.close(cause, detail));
      removed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns in which spell a configured peer is: a new one begins whenever its link goes down. A
   * dial asks before it begins, because what it finds out says nothing about a later spell.
   */
  long spell(ServerId peer) {
    lock.lock();
    try {
      return spells.getOrDefault(peer, 0L);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells that a dial failed, once per kind of failure and spell without a link.
   *
   * @param spell the one in which the dial began; if it is over, nothing is told
   */
  void unreachable(ServerId peer, long spell, DialFailure failure) {
    lock.lock();
    try {
      if (!closed
          && !links.containsKey(peer)
          && spell(peer) == spell
          && told.put(peer, failure.kind()) != failure.kind()) {
        received.unreachable(new Unreachable(peer, failure.kind(), failure.detail()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes no lock: it is asked for every message that is sent. */
  Optional<Connection> link(ServerId peer) {
    return Optional.ofNullable(links.get(peer));
  }

  Set<ServerId> connected() {
    lock.lock();
    try {
      return new TreeSet<>(links.keySet());
    } finally {
      lock.unlock();
    }
  }

  List<Connection> all() {
    lock.lock();
    try {
      return List.copyOf(links.values());
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more links. Those that are there stay until they are removed. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no link is left, or for that many nanoseconds. */
  void awaitEmpty(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!links.isEmpty() && left > 0) {
        left = removed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isObserver(Connection connection) {
    return connection.peer().value() < 0;
  }
}
