package io.quorate.examples.demo;

import io.quorate.election.LeaderElection;
import io.quorate.election.Leadership;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks all servers again and again whether they lead, and keeps the proof if two ever do at once,
 * or if an epoch comes after a larger one. What it reports has happened; what happens between two
 * looks it does not see. Safe for use by several threads.
 */
final class TermWatch implements AutoCloseable {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

  private final Map<ServerId, LeaderElection> watched = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("demo-watch").unstarted(this::run);
  private volatile Optional<String> broken = Optional.empty();

  private TermWatch() {}

  /** Begins to look; ended by {@link #close}. */
  static TermWatch begin() {
    var watch = new TermWatch();
    watch.thread.start();
    return watch;
  }

  void add(LeaderElection server) {
    watched.put(server.self(), server);
  }

  void remove(ServerId server) {
    watched.remove(server);
  }

  /** What was broken first. */
  Optional<String> broken() {
    return broken;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    long largest = 0;
    try {
      while (broken.isEmpty()) {
        List<Leadership> leading =
            watched.values().stream().flatMap(server -> server.leadership().stream()).toList();
        broken = judge(leading, largest);
        for (Leadership leadership : leading) {
          largest = Math.max(largest, leadership.token().epoch());
        }
        Thread.sleep(BETWEEN_LOOKS);
      }
    } catch (InterruptedException _) {
      // Closed.
    } catch (RuntimeException e) {
      // Who does not look any more has not seen that nothing is broken.
      broken = Optional.of("the watch failed: " + e);
      throw e;
    }
  }

  /**
   * Judges one look.
   *
   * @param leading the terms that were valid, each when it was asked, in this order
   * @param largest the largest epoch of the looks before
   * @return what is wrong
   */
  static Optional<String> judge(List<Leadership> leading, long largest) {
    for (Leadership leadership : leading) {
      if (leadership.token().epoch() < largest) {
        return Optional.of(leadership.token() + " was valid after epoch " + largest + " had begun");
      }
    }
    // Those before the last were valid before it was asked; if one still is, it was meanwhile.
    if (leading.size() > 1 && leading.getFirst().isValid()) {
      return Optional.of(
          leading.getFirst().token() + " and " + leading.get(1).token() + " were valid at once");
    }
    return Optional.empty();
  }
}
