package io.quorate.transport.tcp;

import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.transport.Peer;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportLimits;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials one peer, one attempt at a time: while there is no link, and when the peer asks to be
 * called back. Safe for use by any thread.
 *
 * <p>If our id is the larger one the connection becomes the link. If it is the smaller one the
 * connection asks the peer to call us, and is closed.
 */
final class Dialer {

  private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);

  /** Between the starts of two calls back, so that a caller cannot keep us busy. */
  static final Duration CALL_BACK_INTERVAL = Duration.ofMillis(100);

  /** How long we wait, having connected to a larger id, before we ask: its own call may be near. */
  static final Duration ASK_DELAY = Duration.ofMillis(20);

  /** How long we wait at least, having asked, before we ask again. */
  static final Duration ASK_INTERVAL = Duration.ofMillis(250);

  /**
   * A link that lives so long was a good one. When one goes down we dial at once, so that a peer
   * that has gone is found out; after two short ones in a row we wait.
   */
  static final Duration STABLE = Duration.ofSeconds(1);

  /** Where a connection goes that is to be the link. */
  @FunctionalInterface
  interface Links {
    void dialled(Peer peer, Socket socket, long connectedAt);
  }

  /**
   * What all dialers of one transport share.
   *
   * @param introduction what we say first
   */
  record Office(
      Common common,
      Names names,
      ConnectionTable table,
      Handshake handshake,
      InitialMessage introduction,
      Links links) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Office office;
  private final Common common;
  private final TransportLimits limits;
  private final Peer peer;
  private final Backoff failures;
  private final Backoff shortLinks;
  private @Nullable ConnectRace race;
  private boolean closed;
  private boolean wasShort;
  private boolean asked;
  private long askedAt;
  private long lastStart;
  private long notBefore;

  Dialer(Office office, Peer peer) {
    this.office = office;
    this.common = office.common();
    this.limits = common.config().limits();
    this.peer = peer;
    var random = new SplittableRandom();
    this.failures = new Backoff(limits.dialBackoffMin(), limits.dialBackoffMax(), random);
    this.shortLinks = new Backoff(limits.dialBackoffMin(), limits.dialBackoffMax(), random);
    this.notBefore = System.nanoTime();
    this.lastStart = notBefore - CALL_BACK_INTERVAL.toNanos();
  }

  void start() {
    common.threads().start("dial-" + peer.id(), this::run);
  }

  /**
   * The peer asks to be called.
   *
   * @param acceptedAt when its connection came; a link that is younger is the answer already
   */
  void callBack(long acceptedAt) {
    update(
        () -> {
          asked = true;
          askedAt = acceptedAt;
        });
  }

  /** A link to the peer came up, by whomever. */
  void linkUp() {
    update(failures::reset);
  }

  /** The link went down, and no other has taken its place. */
  void linkDown(long livedNanos) {
    update(
        () -> {
          boolean isShort = livedNanos < STABLE.toNanos();
          if (!isShort) {
            shortLinks.reset();
          }
          notBefore = System.nanoTime() + (isShort && wasShort ? shortLinks.next() : 0);
          wasShort = isShort;
        });
  }

  void close() {
    update(
        () -> {
          closed = true;
          if (race != null) {
            race.cancel();
          }
        });
  }

  private void update(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() throws InterruptedException {
    while (awaitTurn()) {
      try {
        attempt();
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (Throwable failure) {
        common.threads().unexpected("dial-" + peer.id(), failure);
        failed(new DialFailure(DialFailure.Kind.FAILED, failure.toString()));
      }
    }
  }

  /** Returns true when it is time to dial, false when closed. */
  private boolean awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        var link = office.table().link(peer.id());
        if (link.isPresent() && asked && link.get().born() - askedAt > 0) {
          asked = false;
        }
        if (link.isPresent() && !asked) {
          changed.await();
          continue;
        }
        long now = System.nanoTime();
        long due = asked ? lastStart + CALL_BACK_INTERVAL.toNanos() : notBefore;
        if (due - now <= 0) {
          asked = false;
          lastStart = now;
          return true;
        }
        changed.awaitNanos(due - now);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void attempt() throws InterruptedException {
    common.counters().add(TransportCounter.DIALLED);
    var present =
        new ConnectRace(common.threads(), office.names(), peer, limits.connectTimeout().toNanos());
    if (!begin(present)) {
      return;
    }
    try {
      switch (present.run()) {
        case ConnectRace.Outcome.Connected(Socket socket) -> connected(socket);
        case ConnectRace.Outcome.Failed(DialFailure failure) -> failed(failure);
        case ConnectRace.Outcome.Cancelled _ -> {}
      }
    } finally {
      update(() -> race = null);
    }
  }

  private boolean begin(ConnectRace present) {
    lock.lock();
    try {
      race = present;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void connected(Socket socket) throws InterruptedException {
    boolean keep = false;
    try {
      switch (office.handshake().dialled(peer.id())) {
        case Handshake.Verdict.Keep _ -> {
          long connectedAt = System.nanoTime();
          introduce(socket);
          keep = true;
          office.links().dialled(peer, socket, connectedAt);
        }
        case Handshake.Verdict.GiveUp _ -> ask(socket);
        case Handshake.Verdict.CallBack _,
            Handshake.Verdict.KeepObserver _,
            Handshake.Verdict.Refuse _ ->
            throw new IllegalStateException("a verdict on those that came in");
      }
    } catch (IOException failure) {
      failed(new DialFailure(DialFailure.Kind.FAILED, "cannot write: " + failure.getMessage()));
    } finally {
      if (!keep) {
        Sockets.closeQuietly(socket);
      }
    }
  }

  private void introduce(Socket socket) throws IOException {
    Sockets.configure(socket, limits);
    // One write, because some peers read the message with one call.
    socket.getOutputStream().write(InitialMessageCodec.encode(office.introduction()));
  }

  private void ask(Socket socket) throws IOException, InterruptedException {
    if (!stillWithoutLink()) {
      return;
    }
    introduce(socket);
    Sockets.finishQuietly(socket);
    update(() -> notBefore = System.nanoTime() + Math.max(ASK_INTERVAL.toNanos(), failures.next()));
  }

  private boolean stillWithoutLink() throws InterruptedException {
    long left = ASK_DELAY.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed && left > 0 && office.table().link(peer.id()).isEmpty()) {
        left = changed.awaitNanos(left);
      }
      return !closed && office.table().link(peer.id()).isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void failed(DialFailure failure) {
    common.counters().add(TransportCounter.DIAL_FAILED);
    update(() -> notBefore = System.nanoTime() + failures.next());
    LOG.debug(
        "{} cannot reach {}: {} ({} ms until the next try at most)",
        common.config().self(),
        peer.id(),
        failure.detail(),
        TimeUnit.NANOSECONDS.toMillis(limits.dialBackoffMax().toNanos()));
    office.table().unreachable(peer.id(), failure);
  }
}
