package io.quorate.election.driver;

import io.quorate.election.LeaderView;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How often the leader changed, and how long nobody led, as far as this server knew. Time is data:
 * nanoseconds of a monotonic clock. Safe for use by any thread.
 */
final class LeaderWatch {
  private final ReentrantLock lock = new ReentrantLock();
  private LeaderView view;

  /** Since when the present view has been shown. */
  private long since;

  private @Nullable ServerId last;
  private long changes;
  private long nanosWithout;

  LeaderWatch(LeaderView first, long now) {
    this.view = first;
    this.since = now;
  }

  void shown(LeaderView next, long now) {
    lock.lock();
    try {
      nanosWithout = nanosWithout(now);
      since = now;
      view = next;
      ServerId leader = next.leader().orElse(last);
      if (leader != null && !leader.equals(last)) {
        changes++;
        last = leader;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the counts by name; a new map. The time goes on while nobody leads. */
  Map<String, Long> snapshot(long now) {
    lock.lock();
    try {
      boolean leads = view.state() == ServerState.LEADING;
      return Map.of(
          "leading",
          leads ? 1L : 0L,
          "leaderChanges",
          changes,
          "millisWithoutLeader",
          TimeUnit.NANOSECONDS.toMillis(nanosWithout(now)));
    } finally {
      lock.unlock();
    }
  }

  private long nanosWithout(long now) {
    boolean without = view.leader().isEmpty() && view.failure().isEmpty();
    return nanosWithout + (without ? Math.max(0, now - since) : 0);
  }
}
