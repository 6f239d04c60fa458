package io.quorate.interop;

import io.quorate.election.spi.Position;
import io.quorate.protocol.ServerState;
import io.quorate.zookeeper.ElectingPeer;
import io.quorate.zookeeper.Layout;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.zookeeper.server.quorum.QuorumPeer;

/** A server that is ZooKeeper's own election: see {@link ElectingPeer} and {@link Mixed}. */
final class RealPeer implements Server {
  private final ElectingPeer peer;

  private RealPeer(ElectingPeer peer) {
    this.peer = peer;
  }

  static RealPeer start(Layout layout, long id) {
    return start(layout, id, Position.START);
  }

  static RealPeer start(Layout layout, long id, Position position) {
    var started = new RealPeer(ElectingPeer.idle(layout, id, position));
    started.lookAgain();
    return started;
  }

  /** Whether its last election ended at least this long ago. */
  boolean isDecidedFor(Duration time) {
    return peer.isDecidedFor(time);
  }

  /** ZooKeeper's text of the ensemble, as its notifications carry it. */
  String configText() {
    return peer.configText();
  }

  @Override
  public long id() {
    return peer.id();
  }

  @Override
  public ServerState state() {
    return stateOf(peer.state());
  }

  @Override
  public OptionalLong leader() {
    return peer.leader();
  }

  @Override
  public void lookAgain() {
    var _ = peer.look(); // Kept, and asked for the result.
  }

  @Override
  public void close() {
    peer.close();
  }

  static ServerState stateOf(QuorumPeer.ServerState theirs) {
    return switch (theirs) {
      case LOOKING -> ServerState.LOOKING;
      case FOLLOWING -> ServerState.FOLLOWING;
      case LEADING -> ServerState.LEADING;
      case OBSERVING -> ServerState.OBSERVING;
    };
  }
}
