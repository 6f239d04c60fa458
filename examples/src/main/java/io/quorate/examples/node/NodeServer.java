package io.quorate.examples.node;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
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
  private final LeaderElectionConfig config;
  private final EventWriter events;

  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);

  NodeServer(NodeSettings settings, LeaderElectionConfig config, EventWriter events) {
    this.settings = settings;
    this.config = config;
    this.events = events;
  }

  /**
   * Runs the server until it is ended, its reader has gone, or it takes no part any more.
   *
   * @return why it takes no part any more; empty after a clean end
   * @throws InterruptedException if the thread was interrupted; the server is closed then
   */
  Optional<String> run() throws InterruptedException {
    if (!settings.electionOnly()) {
      tell(
          new ElectionEvent.Warning(
              "electionOnly",
              "the epoch promise is not in this version: who is elected may be told to lead while"
                  + " another still believes to; --election-only says that you know"));
    }
    Optional<String> failure;
    try (LeaderElection election = LeaderElection.start(config, this::tell)) {
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

  /** The thread of the start calls this before there is a listener, and then only the listener. */
  private void tell(ElectionEvent event) {
    boolean read = events.write(Instant.now(), settings.id(), event);
    if (!read || event instanceof ElectionEvent.Closed) {
      told.countDown();
      ending.countDown();
    }
  }
}
