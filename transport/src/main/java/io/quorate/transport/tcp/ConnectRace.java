package io.quorate.transport.tcp;

import io.quorate.protocol.HostPort;
import io.quorate.transport.Peer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect to a peer: every address of every configured host at once, and the first
 * that connects wins. The others are closed. One deadline covers look-ups and connecting.
 */
final class ConnectRace {

  /** Addresses tried at once; a name that has more is tried with its first ones. */
  static final int MAX_ADDRESSES = 16;

  /** What came of it. */
  sealed interface Outcome {
    record Connected(Socket socket) implements Outcome {}

    record Failed(DialFailure failure) implements Outcome {}

    record Cancelled() implements Outcome {}
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<InetSocketAddress> tried = new HashSet<>();
  private final Set<Socket> connecting = new HashSet<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Threads threads;
  private final Names names;
  private final Peer peer;
  private final long timeoutNanos;
  private final long deadline;
  private int running;
  private boolean over;
  private boolean cancelled;
  private @Nullable Socket winner;
  private @Nullable DialFailure failure;

  ConnectRace(Threads threads, Names names, Peer peer, long timeoutNanos) {
    this.threads = threads;
    this.names = names;
    this.peer = peer;
    this.timeoutNanos = timeoutNanos;
    this.deadline = System.nanoTime() + timeoutNanos;
  }

  /** Runs it. The socket of a winner belongs to the caller. */
  Outcome run() throws InterruptedException {
    boolean taken = false;
    try {
      for (HostPort address : peer.addresses()) {
        begin(() -> tryHost(address));
      }
      Outcome outcome = await();
      taken = outcome instanceof Outcome.Connected;
      return outcome;
    } finally {
      end(taken);
    }
  }

  /** Makes {@link #run} return soon. */
  void cancel() {
    lock.lock();
    try {
      cancelled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Outcome await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = deadline - System.nanoTime();
      while (!cancelled && winner == null && running > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (cancelled) {
        return new Outcome.Cancelled();
      }
      if (winner != null) {
        return new Outcome.Connected(winner);
      }
      return new Outcome.Failed(
          failure != null && running == 0
              ? failure
              : new DialFailure(DialFailure.Kind.TIMED_OUT, "no answer from " + peer.addresses()));
    } finally {
      lock.unlock();
    }
  }

  private void end(boolean winnerTaken) {
    List<Socket> left;
    lock.lock();
    try {
      over = true;
      if (winner != null && !winnerTaken) {
        connecting.add(winner);
      }
      left = List.copyOf(connecting);
    } finally {
      lock.unlock();
    }
    left.forEach(Sockets::closeQuietly);
  }

  private void begin(Threads.Work work) {
    count(1);
    try {
      threads.start(
          "dial-" + peer.id() + "-" + numbers.incrementAndGet(),
          () -> {
            try {
              work.run();
            } finally {
              count(-1);
            }
          });
    } catch (Throwable failed) {
      count(-1);
      throw failed;
    }
  }

  private void count(int change) {
    lock.lock();
    try {
      running += change;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tryHost(HostPort address) throws InterruptedException {
    List<InetAddress> found;
    try {
      // Half the time at most, so that an old address can still be tried when the look-up hangs.
      found = names.resolve(address.host(), timeoutNanos / 2);
    } catch (UnknownHostException unknown) {
      fail(DialFailure.Kind.UNRESOLVED, String.valueOf(unknown.getMessage()));
      return;
    } catch (InterruptedException interrupted) {
      throw interrupted;
    } catch (Throwable unforeseen) {
      fail(DialFailure.Kind.FAILED, unforeseen.toString());
      throw unforeseen;
    }
    for (InetAddress each : found) {
      var target = new InetSocketAddress(each, address.port());
      if (enter(target)) {
        begin(() -> connect(target));
      }
    }
  }

  private boolean enter(InetSocketAddress target) {
    lock.lock();
    try {
      return !over && tried.size() < MAX_ADDRESSES && tried.add(target);
    } finally {
      lock.unlock();
    }
  }

  private void connect(InetSocketAddress target) {
    String text = Sockets.text(target);
    try {
      var socket = new Socket();
      if (!register(socket)) {
        Sockets.closeQuietly(socket);
        return;
      }
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
      connect(socket, target, (int) Math.min(millis, Integer.MAX_VALUE));
    } catch (SocketTimeoutException _) {
      fail(DialFailure.Kind.TIMED_OUT, "no answer from " + text);
    } catch (ConnectException failed) {
      fail(kindOf(failed), text + ": " + failed.getMessage());
    } catch (Exception failed) {
      fail(DialFailure.Kind.FAILED, text + ": " + failed.getMessage());
    }
  }

  /** The kernel's own time-out, shorter than ours, comes as the same exception. */
  private static DialFailure.Kind kindOf(ConnectException failed) {
    return String.valueOf(failed.getMessage()).contains("timed out")
        ? DialFailure.Kind.TIMED_OUT
        : DialFailure.Kind.REFUSED;
  }

  private void connect(Socket socket, InetSocketAddress target, int millis) throws IOException {
    boolean won = false;
    try {
      socket.connect(target, millis);
      if (target.equals(socket.getLocalSocketAddress())) {
        // TCP lets a socket meet itself when it was given the very port that it dials.
        throw new ConnectException("connected to itself: nobody listens");
      }
      won = win(socket);
    } finally {
      if (!won) {
        forget(socket);
        Sockets.closeQuietly(socket);
      }
    }
  }

  private boolean register(Socket socket) {
    lock.lock();
    try {
      return !over && connecting.add(socket);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Socket socket) {
    lock.lock();
    try {
      connecting.remove(socket);
    } finally {
      lock.unlock();
    }
  }

  private boolean win(Socket socket) {
    lock.lock();
    try {
      if (over || winner != null) {
        return false;
      }
      connecting.remove(socket);
      winner = socket;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void fail(DialFailure.Kind kind, String detail) {
    lock.lock();
    try {
      if (failure == null || kind.compareTo(failure.kind()) < 0) {
        failure = new DialFailure(kind, detail);
      }
    } finally {
      lock.unlock();
    }
  }
}
