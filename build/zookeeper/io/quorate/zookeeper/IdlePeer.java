package io.quorate.zookeeper;

import io.quorate.election.spi.Position;
import io.quorate.protocol.Member.Role;
import java.io.IOException;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.Vote;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;

/**
 * What ZooKeeper's connections and elections ask of their server: an id, a configuration and a
 * history. Never started.
 */
class IdlePeer extends QuorumPeer {
  static final int ALGORITHM = 3;

  private static final int TICK_MILLIS = 1000;
  private static final int LIMIT_TICKS = 5;

  private final Position position;

  /** Listens nowhere yet. */
  IdlePeer(Layout layout, long id, Position position) throws IOException {
    this.position = position;
    setMyid(id);
    setTickTime(TICK_MILLIS);
    setInitLimit(LIMIT_TICKS);
    setSyncLimit(LIMIT_TICKS);
    setElectionType(ALGORITHM);
    boolean observer = layout.member(id).role() == Role.OBSERVER;
    setLearnerType(observer ? LearnerType.OBSERVER : LearnerType.PARTICIPANT);
    setQuorumVerifier(new QuorumMaj(layout.theirs()), false);
    setMultiAddressEnabled(layout.member(id).addresses().size() > 1);
    setMultiAddressReachabilityCheckEnabled(false);
    setCurrentVote(new Vote(id, position.zxid(), position.epoch()));
  }

  @Override
  public long getLastLoggedZxid() {
    return position.zxid();
  }

  @Override
  public long getCurrentEpoch() {
    return position.epoch();
  }
}
