package io.quorate.transport.tcp;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.queue.ReceiveQueue;
import io.quorate.transport.queue.SendQueue;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection that has passed its handshake: it owns the socket, the send queue and the two
 * workers, and ends in one way only, {@link #close}. Safe for use by any thread.
 */
final class Connection {

  /** Told what becomes of a connection. */
  @FunctionalInterface
  interface Owner {
    /** It has ended; told once. */
    void closed(Connection connection, DownCause cause, String detail);

    /** Nothing has arrived that was expected. */
    default void silent(Connection connection) {}
  }

  private final ServerId peer;
  private final Socket socket;
  private final String remote;
  private final long born;
  private final Common common;
  private final SendQueue queue;
  private final Owner owner;
  private final Silence silence;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** By System.nanoTime; null until then. */
  private volatile @Nullable Long spokenAt;

  private volatile ReceiveQueue.@Nullable Inlet inlet;

  /**
   * Takes over a socket.
   *
   * @param born by System.nanoTime: when the socket was connected
   */
  Connection(ServerId peer, Socket socket, long born, Common common, Owner owner) {
    this.peer = peer;
    this.socket = socket;
    this.remote = Sockets.text(socket.getRemoteSocketAddress());
    this.born = born;
    this.common = common;
    this.queue = new SendQueue(common.config().limits().sendQueue());
    this.owner = owner;
    this.silence = new Silence(common.watchdog(), () -> owner.silent(this));
  }

  ServerId peer() {
    return peer;
  }

  String remote() {
    return remote;
  }

  long born() {
    return born;
  }

  SendQueue queue() {
    return queue;
  }

  /** Something is to arrive within this time. */
  void expect(Duration within) {
    silence.expect(within);
  }

  /** Something arrived. */
  void heard() {
    silence.heard();
    if (spokenAt == null) {
      spokenAt = System.nanoTime();
    }
  }

  /** Returns whether anything had arrived by then: the peer knew of this connection. */
  boolean hadSpoken(long then) {
    Long first = spokenAt;
    return first != null && first - then < 0;
  }

  /** Returns whether something is overdue. */
  boolean isSilent() {
    return silence.lasts();
  }

  /** Says where to put what arrives; called by the table when this becomes the link. */
  void bind(ReceiveQueue.Inlet where) {
    inlet = where;
  }

  Optional<ReceiveQueue.Inlet> inlet() {
    return Optional.ofNullable(inlet);
  }

  /** Starts the workers, if it is a link still. */
  void start() {
    var where = inlet;
    if (where == null) {
      throw new IllegalStateException("a connection starts once the table has it");
    }
    try {
      var sender = new SendWorker(this, socket, common);
      var receiver = new ReceiveWorker(this, socket, where);
      common.threads().start("send-" + peer, () -> work("send-" + peer, sender::run));
      common.threads().start("receive-" + peer, () -> work("receive-" + peer, receiver::run));
    } catch (Throwable failure) {
      close(DownCause.FAILED, failure.toString());
      throw failure;
    }
  }

  private void work(String name, Threads.Work worker) {
    try {
      worker.run();
    } catch (InterruptedException _) {
      close(DownCause.CLOSED_BY_US, "interrupted");
    } catch (Throwable failure) {
      common.threads().unexpected(name, failure);
      close(DownCause.FAILED, failure.toString());
    }
  }

  /**
   * Sends what is queued, then ends our half; the peer's end of stream, or a close, ends it all.
   */
  void finish() {
    queue.finish();
  }

  /**
   * Ends it. The first cause counts. Neither waits nor throws. It is no link any more before the
   * peer can see an end: the peer may be back with its next one at once.
   */
  void close(DownCause cause, String detail) {
    if (closed.compareAndSet(false, true)) {
      try {
        owner.closed(this, cause, detail);
      } finally {
        queue.close();
        Sockets.closeQuietly(socket);
      }
    }
  }
}
