package io.quorate.interop;

import io.quorate.election.spi.Position;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerState;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.server.quorum.Election;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.Vote;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;

/**
 * ZooKeeper's own election, without the rest of its server: a QuorumPeer that is never started,
 * with the connection manager and the fast leader election that it creates for itself. Each call of
 * lookForLeader runs on a thread of this peer; after it the peer answers as FOLLOWING or LEADING.
 * Whether anybody follows it, or its leader leads, it never finds out: see {@link Mixed}.
 *
 * <p>ZooKeeper's worker threads of a closed peer end by themselves within three seconds.
 */
final class RealPeer implements Server {
  private static final int ALGORITHM = 3;
  private static final int TICK_MILLIS = 1000;
  private static final int LIMIT_TICKS = 5;
  private static final long CLOSE_SECONDS = 10;

  private final Electing peer;
  private final ExecutorService looking;
  private final AtomicReference<CompletableFuture<Vote>> result;
  private volatile long decidedAt;

  private RealPeer(Electing peer) {
    this.peer = peer;
    this.looking =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("real-" + peer.getMyId()).unstarted(task));
    this.result = new AtomicReference<>(new CompletableFuture<>());
  }

  static RealPeer start(Layout layout, long id) {
    return start(layout, id, Position.START);
  }

  static RealPeer start(Layout layout, long id, Position position) {
    RealPeer started = idle(layout, id, position);
    started.lookAgain();
    return started;
  }

  /** One that listens and has not begun to look. */
  static RealPeer idle(Layout layout, long id, Position position) {
    try {
      return new RealPeer(new Electing(layout, id, position));
    } catch (IOException e) {
      throw new IllegalStateException("peer " + id, e);
    }
  }

  /** Runs lookForLeader; done with its vote, or with null if it was shut down. */
  CompletableFuture<Vote> look() {
    var future = new CompletableFuture<Vote>();
    result.set(future);
    peer.setPeerState(QuorumPeer.ServerState.LOOKING);
    looking.execute(
        () -> {
          try {
            Vote vote = peer.getElectionAlg().lookForLeader();
            if (vote != null) {
              peer.setCurrentVote(vote);
              decidedAt = System.nanoTime();
            }
            future.complete(vote);
          } catch (InterruptedException e) {
            future.complete(null);
          } catch (RuntimeException e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  /** Whether its last election ended at least this long ago. */
  boolean isDecidedFor(Duration time) {
    return leader().isPresent() && System.nanoTime() - decidedAt > time.toNanos();
  }

  /** ZooKeeper's text of the ensemble, as its notifications carry it. */
  String configText() {
    return peer.getQuorumVerifier().toString();
  }

  @Override
  public long id() {
    return peer.getMyId();
  }

  @Override
  public ServerState state() {
    return stateOf(peer);
  }

  @Override
  public OptionalLong leader() {
    CompletableFuture<Vote> last = result.get();
    try {
      Vote vote = last.isDone() ? last.get() : null;
      return vote == null ? OptionalLong.empty() : OptionalLong.of(vote.getId());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("lookForLeader of " + id() + " failed", e);
    }
  }

  @Override
  public void lookAgain() {
    var _ = look(); // Kept, and asked for the result.
  }

  @Override
  public void close() {
    looking.shutdownNow();
    peer.getElectionAlg().shutdown();
    try {
      if (!looking.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("lookForLeader of " + id() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static ServerState stateOf(QuorumPeer peer) {
    return switch (peer.getPeerState()) {
      case LOOKING -> ServerState.LOOKING;
      case FOLLOWING -> ServerState.FOLLOWING;
      case LEADING -> ServerState.LEADING;
      case OBSERVING -> ServerState.OBSERVING;
    };
  }

  /** What the election asks of its server: an id, a configuration and a history. */
  private static final class Electing extends QuorumPeer {
    private final Position position;
    private final Election election;

    Electing(Layout layout, long id, Position position) throws IOException {
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
      election = createElectionAlgorithm(ALGORITHM);
    }

    @Override
    public Election getElectionAlg() {
      return election;
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
}
