package io.quorate.interop;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The least that an election over sockets costs: each server writes a message of a vote's size to
 * each other one and reads theirs. One connection per pair, no decisions.
 */
final class BareExchange implements AutoCloseable {
  /** A notification with the configuration of three to five servers. */
  private static final int MESSAGE_BYTES = 4 + 44 + 200;

  private static final long PATIENCE_SECONDS = 30;

  private final int servers;
  private final List<List<Socket>> links = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  BareExchange(int servers) throws IOException {
    this.servers = servers;
    for (int i = 0; i < servers; i++) {
      links.add(new ArrayList<>());
    }
    try (var listener = new ServerSocket(0, servers, InetAddress.getLoopbackAddress())) {
      for (int one = 0; one < servers; one++) {
        for (int other = 0; other < one; other++) {
          var dialled = new Socket(listener.getInetAddress(), listener.getLocalPort());
          Socket accepted = listener.accept();
          dialled.setTcpNoDelay(true);
          accepted.setTcpNoDelay(true);
          links.get(one).add(dialled);
          links.get(other).add(accepted);
        }
      }
    }
  }

  /** Exchanges so many times, each beginning when the one before is complete; in nanoseconds. */
  long run(int times) throws InterruptedException {
    var go = new CountDownLatch(1);
    var ready = new CountDownLatch(servers);
    List<Future<?>> running = new ArrayList<>();
    for (List<Socket> own : links) {
      running.add(
          threads.submit(
              () -> {
                ready.countDown();
                go.await();
                for (int i = 0; i < times; i++) {
                  exchange(own);
                }
                return null;
              }));
    }
    ready.await();
    long start = System.nanoTime();
    go.countDown();
    for (Future<?> each : running) {
      await(each);
    }
    return System.nanoTime() - start;
  }

  /** Writes to all, and reads from all at the same time, as servers do. */
  private void exchange(List<Socket> own) throws IOException, InterruptedException {
    List<Future<?>> reading = new ArrayList<>();
    for (Socket socket : own) {
      reading.add(
          threads.submit(
              () -> {
                new DataInputStream(socket.getInputStream()).readFully(message());
                return null;
              }));
    }
    for (Socket socket : own) {
      socket.getOutputStream().write(message());
    }
    for (Future<?> each : reading) {
      await(each);
    }
  }

  private static byte[] message() {
    return new byte[MESSAGE_BYTES];
  }

  private static void await(Future<?> each) throws InterruptedException {
    try {
      each.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("an exchange failed", e);
    }
  }

  @Override
  public void close() {
    for (List<Socket> own : links) {
      for (Socket socket : own) {
        try {
          socket.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    threads.close();
  }
}
