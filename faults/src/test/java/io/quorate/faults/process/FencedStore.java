package io.quorate.faults.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the leaders write to, outside of them all: it accepts a write whose token is at least the
 * largest it has seen, and refuses any other, in the order in which they arrive. It remembers what
 * was refused and by what. Safe for use by several threads.
 *
 * <pre>
 *   write  = epoch (8 bytes) checkedAt (8) validFor (8)
 *   answer = 1 accepted, 0 refused (1)
 * </pre>
 */
final class FencedStore implements AutoCloseable {

  private final ServerSocket listener;
  private final CompletableFuture<Void> acceptor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Socket> connections = new HashSet<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private long largest;
  private long accepted;
  private long late;

  /**
   * A write, as its leader meant it.
   *
   * @param epoch its token
   * @param checkedAt a time just before its leader saw that it led
   * @param validFor how long it could count on that from then on, in the time of this machine
   */
  record Write(long epoch, long checkedAt, long validFor) {
    static Write read(DataInputStream in) throws IOException {
      return new Write(in.readLong(), in.readLong(), in.readLong());
    }

    void send(DataOutputStream out) throws IOException {
      out.writeLong(epoch);
      out.writeLong(checkedAt);
      out.writeLong(validFor);
      out.flush();
    }

    long validUntil() {
      return checkedAt + validFor;
    }
  }

  /**
   * A write that was refused.
   *
   * @param write it
   * @param arrivedAt when it came
   * @param largest the larger token that had been here before
   */
  record Refusal(Write write, long arrivedAt, long largest) {}

  /**
   * What came.
   *
   * @param accepted how many writes were accepted
   * @param late how many of them when their leader could no longer count on its lease, and no later
   *     one had written yet
   * @param refusals those that were refused
   */
  record Ledger(long accepted, long late, List<Refusal> refusals) {

    /**
     * Returns what must not be. A leader holds on to its lease until it is over, or until its own
     * write has ended: so nobody else may have written before.
     */
    List<String> violations() {
      return refusals.stream()
          .filter(refusal -> refusal.arrivedAt() - refusal.write().validUntil() < 0)
          .map(refusal -> "refused while its leader could count on its lease: " + refusal)
          .toList();
    }
  }

  /** Listens on a port of the loopback address. */
  FencedStore() throws IOException {
    listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    acceptor =
        CompletableFuture.runAsync(
            this::accept, task -> Thread.ofPlatform().daemon().name("store-accept").start(task));
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        remember(connection);
        Thread.ofPlatform().daemon().name("store-serve").start(() -> serve(connection));
      } catch (IOException _) {
        // Closed, or one that has gone already.
      }
    }
  }

  private void remember(Socket connection) {
    lock.lock();
    try {
      connections.add(connection);
    } finally {
      lock.unlock();
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      var in = new DataInputStream(connection.getInputStream());
      var out = new DataOutputStream(connection.getOutputStream());
      while (true) {
        out.writeBoolean(take(Write.read(in)));
      }
    } catch (EOFException _) {
      // Its term is over.
    } catch (IOException _) {
      // It was killed.
    } finally {
      lock.lock();
      try {
        connections.remove(connection);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Takes a write; returns whether it was accepted. */
  boolean take(Write write) {
    lock.lock();
    try {
      long now = System.nanoTime();
      if (write.epoch() < largest) {
        refusals.add(new Refusal(write, now, largest));
        return false;
      }
      largest = write.epoch();
      accepted++;
      if (now - write.validUntil() > 0) {
        late++;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  Ledger ledger() {
    lock.lock();
    try {
      return new Ledger(accepted, late, List.copyOf(refusals));
    } finally {
      lock.unlock();
    }
  }

  /** Ends, with all connections. */
  @Override
  public void close() throws IOException {
    listener.close();
    acceptor.join();
    List<Socket> open;
    lock.lock();
    try {
      open = List.copyOf(connections);
    } finally {
      lock.unlock();
    }
    for (Socket connection : open) {
      connection.close();
    }
  }
}
