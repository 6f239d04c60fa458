package org.apache.zookeeper.server.quorum;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.server.quorum.QuorumCnxManager.Message;

/** What ZooKeeper's own package sees of its connection manager and its election. */
public final class CnxManagers {
  /** What its receive queue holds; when more comes, the oldest is dropped. */
  public static final int RECEIVE_QUEUE = QuorumCnxManager.RECV_CAPACITY;

  private CnxManagers() {}

  /** Whether a message that waits for a peer would be replaced by the next one. */
  public static boolean isWaiting(QuorumCnxManager manager, long peer) {
    BlockingQueue<ByteBuffer> queue = manager.queueSendMap.get(peer);
    return queue != null && !queue.isEmpty();
  }

  /** Takes a message that arrived. */
  public static Optional<byte[]> poll(QuorumCnxManager manager, long millis)
      throws InterruptedException {
    Message message = manager.pollRecvQueue(millis, TimeUnit.MILLISECONDS);
    return Optional.ofNullable(message).map(it -> it.buffer.array());
  }

  /** How many peers it has a send worker for. */
  public static int connections(QuorumCnxManager manager) {
    return manager.senderWorkerMap.size();
  }

  /** Its notification of a looking server, with the text of a configuration. */
  public static ByteBuffer notification(long leader, long zxid, long round, byte[] config) {
    return FastLeaderElection.buildMsg(0, leader, zxid, round, 0, config);
  }
}
