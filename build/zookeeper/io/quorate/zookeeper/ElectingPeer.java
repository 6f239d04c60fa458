package io.quorate.zookeeper;

import io.quorate.election.spi.Position;
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

/**
 * ZooKeeper's own election, without the rest of its server: a QuorumPeer that is never started,
 * with the connection manager and the fast leader election that it creates for itself. Each call of
 * lookForLeader runs on a thread of this peer; after it the peer answers as FOLLOWING or LEADING.
 * Whether anybody follows it, or its leader leads, it never finds out.
 *
 * <p>ZooKeeper's worker threads of a closed peer end by themselves within three seconds.
 */
public final class ElectingPeer implements AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final Electing peer;
  private final ExecutorService looking;
  private final AtomicReference<CompletableFuture<Vote>> result;
  private volatile long decidedAt;

  private ElectingPeer(Electing peer) {
    this.peer = peer;
    this.looking =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("real-" + peer.getMyId()).unstarted(task));
    this.result = new AtomicReference<>(new CompletableFuture<>());
  }

  /** One that listens and has not begun to look. */
  public static ElectingPeer idle(Layout layout, long id, Position position) {
    try {
      return new ElectingPeer(new Electing(layout, id, position));
    } catch (IOException e) {
      throw new IllegalStateException("peer " + id, e);
    }
  }

  /** Runs lookForLeader; done with its vote, or with null if it was shut down. */
  public CompletableFuture<Vote> look() {
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
  public boolean isDecidedFor(Duration time) {
    return leader().isPresent() && System.nanoTime() - decidedAt > time.toNanos();
  }

  /** ZooKeeper's text of the ensemble, as its notifications carry it. */
  public String configText() {
    return peer.getQuorumVerifier().toString();
  }

  public long id() {
    return peer.getMyId();
  }

  /** What it does. */
  public QuorumPeer.ServerState state() {
    return peer.getPeerState();
  }

  /** Whom its last election chose; empty while it looks. */
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

  private static final class Electing extends IdlePeer {
    private final Election election;

    Electing(Layout layout, long id, Position position) throws IOException {
      super(layout, id, position);
      election = createElectionAlgorithm(ALGORITHM);
    }

    @Override
    public Election getElectionAlg() {
      return election;
    }
  }
}
