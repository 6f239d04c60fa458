package io.quorate.benchmarks.ensemble;

import io.quorate.protocol.ConfigText;
import io.quorate.protocol.FrameCodec;
import io.quorate.protocol.Member;
import io.quorate.protocol.Notification;
import io.quorate.protocol.NotificationCodec;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The least that an election over sockets costs: each server says its vote once to each other one
 * and reads theirs, in the bytes of a notification of such an ensemble. One connection per pair,
 * dialled by the larger id; a virtual thread that reads each; nothing is decided.
 */
final class BareEnsemble implements Ensemble {
  private static final long PATIENCE_SECONDS = 30;
  private static final int BACKLOG = 1024;

  /** An id and an address. */
  private static final int INITIAL_BYTES = 36;

  private static final int BEAT_BYTES = 40;

  /** The first byte of a message: what it is. */
  private static final byte VOTE = 0;

  private static final byte BEAT = 1;
  private static final byte ANSWER = 2;

  private static final int NOBODY = -1;

  private final Places places;
  private final int votes;
  private final int voteBytes;
  private final List<Server> servers = new CopyOnWriteArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private volatile Round round = new Round(0);
  private volatile int failed = NOBODY;

  /** Counts what is to be read. */
  private static final class Round {
    private final AtomicInteger left;
    private final CountDownLatch done = new CountDownLatch(1);

    Round(int messages) {
      left = new AtomicInteger(messages);
    }

    void read() {
      if (left.decrementAndGet() == 0) {
        done.countDown();
      }
    }

    void await() throws InterruptedException {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Hang("the bare exchange does not end", List.of(left + " messages to come"));
      }
    }
  }

  BareEnsemble(Places places) {
    this.places = places;
    this.votes = places.voters() * (places.voters() - 1);
    var notification =
        new Notification(
            ServerState.LOOKING,
            new Vote(ServerId.of(1), 0, 0),
            1,
            Notification.CURRENT_VERSION,
            Optional.of(ConfigText.of(places.ours())));
    this.voteBytes = NotificationCodec.encode(notification).length;
  }

  private final class Server {
    private final int id;
    private final ServerSocket listener = new ServerSocket();
    private final Map<Integer, Socket> links = new ConcurrentHashMap<>();
    private final Thread accepting = Thread.ofVirtual().unstarted(() -> doing(this::accept));

    Server(int id, int port) throws IOException {
      this.id = id;
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    }

    void start() {
      accepting.start();
      for (Server other : servers) {
        if (other.id < id) {
          work(() -> dial(other));
        }
      }
    }

    private void accept() throws IOException {
      while (true) {
        Socket socket = listener.accept();
        work(
            () -> {
              try (socket) {
                socket.setTcpNoDelay(true);
                byte[] initial = new byte[INITIAL_BYTES];
                new DataInputStream(socket.getInputStream()).readFully(initial);
                linked(ByteBuffer.wrap(initial).getInt(), socket);
              }
            });
      }
    }

    private void dial(Server other) throws IOException {
      try (var socket = new Socket()) {
        socket.connect(other.listener.getLocalSocketAddress());
        socket.setTcpNoDelay(true);
        byte[] initial = new byte[INITIAL_BYTES];
        ByteBuffer.wrap(initial).putInt(id);
        socket.getOutputStream().write(initial);
        linked(other.id, socket);
      }
    }

    private void linked(int other, Socket socket) throws IOException {
      links.put(other, socket);
      say(VOTE, voteBytes, socket);
      try {
        read(socket);
      } finally {
        links.remove(other);
        if (other == failed) {
          sayToAll(VOTE, voteBytes);
        }
      }
    }

    private void read(Socket socket) throws IOException {
      var in = new DataInputStream(socket.getInputStream());
      while (true) {
        byte[] header = new byte[FrameCodec.HEADER_BYTES];
        in.readFully(header);
        byte[] payload = new byte[ByteBuffer.wrap(header).getInt()];
        in.readFully(payload);
        if (payload[0] == BEAT) {
          say(ANSWER, BEAT_BYTES, socket);
        } else {
          round.read();
        }
      }
    }

    /** Length and payload in one write. */
    private void say(byte kind, int bytes, Socket socket) throws IOException {
      var frame = new byte[FrameCodec.HEADER_BYTES + bytes];
      ByteBuffer.wrap(frame).putInt(bytes).put(kind);
      sent.getAndIncrement();
      socket.getOutputStream().write(frame);
    }

    void sayToAll(byte kind, int bytes) throws IOException {
      for (Socket socket : links.values()) {
        say(kind, bytes, socket);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /** Ends with its socket; what it left undone is missed by whoever waits for the round. */
  private static void work(Work work) {
    Thread.ofVirtual().start(() -> doing(work));
  }

  private static void doing(Work work) {
    try {
      work.run();
    } catch (IOException _) {
      // As told above.
    }
  }

  @Override
  public long cold() throws IOException, InterruptedException {
    long start = System.nanoTime();
    round = new Round(votes);
    for (Member member : places.members()) {
      servers.add(
          new Server(
              Math.toIntExact(member.id().value()), member.electionAddresses().getFirst().port()));
    }
    servers.forEach(Server::start);
    round.await();
    return System.nanoTime() - start;
  }

  @Override
  public void link() {
    // The first exchange has gone over all of them.
  }

  @Override
  public long again() throws InterruptedException {
    long start = System.nanoTime();
    round = new Round(votes);
    for (Server server : servers) {
      work(() -> server.sayToAll(VOTE, voteBytes));
    }
    round.await();
    return System.nanoTime() - start;
  }

  /** The last one says a heartbeat to all others and reads their answers. */
  void beat() throws IOException, InterruptedException {
    round = new Round(servers.size() - 1);
    servers.getLast().sayToAll(BEAT, BEAT_BYTES);
    round.await();
  }

  /**
   * Closes the last one; returns the nanoseconds until each of the others, once it has seen that,
   * has said its vote to the others and read theirs.
   */
  long closeLast() throws IOException, InterruptedException {
    Server last = servers.removeLast();
    round = new Round(servers.size() * (servers.size() - 1));
    var ends = List.copyOf(last.links.values());
    failed = last.id;
    long start = System.nanoTime();
    last.listener.close();
    for (Socket end : ends) {
      end.close();
    }
    round.await();
    long nanos = System.nanoTime() - start;
    last.accepting.join();
    return nanos;
  }

  @Override
  public long votesSent() {
    return sent.get();
  }

  /** The next ensemble listens at the same places: none is taken any more when this returns. */
  @Override
  public void close() throws IOException {
    for (Server server : servers) {
      server.listener.close();
      for (Socket socket : server.links.values()) {
        socket.close();
      }
    }
    try {
      for (Server server : servers) {
        server.accepting.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    servers.clear();
  }
}
