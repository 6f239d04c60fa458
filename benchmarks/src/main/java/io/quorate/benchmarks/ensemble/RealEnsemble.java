package io.quorate.benchmarks.ensemble;

import io.quorate.election.spi.Position;
import io.quorate.zookeeper.ElectingPeer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * ZooKeeper's own elections. Whether all have the same result is counted, and not waited for: their
 * whole servers would find out and elect again.
 */
final class RealEnsemble implements Ensemble {
  private static final long PATIENCE_SECONDS = 60;
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Threads of this JVM that come and go by themselves. */
  private static final int SLACK = 4;

  private final Places places;
  private final List<ElectingPeer> peers = new ArrayList<>();
  private final int threadsBefore = threads();
  private long disagreements;

  RealEnsemble(Places places) {
    this.places = places;
  }

  long disagreements() {
    return disagreements;
  }

  @Override
  public long cold() throws InterruptedException {
    long start = System.nanoTime();
    for (long id : places.layout().ids()) {
      peers.add(ElectingPeer.idle(places.layout(), id, Position.START));
    }
    look(peers);
    return System.nanoTime() - start;
  }

  /** The first election has brought up nearly all; the second one the rest. */
  @Override
  public void link() throws InterruptedException {
    look(peers);
  }

  @Override
  public long again() throws InterruptedException {
    long start = System.nanoTime();
    look(peers);
    return System.nanoTime() - start;
  }

  /** Closes the last one, which leads; returns the nanoseconds until the others have elected. */
  long closeLeader() throws InterruptedException {
    ElectingPeer leader = peers.removeLast();
    var closing = Thread.ofPlatform().name("closing").unstarted(leader::close);
    long start = System.nanoTime();
    closing.start();
    look(peers);
    long nanos = System.nanoTime() - start;
    closing.join();
    return nanos;
  }

  private void look(List<ElectingPeer> those) throws InterruptedException {
    List<CompletableFuture<?>> looking = new ArrayList<>();
    those.forEach(peer -> looking.add(peer.look()));
    try {
      CompletableFuture.allOf(looking.toArray(CompletableFuture<?>[]::new))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new Hang(
          "ZooKeeper's classes: " + e,
          those.stream().map(peer -> peer.id() + " " + peer.state()).toList());
    }
    if (those.stream().map(ElectingPeer::leader).distinct().count() > 1) {
      disagreements++;
    }
  }

  @Override
  public long votesSent() {
    return 0;
  }

  /** Waits for their threads too, which end by themselves, so that they disturb nobody else. */
  @Override
  public void close() {
    peers.parallelStream().forEach(ElectingPeer::close);
    peers.clear();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (threads() > threadsBefore + SLACK && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }
}
