package io.quorate.benchmarks.wire;

import io.quorate.zookeeper.Layout;
import io.quorate.zookeeper.RealConnections;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.server.quorum.CnxManagers;
import org.apache.zookeeper.server.quorum.QuorumCnxManager;

/**
 * ZooKeeper's connection manager. A newer message replaces a waiting one and a full receive queue
 * drops its oldest: so that none is lost, the sender waits until neither can be.
 */
final class ZooKeeperEnd implements End {
  private static final long PATIENCE_MILLIS = 30_000;

  /** After connecting it says its last message again. */
  private static final long QUIET_MILLIS = 200;

  private final QuorumCnxManager manager;
  private final long other;
  private final Direction out;
  private final Direction in;

  /** How many messages were sent one way, and how many of them received. */
  private static final class Direction {
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
  }

  private ZooKeeperEnd(Layout layout, long id, long other, Direction out, Direction in)
      throws IOException {
    this.manager = RealConnections.of(layout, id);
    this.other = other;
    this.out = out;
    this.in = in;
    manager.listener.start();
  }

  /** Returns two that are connected. */
  static List<ZooKeeperEnd> two() throws IOException, InterruptedException {
    Layout layout = Layout.ofVoters(2);
    var there = new Direction();
    var back = new Direction();
    var left = new ZooKeeperEnd(layout, 1, 2, there, back);
    var right = new ZooKeeperEnd(layout, 2, 1, back, there);
    // A listener tells nobody that it is bound, so the larger id dials until it is heard.
    Optional<byte[]> heard = Optional.empty();
    for (long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000; heard.isEmpty(); ) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("no connection");
      }
      right.manager.toSend(1L, ByteBuffer.wrap(Pair.message(-1, Integer.BYTES)));
      heard = CnxManagers.poll(left.manager, QUIET_MILLIS);
    }
    left.manager.toSend(2L, ByteBuffer.wrap(Pair.message(-1, Integer.BYTES)));
    for (ZooKeeperEnd end : List.of(left, right)) {
      while (CnxManagers.poll(end.manager, QUIET_MILLIS).isPresent()) {
        // Said again, and of no use any more.
      }
    }
    return List.of(left, right);
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // There is nothing to wait for room with.
  public void send(byte[] message) {
    while (CnxManagers.isWaiting(manager, other)
        || out.sent.get() - out.received.get() >= CnxManagers.RECEIVE_QUEUE) {
      Thread.yield();
    }
    out.sent.getAndIncrement();
    manager.toSend(other, ByteBuffer.wrap(message));
  }

  @Override
  public byte[] receive() throws InterruptedException {
    byte[] message =
        CnxManagers.poll(manager, PATIENCE_MILLIS)
            .orElseThrow(() -> new IllegalStateException("nothing came"));
    in.received.getAndIncrement();
    return message;
  }

  @Override
  public void close() {
    manager.halt();
  }

  @Override
  public String toString() {
    return "ZooKeeper's, connected to " + other;
  }
}
