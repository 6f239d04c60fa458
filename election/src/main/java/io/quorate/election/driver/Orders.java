package io.quorate.election.driver;

import io.quorate.election.engine.Input;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be given to the engine and does not come from the transport. None is lost: each has
 * a slot, in which a later one of the same meaning takes its place. So it is bounded by the kinds
 * of orders, the terms that are not over, and the {@linkplain Confirmations#MAX_UNANSWERED
 * questions}. Safe for use by any thread.
 */
final class Orders {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Slot, Input> waiting = new LinkedHashMap<>();

  /** Orders of the same slot mean the same, and the last one counts. */
  private record Slot(Class<? extends Input> kind, long number) {}

  /** Adds an order behind the others. The cause that was given first for a term's end stays. */
  void add(Input order) {
    Slot slot = slot(order);
    lock.lock();
    try {
      if (order instanceof Input.GiveUp) {
        waiting.putIfAbsent(slot, order);
      } else {
        waiting.remove(slot);
        waiting.put(slot, order);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes the oldest; null if there is none. */
  @Nullable Input poll() {
    lock.lock();
    try {
      var first = waiting.entrySet().iterator();
      if (!first.hasNext()) {
        return null;
      }
      Input order = first.next().getValue();
      first.remove();
      return order;
    } finally {
      lock.unlock();
    }
  }

  private static Slot slot(Input order) {
    return switch (order) {
      case Input.GiveUp(long epoch, var _) -> new Slot(order.getClass(), epoch);
      case Input.TermEnded(long epoch) -> new Slot(order.getClass(), epoch);
      case Input.Confirm(long _, long request) -> new Slot(order.getClass(), request);
      case Input.LookAgain _,
          Input.HandOff _,
          Input.Eligible _,
          Input.Leave _,
          Input.Persisted _,
          Input.PersistFailed _ ->
          new Slot(order.getClass(), 0);
      case Input.Start _,
          Input.Happened _,
          Input.TimerFired _,
          Input.Positioned _,
          Input.NoPosition _ ->
          throw new IllegalArgumentException("the driver says this by itself: " + order);
    };
  }
}
