package io.quorate.benchmarks.mass;

import io.quorate.zookeeper.Layout;
import io.quorate.zookeeper.RealConnections;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.server.quorum.CnxManagers;
import org.apache.zookeeper.server.quorum.QuorumCnxManager;

/** ZooKeeper's connection manager as the smallest id, so that it keeps whatever comes in. */
final class ZooKeeperHolder implements Holder {
  private static final long PATIENCE_SECONDS = 10;
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long SELF = 1;

  private final QuorumCnxManager manager;
  private final int port;

  ZooKeeperHolder() throws IOException {
    Layout layout = Layout.ofVoters(2);
    port = layout.member(SELF).electionAddresses().getFirst().port();
    manager = RealConnections.of(layout, SELF);
    manager.listener.start();
    awaitBound();
  }

  /** Its listener tells nobody. */
  private void awaitBound() {
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS); ; ) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException("it does not listen", e);
        }
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
      }
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int held() {
    return CnxManagers.connections(manager);
  }

  @Override
  public void close() {
    manager.halt();
  }
}
