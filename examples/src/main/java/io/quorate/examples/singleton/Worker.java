package io.quorate.examples.singleton;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.Leadership;
import io.quorate.election.StaleTokenException;
import io.quorate.examples.cli.Causes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * One of the processes: while it leads it works out the next line, and hands it to a thread that
 * writes. That thread does not look whether the term still lasts, as no disk and no network does.
 * It waits for a word before each write, so that whoever watches can stop the process right there.
 */
final class Worker {

  /** The word to write. */
  static final String GO = "go";

  private final Store store;
  private final PrintWriter out;
  private final Semaphore words = new Semaphore(0);

  Worker(Store store, PrintWriter out) {
    this.store = store;
    this.out = out;
  }

  /**
   * Takes part until there is no more input.
   *
   * @throws IOException if the input failed
   */
  void run(LeaderElectionConfig config, BufferedReader in) throws IOException {
    try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
      try (LeaderElection election = LeaderElection.start(config, this::tell)) {
        var _ = election.whileLeader(leadership -> write(leadership, writer));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (line.equals(GO)) {
            words.release();
          }
        }
      } finally {
        // Whoever gave the word has gone.
        writer.shutdownNow();
      }
    }
  }

  private void tell(ElectionEvent event) {
    if (event instanceof ElectionEvent.Revoked(var token, var cause)) {
      say(Report.Kind.REVOKED, token.epoch(), Causes.words(cause));
    } else if (event instanceof ElectionEvent.Following(var leader, long epoch, boolean _)) {
      say(Report.Kind.FOLLOWS, epoch, leader.toString());
    }
  }

  /** The task: interrupted when the term ends, and then the last write is still under way. */
  private void write(Leadership leadership, ExecutorService writer)
      throws IOException, InterruptedException, ExecutionException {
    say(Report.Kind.LEADS, leadership.token().epoch(), "");
    while (leadership.isValid()) {
      long number = store.nextNumber();
      writer.submit(() -> write(leadership, number)).get();
    }
  }

  private void write(Leadership leadership, long number) {
    long epoch = leadership.token().epoch();
    say(Report.Kind.READY, epoch, Long.toString(number));
    try {
      words.acquire();
      store.write(leadership.token(), number);
      say(Report.Kind.WROTE, epoch, Long.toString(number));
    } catch (StaleTokenException stale) {
      say(Report.Kind.REFUSED, epoch, String.valueOf(stale.getMessage()));
    } catch (IOException failure) {
      say(Report.Kind.REFUSED, epoch, "the store failed: " + failure);
    } catch (InterruptedException _) {
      // The process ends.
      Thread.currentThread().interrupt();
    }
  }

  private void say(Report.Kind kind, long epoch, String detail) {
    out.print(new Report(kind, epoch, detail) + "\n");
    out.flush();
  }
}
