package io.quorate.transport.tcp;

import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.NotListening;
import io.quorate.transport.queue.ReceiveQueue;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which of our listeners are bound, and what of it is told. From the loss of one until every lost
 * one is back, nothing is told as listening: a single event then says that all is well. Safe for
 * use by any thread.
 */
final class Entrances {

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Listener> bound = new HashSet<>();
  private final Set<Listener> lost = new HashSet<>();
  private final Map<Listener, SocketAddress> withheld = new LinkedHashMap<>();
  private final ReceiveQueue received;

  Entrances(ReceiveQueue received) {
    this.received = received;
  }

  void bound(Listener listener, SocketAddress address) {
    lock.lock();
    try {
      bound.add(listener);
      lost.remove(listener);
      withheld.put(listener, address);
      if (lost.isEmpty()) {
        withheld.values().forEach(each -> received.listening(new Listening(each)));
        withheld.clear();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells that a listener no longer accepts; does nothing if it was not bound. */
  void lost(Listener listener, String reason) {
    lock.lock();
    try {
      if (bound.remove(listener)) {
        lost.add(listener);
        withheld.remove(listener);
        received.notListening(new NotListening(reason));
      }
    } finally {
      lock.unlock();
    }
  }
}
