package io.quorate.zookeeper;

import io.quorate.election.spi.Position;
import java.io.IOException;
import org.apache.zookeeper.server.quorum.QuorumCnxManager;

/** ZooKeeper's connections between servers, without its election. */
public final class RealConnections {

  private RealConnections() {}

  /** Returns the connection manager of one server. Its listener is not started. */
  public static QuorumCnxManager of(Layout layout, long id) throws IOException {
    return new IdlePeer(layout, id, Position.START).createCnxnManager();
  }
}
