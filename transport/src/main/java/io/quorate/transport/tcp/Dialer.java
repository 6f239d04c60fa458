package io.quorate.transport.tcp;

import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.transport.Peer;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportLimits;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials one peer, one attempt at a time: while there is no link, when the peer asks to be called
 * back, and beside a link that is silent, which stays until its successor is there. Safe for use by
 * any thread.
 *
 * <p>If our id is the larger one the connection becomes the link. If it is the smaller one the
 * connection asks the peer to call us, and is closed.
 */
final class Dialer {

  private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);

  /** Between the starts of two calls back, so that a caller cannot keep us busy. */
  static final Duration CALL_BACK_INTERVAL = Duration.ofMillis(100);

  /**
   * How long a server that starts leaves it to larger ids to call, for each of its peers: what it
   * asks while it has many calls to take costs both sides a connection for nothing.
   */
  static final Duration FIRST_DELAY = Duration.ofMillis(2);

  /** How long it does so at most, however many they are: nobody may be there to call. */
  static final Duration MAX_FIRST_DELAY = Duration.ofMillis(250);

  /** How long we wait, having connected to a larger id, before we ask: its own call may be near. */
  static final Duration ASK_DELAY = Duration.ofMillis(5);

  /** A link that is older than a request by no more than this has met it half-way: it answers. */
  static final Duration CROSSING = Duration.ofMillis(20);

  /** The same of a link over which the peer had not spoken: a busy one had yet to accept it. */
  static final Duration ACCEPTING = Duration.ofMillis(500);

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

  /** A connection that asks to be called, and the spell in which its dial began. */
  private record Asking(Socket socket, long spell) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Office office;
  private final Common common;
  private final TransportLimits limits;
  private final Peer peer;
  private final Backoff failures;
  private final Backoff shortLinks;
  private final Renewals renewals;
  private @Nullable ConnectRace race;
  private volatile @Nullable Asking asking;
  private boolean closed;

  /** Whether the present attempt is made only because a link is silent. The dialer's thread's. */
  private boolean besideSilence;

  private boolean wasShort;
  private boolean asked;
  private long askedAt;
  private long lastCallBack;
  private long notBefore;

  Dialer(Office office, Peer peer) {
    this.office = office;
    this.common = office.common();
    this.limits = common.config().limits();
    this.peer = peer;
    var random = new SplittableRandom();
    this.failures = new Backoff(limits.dialBackoffMin(), limits.dialBackoffMax(), random);
    this.shortLinks = new Backoff(limits.dialBackoffMin(), limits.dialBackoffMax(), random);
    long now = System.nanoTime();
    int peers = common.config().peers().size();
    boolean calledByPeer =
        office.handshake().dialled(peer.id()) instanceof Handshake.Verdict.GiveUp;
    this.notBefore = now + (calledByPeer ? firstDelay(peers).toNanos() : 0);
    this.renewals = new Renewals(random, now);
    this.lastCallBack = now - CALL_BACK_INTERVAL.toNanos();
  }

  static Duration firstDelay(int peers) {
    Duration all = FIRST_DELAY.multipliedBy(peers);
    return all.compareTo(MAX_FIRST_DELAY) < 0 ? all : MAX_FIRST_DELAY;
  }

  void start() {
    common.threads().start("dial-" + peer.id(), this::run);
  }

  /**
   * The peer asks to be called.
   *
   * @param acceptedAt when its connection came; a younger link is the answer already, and so is one
   *     that is hardly older
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

  /** The link is silent, or one was that has a successor by now. */
  void linkSilent() {
    update(() -> {});
  }

  /**
   * The link went down, and no other has taken its place. A dial that is under way is given up: it
   * began before, so it cannot say how things are now.
   */
  void linkDown(long livedNanos) {
    update(
        () -> {
          cancelRace();
          broke(livedNanos < STABLE.toNanos());
        });
    endAsking(this::isOver); // A younger one asks for the next link already.
  }

  void close() {
    update(
        () -> {
          closed = true;
          cancelRace();
        });
    endAsking(_ -> true);
  }

  private void cancelRace() {
    if (race != null) {
      race.cancel();
    }
  }

  private void endAsking(LongPredicate ofSpell) {
    Asking present = asking;
    if (present != null && ofSpell.test(present.spell())) {
      Sockets.closeQuietly(present.socket());
    }
  }

  private boolean isOver(long spell) {
    return office.table().spell(peer.id()) != spell;
  }

  private void broke(boolean isShort) {
    if (!isShort) {
      shortLinks.reset();
    }
    notBefore = System.nanoTime() + (isShort && wasShort ? shortLinks.next() : 0);
    wasShort = isShort;
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
      long spell = office.table().spell(peer.id());
      try {
        attempt(spell);
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (Throwable failure) {
        common.threads().unexpected("dial-" + peer.id(), failure);
        failed(spell, DialFailure.other(failure.toString()));
      }
    }
  }

  /** Returns true when it is time to dial, false when closed. */
  private boolean awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        var link = office.table().link(peer.id());
        if (asked && link.isPresent() && answers(link.get(), askedAt)) {
          asked = false;
        }
        if (link.isPresent() && !asked && !link.get().isSilent()) {
          changed.await();
          continue;
        }
        long now = System.nanoTime();
        long left = due(link.isPresent()) - now;
        if (left <= 0) {
          besideSilence = link.isPresent() && !asked;
          if (asked) {
            asked = false;
            lastCallBack = now;
          }
          return true;
        }
        changed.awaitNanos(left);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private static boolean answers(Connection link, long askedAt) {
    return answers(link.born(), link.hadSpoken(askedAt) ? CROSSING : ACCEPTING, askedAt);
  }

  static boolean answers(long born, Duration crossing, long askedAt) {
    return born - askedAt + crossing.toNanos() > 0;
  }

  /** Returns when the first reason to dial lets us. */
  private long due(boolean linked) {
    long call = lastCallBack + CALL_BACK_INTERVAL.toNanos();
    if (!asked) {
      long renewal = renewals.notBefore();
      return linked && notBefore - renewal < 0 ? renewal : notBefore;
    }
    return linked || call - notBefore < 0 ? call : notBefore;
  }

  private void attempt(long spell) throws InterruptedException {
    common.counters().add(TransportCounter.DIALLED);
    var present =
        new ConnectRace(common.threads(), office.names(), peer, limits.connectTimeout().toNanos());
    if (!begin(present)) {
      return;
    }
    try {
      switch (present.run()) {
        case ConnectRace.Outcome.Connected(Socket socket) -> connected(spell, socket);
        case ConnectRace.Outcome.Failed(DialFailure failure) -> failed(spell, failure);
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

  private void connected(long spell, Socket socket) {
    boolean keep = false;
    try {
      if (hasSpokenAgain()) {
        return;
      }
      switch (office.handshake().dialled(peer.id())) {
        case Handshake.Verdict.Keep _ -> {
          long connectedAt = System.nanoTime();
          introduce(socket);
          noteRenewal();
          keep = true;
          office.links().dialled(peer, socket, connectedAt);
        }
        case Handshake.Verdict.GiveUp _ -> ask(spell, socket);
        case Handshake.Verdict.CallBack _,
            Handshake.Verdict.KeepObserver _,
            Handshake.Verdict.Refuse _ ->
            throw new IllegalStateException("a verdict on those that came in");
      }
    } catch (IOException failure) {
      hungUp(spell, String.valueOf(failure.getMessage()));
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

  private void ask(long spell, Socket socket) throws IOException {
    asking = new Asking(socket, spell);
    try {
      if (isOver(spell)) {
        return;
      }
      if (endsWithin(ASK_DELAY, socket)) {
        hungUp(spell, "end of stream");
      } else if (office.table().link(peer.id()).filter(link -> !link.isSilent()).isEmpty()) {
        introduce(socket);
        Sockets.finishQuietly(socket);
        noteRenewal();
        update(() -> postpone(spell, Math.max(ASK_INTERVAL.toNanos(), failures.next())));
        // A clean end is the answer. A reset is none: nobody was there to read what we said.
        var _ = endsWithin(ASK_INTERVAL, socket);
      }
    } finally {
      asking = null;
    }
  }

  /** After a pause of our process a link may look silent whose messages are only unread. */
  private boolean hasSpokenAgain() {
    return besideSilence
        && office.table().link(peer.id()).filter(link -> !link.isSilent()).isPresent();
  }

  /** What we do beside a silent link we do not do too often. */
  private void noteRenewal() {
    if (office.table().link(peer.id()).filter(Connection::isSilent).isPresent()) {
      update(() -> renewals.made(System.nanoTime()));
    }
  }

  /** Waits by reading, though nothing is to be read: so the end of the peer's process is seen. */
  private static boolean endsWithin(Duration time, Socket socket) throws IOException {
    socket.setSoTimeout(Math.toIntExact(time.toMillis()));
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  /**
   * Does nothing when the link has come and gone since the spell: what that said about us counts.
   */
  private void postpone(long spell, long nanos) {
    if (!isOver(spell)) {
      notBefore = System.nanoTime() + nanos;
    }
  }

  /** A process that ends does this. The next dial, at once like after a link, makes sure of it. */
  private void hungUp(long spell, String detail) {
    failed(spell, DialFailure.other("hung up on us: " + detail));
    update(
        () -> {
          if (!isOver(spell) && office.table().link(peer.id()).isEmpty()) {
            broke(true);
          }
        });
  }

  private void failed(long spell, DialFailure failure) {
    common.counters().add(TransportCounter.DIAL_FAILED);
    update(() -> postpone(spell, failures.next()));
    LOG.debug(
        "{} cannot reach {}: {} ({} ms until the next try at most)",
        common.config().self(),
        peer.id(),
        failure.detail(),
        TimeUnit.NANOSECONDS.toMillis(limits.dialBackoffMax().toNanos()));
    office.table().unreachable(peer.id(), spell, failure);
  }
}
