package io.quorate.benchmarks.ensemble;

import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.StateChange;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderView;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Waits for servers to agree. Their events tell when to look, so that looking costs little while
 * many of them are on the way; their views decide. Safe for use by several threads.
 */
final class Agreement {
  /** A guard against hanging, far beyond what an election takes. */
  private static final long PATIENCE_SECONDS = 10;

  /** An event could be left out when too many wait. */
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ready = lock.newCondition();
  private final Set<ServerId> decided = new HashSet<>();
  private final List<String> disagreements = new ArrayList<>();
  private int needed = Integer.MAX_VALUE;

  /** Returns the elections in which all had decided, and not alike for a while: what they said. */
  List<String> disagreements() {
    return List.copyOf(disagreements);
  }

  /** To be told by the listener of that server. */
  void tell(ServerId server, ElectionEvent event) {
    if (!(event instanceof StateChange change)) {
      return;
    }
    lock.lock();
    try {
      switch (change) {
        case ElectionEvent.Following _, ElectionEvent.Leading _, ElectionEvent.Observing _ -> {
          decided.add(server);
          if (decided.size() >= needed) {
            ready.signal();
          }
        }
        case ElectionEvent.Looking _, ElectionEvent.Closed _ -> decided.remove(server);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what was decided: what comes now counts. */
  void expect(int servers) {
    lock.lock();
    try {
      decided.clear();
      needed = servers;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all views are right and show one leader.
   *
   * @throws Hang if that is not so in time
   */
  ServerId await(List<LeaderElection> servers, Predicate<LeaderView> right)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean disagreed = false;
    lock.lock();
    try {
      while (true) {
        if (decided.size() >= needed || System.nanoTime() - deadline > 0) {
          List<LeaderView> views = servers.stream().map(LeaderElection::view).toList();
          if (views.stream().allMatch(view -> view.leader().isPresent() && right.test(view))) {
            Set<ServerId> leaders = new HashSet<>();
            views.forEach(view -> view.leader().ifPresent(leaders::add));
            if (leaders.size() == 1) {
              return leaders.iterator().next();
            }
            if (!disagreed) {
              disagreed = true;
              disagreements.add(String.join("\n  ", describe(servers)));
            }
          }
        }
        if (System.nanoTime() - deadline > 0) {
          throw new Hang("no agreement within " + PATIENCE_SECONDS + " s", describe(servers));
        }
        if (ready.awaitNanos(LOOK_EVERY_NANOS) <= 0) {
          servers.stream()
              .filter(server -> server.view().leader().isPresent())
              .forEach(server -> decided.add(server.self()));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  static List<String> describe(List<LeaderElection> servers) {
    var lines = new ArrayList<String>();
    for (LeaderElection server : servers) {
      lines.add(server.view() + " " + server.counters());
    }
    return lines;
  }
}
