package io.quorate.benchmarks.wire;

import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Who carries messages. */
enum Contestant {
  OURS("Quorate") {
    @Override
    Pair connect() throws Exception {
      return ends(OurEnd.two(), Thread.ofVirtual().factory());
    }
  },
  BARE("bare: queues, two workers a side") {
    @Override
    Pair connect() throws Exception {
      return ends(BareEnd.two(false), Thread.ofVirtual().factory());
    }
  },
  BARE_DIRECT("bare: queue, batches, read directly") {
    @Override
    Pair connect() throws Exception {
      return ends(BareEnd.two(true), Thread.ofVirtual().factory());
    }
  },
  NETTY("Netty 4.2, in its event loops") {
    @Override
    Pair connect() throws Exception {
      return new NettyPair();
    }
  },
  ZOOKEEPER("ZooKeeper's QuorumCnxManager") {
    @Override
    Pair connect() throws Exception {
      // Its own workers are of the platform.
      return ends(ZooKeeperEnd.two(), Thread.ofPlatform().daemon().factory());
    }
  };

  private final String title;

  Contestant(String title) {
    this.title = title;
  }

  /** Connects two servers. */
  abstract Pair connect() throws Exception;

  private static Pair ends(List<? extends End> two, ThreadFactory threads) {
    return new Ends(two.getFirst(), two.getLast(), threads);
  }

  @Override
  public String toString() {
    return title;
  }
}
