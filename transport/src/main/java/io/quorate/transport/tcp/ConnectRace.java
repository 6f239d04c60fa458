package io.quorate.transport.tcp;

import io.quorate.protocol.HostPort;
import io.quorate.transport.Peer;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
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

  /** No kernel gives up a connection before it has asked for it a second time, this much later. */
  static final Duration FIRST_REPEAT = Duration.ofSeconds(1);

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
              : DialFailure.other("no answer from " + peer.addresses()));
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
            } catch (Throwable unforeseen) {
              fail(DialFailure.other(unforeseen.toString()));
              throw unforeseen;
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
      fail(DialFailure.other(String.valueOf(unknown.getMessage())));
      return;
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
      if (over || tried.contains(target)) {
        return false;
      }
      if (tried.size() == MAX_ADDRESSES) {
        // It might be the one that answers: whatever the others do, not all have refused.
        fail(DialFailure.other("more than " + MAX_ADDRESSES + " addresses"));
        return false;
      }
      return tried.add(target);
    } finally {
      lock.unlock();
    }
  }

  private void connect(InetSocketAddress target) {
    String text = Sockets.text(target);
    long start = System.nanoTime();
    try {
      var socket = new Socket();
      if (!register(socket)) {
        Sockets.closeQuietly(socket);
        return;
      }
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
      connect(socket, target, (int) Math.min(millis, Integer.MAX_VALUE));
    } catch (SocketTimeoutException _) {
      fail(DialFailure.other("no answer from " + text));
    } catch (ConnectException failed) {
      String detail = text + ": " + failed.getMessage();
      boolean refused = isRefusal(failed.getMessage(), System.nanoTime() - start);
      fail(refused ? DialFailure.refused(detail) : DialFailure.other(detail));
    } catch (Exception failed) {
      fail(DialFailure.other(text + ": " + failed.getMessage()));
    }
  }

  /**
   * Says what a ConnectException means. The kernel's own time-out, shorter than ours, comes as one
   * too, and its text is in the language of the system.
   */
  static boolean isRefusal(@Nullable String message, long tookNanos) {
    return tookNanos < FIRST_REPEAT.toNanos() || String.valueOf(message).contains("refused");
  }

  private void connect(Socket socket, InetSocketAddress target, int millis) throws IOException {
    boolean won = false;
    try {
      Sockets.connect(socket, target, millis);
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

  /** One address that did not refuse makes the whole more than a refusal. */
  private void fail(DialFailure one) {
    lock.lock();
    try {
      if (failure == null || failure.kind() == UnreachableKind.REFUSED) {
        failure = one;
      }
    } finally {
      lock.unlock();
    }
  }
}
