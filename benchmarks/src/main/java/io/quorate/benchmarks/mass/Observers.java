package io.quorate.benchmarks.mass;

import io.quorate.benchmarks.Options;
import io.quorate.benchmarks.report.Ratio;
import io.quorate.benchmarks.report.Report;
import io.quorate.benchmarks.report.Samples;
import io.quorate.benchmarks.report.Target;
import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.spi.EpochStoreProvider;
import io.quorate.ports.Loopback;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.FrameCodec;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Many observers of one server, which alone votes: how long after its grant until the last of them
 * has been told the new epoch. The observers are connections that say and read what observers do,
 * all read by one thread of this process.
 */
public final class Observers {
  private static final List<Integer> SIZES = List.of(1000, 5000);
  private static final List<Integer> QUICK_SIZES = List.of(1000);
  private static final int TARGET_SIZE = 5000;
  private static final int ROUNDS = 10;
  private static final int QUICK_ROUNDS = 4;
  private static final int WARM_UP = 3;
  private static final long PATIENCE_SECONDS = 30;
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final Target MILLIS = Target.atMost(100);

  private static final String OURS = "Quorate, from the grant until the last is told";
  private static final String BARE = "bare: a queue and a virtual thread each";

  private Observers() {}

  public static void run(Options options) throws Exception {
    try (var report =
        new Report(options.results(), "observers", "Observers of one server are told who leads")) {
      for (int count : options.sizes(SIZES, QUICK_SIZES)) {
        measure(count, options, report);
      }
    }
  }

  /** One after the other, since both take two files for each connection in this process. */
  private static void measure(int count, Options options, Report report) throws Exception {
    Samples ours = Samples.of(ours(count, options));
    Samples limit = Samples.of(bare(count, options));
    String what = String.format("%,d observers", count);
    report.figure(what, OURS, ours, "ms");
    report.figure(what, BARE, limit, "ms");
    report.ratio(what + ", to bare", Ratio.of(ours, limit));
    if (count == TARGET_SIZE) {
      report.value(what + " told, median", ours.median(), "ms", MILLIS);
      report.value(what + " told, slowest round", ours.max(), "ms", MILLIS);
    }
  }

  private static List<Double> ours(int count, Options options) throws Exception {
    try (var server = new Server();
        var observers = new Clients()) {
      observers.connect(server.port, count, false);
      for (SocketChannel channel : observers.channels()) {
        channel.write(frame(server.hello()));
      }
      try (var told = new Readers(observers.channels())) {
        told.await(server.granted(0), "the present epoch");
        return rounds(options, _ -> server.handOff(told));
      }
    }
  }

  private static List<Double> bare(int count, Options options) throws Exception {
    try (var bare = new BareHolder();
        var clients = new Clients()) {
      clients.connect(bare.port(), count, false);
      await("not all are connected", () -> bare.held() == count);
      try (var told = new Readers(clients.channels())) {
        return rounds(options, epoch -> bareRound(bare, told, epoch));
      }
    }
  }

  private interface Round {
    double millis(long number);
  }

  private static List<Double> rounds(Options options, Round round) {
    var millis = new ArrayList<Double>();
    int count = WARM_UP + options.rounds(ROUNDS, QUICK_ROUNDS);
    for (int number = 1; number <= count; number++) {
      double taken = round.millis(number);
      if (number > WARM_UP) {
        millis.add(taken);
      }
    }
    return millis;
  }

  private static double bareRound(BareHolder bare, Readers heard, long epoch) {
    byte[] message = frame(new Heartbeat(epoch, 0, 0, Duration.ofSeconds(1))).array();
    long start = System.nanoTime();
    bare.sayToAll(message);
    return millis(heard.await(epoch, "the message") - start);
  }

  private static ByteBuffer frame(Message message) {
    byte[] payload = MessageCodec.encode(message);
    ByteBuffer frame = ByteBuffer.allocate(FrameCodec.encodedBytes(payload));
    FrameCodec.encode(payload, frame);
    return frame.flip();
  }

  private static double millis(long nanos) {
    return (double) nanos / TimeUnit.MILLISECONDS.toNanos(1);
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(String otherwise, Condition condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(otherwise);
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** The one that they observe. */
  private static final class Server implements AutoCloseable {
    private final EnsembleConfig ensemble;
    private final int port;
    private final LeaderElection election;
    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong at = new AtomicLong();
    private volatile boolean listening;

    Server() throws IOException {
      port = Loopback.lastingPorts(1).getFirst();
      ServerId self = ServerId.of(1);
      ensemble =
          EnsembleConfig.majority(
              List.of(
                  Member.of(self, Role.PARTICIPANT, List.of(new HostPort(Loopback.HOST, port)))));
      LeaderElectionConfig config =
          LeaderElectionConfig.builder(self)
              .ensemble(ensemble)
              .epochStore(EpochStoreProvider.named("memory"))
              .limits(OurHolder.limits())
              .build();
      election = LeaderElection.start(config, this::tell);
      granted(0);
      Observers.await("it listens nowhere", () -> listening);
    }

    private void tell(ElectionEvent event) {
      if (event instanceof ElectionEvent.Granted(FencingToken token)) {
        at.set(System.nanoTime());
        epoch.set(token.epoch());
      } else if (event instanceof ElectionEvent.Listening) {
        listening = true;
      }
    }

    /** Returns the epoch of a term after that one. */
    long granted(long before) {
      Observers.await("nobody is granted", () -> epoch.get() > before);
      return epoch.get();
    }

    Hello hello() {
      return new Hello(
          Hello.CURRENT_PROTOCOL_VERSION,
          LeaderElectionConfig.DEFAULT_ENSEMBLE_NAME,
          ensemble.digest(),
          0,
          0);
    }

    /** Has it led anew; returns the milliseconds from its grant until the last one was told. */
    double handOff(Readers told) {
      long before = epoch.get();
      election.handOff(Duration.ZERO);
      long now = granted(before);
      return millis(told.await(now, "the epoch of the new term") - at.get());
    }

    @Override
    public void close() {
      election.close();
    }
  }
}
