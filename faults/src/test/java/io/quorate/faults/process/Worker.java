package io.quorate.faults.process;

import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.Leadership;
import io.quorate.faults.process.FencedStore.Write;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that is disturbed: a server of the ensemble, and what a service would do with it.
 * While it leads it checks that it does, works for a moment, and writes to a {@link FencedStore}
 * with its token. Who is stopped in that moment writes late, which only the store can refuse.
 *
 * <p>It is started like {@code quorate node --json}, with two options more.
 */
final class Worker {

  /** The option for the port of the store. */
  static final String STORE = "store";

  /** The option that tells how fast this process's clock runs. */
  static final String CLOCK_RATE = "clock-rate";

  /** How often it compares its clock with the machine's, by its own. */
  static final Duration CLOCK_INTERVAL = Duration.ofSeconds(1);

  /** Up to how long it works between a check and a write: most of its time as a leader. */
  private static final long MOST_WORK_NANOS = 10_000_000;

  /** A comparison that took longer says nothing: the process did not run in between. */
  private static final long COMPARISON_NANOS = 200_000;

  /** What {@code quorate node} would do with these is done here. */
  private static final List<String> NOT_OF_THE_LIBRARY =
      List.of(STORE, CLOCK_RATE, "report-validity");

  private final Map<String, String> options;
  private final double clockRate;
  private final WorkerLines lines;
  private final CompletableFuture<LeaderElection> election = new CompletableFuture<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

  private Worker(Map<String, String> options) {
    this.options = options;
    this.clockRate = Double.parseDouble(option(CLOCK_RATE));
    this.lines =
        new WorkerLines(
            System.out,
            Long.parseLong(option("id")),
            token ->
                election.join().leadership().filter(it -> it.token().equals(token)).isPresent());
  }

  private String option(String name) {
    return Optional.ofNullable(options.get(name))
        .orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
  }

  /** Runs until SIGTERM, at which a leader hands off, or until the server takes part no more. */
  public static void main(String[] args) throws InterruptedException {
    var options = new HashMap<String, String>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals > 0) {
        options.put(arg.substring("--".length(), equals), arg.substring(equals + 1));
      }
    }
    var worker = new Worker(options);
    Runtime.getRuntime().addShutdownHook(new Thread(worker::onSignal));
    System.exit(worker.run());
  }

  /** Ends as {@code run} says; the JVM's exit code would be that of the signal. */
  private void onSignal() {
    ending.countDown();
    Runtime.getRuntime().halt(exitCode.join());
  }

  private int run() throws InterruptedException {
    int code = 1;
    var config = new HashMap<>(options);
    NOT_OF_THE_LIBRARY.forEach(config::remove);
    try (LeaderElection server =
        LeaderElection.start(
            LeaderElectionConfig.fromOptions(config).build(),
            event -> lines.tell(event, ending::countDown))) {
      election.complete(server);
      var _ = server.whileLeader(this::lead);
      Thread.ofPlatform().daemon().start(this::compareClocks);
      ending.await();
      code = server.view().failure().isEmpty() ? 0 : 1;
    } catch (UncheckedIOException e) {
      System.err.println("cannot start: " + e.getMessage());
    } finally {
      exitCode.complete(code);
    }
    return code;
  }

  /** Ends only when the writing has: an interrupt cannot take back what is under way. */
  private void lead(Leadership leadership) {
    CompletableFuture.runAsync(
            () -> write(leadership), task -> Thread.ofPlatform().daemon().start(task))
        .join();
  }

  private void write(Leadership leadership) {
    int port = Integer.parseInt(option(STORE));
    try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      connection.setTcpNoDelay(true);
      var in = new DataInputStream(connection.getInputStream());
      var out = new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
      boolean accepted = true;
      while (accepted) {
        // In this order: whoever reads it knows that the term was valid at that time.
        long checkedAt = RealClock.nanos();
        // A fast clock comes to the end of a lease earlier than the machine's.
        long validFor = (long) (leadership.remaining().toNanos() / clockRate);
        if (!leadership.isValid()) {
          return;
        }
        var write = new Write(leadership.token().epoch(), checkedAt, validFor);
        lines.tellValid(write);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MOST_WORK_NANOS));
        write.send(out);
        accepted = in.readBoolean();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compareClocks() {
    while (ending.getCount() > 0) {
      long before;
      long own;
      long after;
      do {
        before = RealClock.nanos();
        own = System.nanoTime();
        after = RealClock.nanos();
      } while (after - before > COMPARISON_NANOS);
      lines.tellClock(before, own, waitedFor());
    }
  }

  /** Waits for one interval of its own clock, and returns how long it was by the machine's. */
  private static long waitedFor() {
    long before = RealClock.nanos();
    LockSupport.parkNanos(CLOCK_INTERVAL.toNanos());
    return RealClock.nanos() - before;
  }
}
