package io.quorate.interop;

import io.quorate.election.ElectionEvent.StateChange;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderView;
import io.quorate.election.spi.Position;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How long an election takes while all links are up: ours, ZooKeeper's classes, and a bare exchange
 * of votes over sockets, one after the other in one process on loopback. Prints, and asserts
 * nothing.
 */
final class ElectionTiming {
  private static final int WARM_UP_ROUNDS = 30;
  private static final int ROUNDS = 20;
  private static final long PATIENCE_SECONDS = 10;
  private static final int MOST_BEGUN_ANEW = 5;

  private ElectionTiming() {}

  /** Measures three and five servers. */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    out.printf(
        "%d rounds each after %d to warm up, milliseconds, links up, loopback%n",
        ROUNDS, WARM_UP_ROUNDS);
    out.printf("%-28s %7s %9s %9s %9s%n", "", "servers", "median", "min", "max");
    for (int servers : new int[] {3, 5}) {
      print(out, "Quorate", servers, ours(servers));
      print(out, "ZooKeeper's classes", servers, theirs(servers));
      print(out, "bare exchange of votes", servers, bare(servers, 1));
      print(out, "the same, twice", servers, bare(servers, 2));
    }
  }

  private static void print(PrintStream out, String what, int servers, List<Long> nanos) {
    Collections.sort(nanos);
    out.printf(
        "%-28s %7d %9.2f %9.2f %9.2f%n",
        what,
        servers,
        millis(nanos.get(nanos.size() / 2 - 1) / 2 + nanos.get(nanos.size() / 2) / 2),
        millis(nanos.getFirst()),
        millis(nanos.getLast()));
  }

  private static double millis(long nanos) {
    return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  /** From asking all servers for a new election until all have told its result. */
  private static List<Long> ours(int n) throws InterruptedException {
    Layout layout = Layout.ofVoters(n);
    List<OurServer> servers = new ArrayList<>();
    try (var mixed = new Mixed(layout)) {
      for (long id : layout.ids()) {
        servers.add(mixed.startOurs(id));
      }
      mixed.awaitAgreement();
      mixed.await("not all links are up", () -> servers.stream().allMatch(s -> allLinked(s, n)));
      var watch = new Watch(servers.stream().map(OurServer::election).toList());
      List<Long> times = new ArrayList<>();
      for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
        long nanos = watch.oneElection();
        if (round >= 0) {
          times.add(nanos);
        }
      }
      return times;
    }
  }

  private static boolean allLinked(OurServer server, int n) {
    return server.view().reachableVoters().size() == n;
  }

  /** Wakes when a view changes and tells when all show the leader of a new election. */
  private static final class Watch {
    private final List<LeaderElection> elections;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    Watch(List<LeaderElection> elections) {
      this.elections = elections;
      for (LeaderElection election : elections) {
        // Ends with the election.
        var _ =
            election.onEvent(
                event -> {
                  if (event instanceof StateChange) {
                    signal();
                  }
                });
      }
    }

    private void signal() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    long oneElection() throws InterruptedException {
      long before = elections.stream().mapToLong(each -> each.view().round()).max().orElse(0);
      long start = System.nanoTime();
      elections.forEach(LeaderElection::lookAgain);
      lock.lock();
      try {
        long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!agreedAfter(before)) {
          left = changed.awaitNanos(left);
          if (left <= 0) {
            throw new IllegalStateException("no agreement");
          }
        }
        return System.nanoTime() - start;
      } finally {
        lock.unlock();
      }
    }

    private boolean agreedAfter(long round) {
      List<LeaderView> views = elections.stream().map(LeaderElection::view).toList();
      return views.stream().allMatch(view -> view.leader().isPresent() && view.round() > round)
          && views.stream().map(LeaderView::leader).distinct().count() == 1;
    }
  }

  /**
   * From calling lookForLeader on all servers until all have returned. A round that does not end in
   * time is not counted, and the next one begins with new servers.
   */
  private static List<Long> theirs(int n) throws Exception {
    List<Long> times = new ArrayList<>();
    for (int begun = 0; times.size() < ROUNDS; begun++) {
      if (begun > MOST_BEGUN_ANEW) {
        throw new IllegalStateException("rounds do not end");
      }
      times.addAll(theirs(n, ROUNDS - times.size()));
    }
    return times;
  }

  private static List<Long> theirs(int n, int rounds) throws Exception {
    Layout layout = Layout.ofVoters(n);
    List<RealPeer> peers = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    try {
      for (long id : layout.ids()) {
        peers.add(RealPeer.idle(layout, id, Position.START));
      }
      // The first ones bring up the links. More to warm up changes nothing: they wait 200 ms.
      for (int round = -2; round < rounds; round++) {
        long start = System.nanoTime();
        List<CompletableFuture<?>> looking = new ArrayList<>();
        peers.forEach(peer -> looking.add(peer.look()));
        CompletableFuture.allOf(looking.toArray(CompletableFuture<?>[]::new))
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (round >= 0) {
          times.add(System.nanoTime() - start);
        }
      }
    } catch (TimeoutException _) {
      System.out.printf("a round of ZooKeeper's classes is begun anew with new servers%n");
    } finally {
      peers.forEach(RealPeer::close);
    }
    return times;
  }

  /** From releasing all until each has read the votes of all others, as often as told. */
  private static List<Long> bare(int n, int times) throws IOException, InterruptedException {
    try (var exchange = new BareExchange(n)) {
      List<Long> nanos = new ArrayList<>();
      for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
        long once = exchange.run(times);
        if (round >= 0) {
          nanos.add(once);
        }
      }
      return nanos;
    }
  }
}
