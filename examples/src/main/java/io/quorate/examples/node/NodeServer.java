package io.quorate.examples.node;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElection;
import io.quorate.election.Leadership;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One server from its start to its end, and what it tells on the way. {@link #run} is called once;
 * {@link #end} may be called by any thread at any time.
 */
final class NodeServer {

  /** How long the end waits for the reader to take the last line. */
  static final Duration LAST_LINE_WAIT = Duration.ofSeconds(2);

  private final NodeSettings settings;
  private final EventWriter events;

  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);

  NodeServer(NodeSettings settings, EventWriter events) {
    this.settings = settings;
    this.events = events;
  }

  /**
   * Runs the server until it is ended, its reader has gone, or it takes no part any more. One that
   * leads hands off at its end.
   *
   * @return why it could not start, or takes no part any more; empty after a clean end
   * @throws InterruptedException if the thread was interrupted; the server is closed then
   */
  Optional<String> run() throws InterruptedException {
    LeaderElection election;
    try {
      election = LeaderElection.start(settings.config(), event -> tell(new News.Told(event)));
    } catch (UncheckedIOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    Optional<String> failure;
    try (election) {
      settings.reportValidity().ifPresent(interval -> report(election, interval));
      ending.await();
      failure = election.view().failure();
    }
    // A reader that does not take the last line does not make the end an unclean one.
    var _ = told.await(LAST_LINE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    return failure;
  }

  /** Ends the server soon. */
  void end() {
    ending.countDown();
  }

  private void report(LeaderElection election, Duration interval) {
    try {
      var _ = election.whileLeader(leadership -> report(leadership, interval));
    } catch (IllegalStateException _) {
      // It has failed at once, and its last event ends us.
      return;
    }
  }

  private void report(Leadership leadership, Duration interval) {
    try {
      boolean valid = true;
      while (valid) {
        // In this order: whoever reads the line knows that the term was valid at that time.
        long nanos = System.nanoTime();
        Duration remaining = leadership.remaining();
        valid = leadership.isValid();
        if (valid) {
          tell(new News(Instant.now(), nanos, new News.Valid(leadership.token(), remaining)));
          Thread.sleep(interval);
        }
      }
    } catch (InterruptedException _) {
      // The term is over, and with it our task.
      Thread.currentThread().interrupt();
    }
  }

  private void tell(News.Told told) {
    boolean read = tell(new News(Instant.now(), System.nanoTime(), told));
    if (!read || told.event() instanceof ElectionEvent.Closed) {
      this.told.countDown();
      ending.countDown();
    }
  }

  private boolean tell(News news) {
    return events.write(settings.config().self(), news);
  }
}
