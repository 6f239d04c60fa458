package io.quorate.benchmarks.mass;

/** Who holds connections. */
enum Contestant {
  OURS("Quorate") {
    @Override
    Holder listen() throws Exception {
      return new OurHolder();
    }
  },
  BARE("bare: two virtual threads each") {
    @Override
    Holder listen() throws Exception {
      return new BareHolder();
    }
  },
  NETTY("Netty 4.2") {
    @Override
    Holder listen() throws Exception {
      return new NettyHolder();
    }
  },
  ZOOKEEPER("ZooKeeper's QuorumCnxManager") {
    @Override
    Holder listen() throws Exception {
      return new ZooKeeperHolder();
    }
  };

  private final String title;

  Contestant(String title) {
    this.title = title;
  }

  abstract Holder listen() throws Exception;

  @Override
  public String toString() {
    return title;
  }
}
