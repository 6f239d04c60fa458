package io.quorate.examples.demo;

import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/**
 * The story: an ensemble elects, loses its leader, elects again, and takes the lost one back.
 * Belongs to one thread.
 */
final class Demo implements AutoCloseable {

  /** How long each part may take before the demo says that it failed. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  /** How long the end of a part is looked at: whatever still moves then is shown. */
  static final Duration REST = Duration.ofMillis(300);

  /** Far more than ever wait to be shown. */
  static final int MAX_MOMENTS = 100_000;

  private final LinkedBlockingQueue<Moment> moments = new LinkedBlockingQueue<>(MAX_MOMENTS);
  private final DemoEnsemble ensemble;
  private final Scoreboard scoreboard;
  private final Timeline timeline;
  private final List<String> summary = new ArrayList<>();

  /** Who began to look since this was cleared. */
  private final SortedSet<ServerId> looking = new TreeSet<>();

  private long lastNanos = System.nanoTime();

  /** A part of the story did not come to its end. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String what) {
      super(what + " within " + LIMIT.toSeconds() + " s");
    }
  }

  /**
   * Prepares the servers; {@link #run} starts them.
   *
   * @throws IOException if there are no free ports
   */
  Demo(PrintWriter out, Ansi ansi, int servers) throws IOException {
    ensemble = new DemoEnsemble(servers, moments);
    scoreboard = new Scoreboard(ensemble.ids());
    timeline = new Timeline(out, ansi, lastNanos, scoreboard);
  }

  /**
   * Tells it from the beginning to the end.
   *
   * @throws FailedException if there was no leader in time
   * @throws InterruptedException if the thread was interrupted
   */
  void run() throws FailedException, InterruptedException {
    timeline.title(ensemble.ids().size() + " servers start in this process, linked over loopback");
    timeline.head(ensemble.ids());
    long start = System.nanoTime();
    ensemble.ids().forEach(ensemble::start);
    ServerId first = awaitLeader("the servers did not agree on a leader");
    conclude(start, "from the start until all agree that " + first + " leads");

    timeline.title("The leader, " + first + ", is killed");
    long kill = System.nanoTime();
    ensemble.kill(first);
    ServerId second = awaitLeader("the others did not agree on a new leader");
    conclude(kill, "from the kill until all others agree that " + second + " leads");

    timeline.title(first + " comes back");
    looking.clear();
    long back = System.nanoTime();
    ensemble.start(first);
    ServerId third = awaitLeader("the server that came back did not find the leader");
    looking.remove(first);
    String calm = looking.isEmpty() ? "nobody else looked" : looking + " looked again";
    conclude(back, "until " + first + " is back and follows " + third + "; " + calm);

    timeline.title("In short");
    summary.forEach(timeline::line);
  }

  @Override
  public void close() {
    ensemble.close();
  }

  private ServerId awaitLeader(String orElse) throws FailedException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Optional<ServerId> leader = scoreboard.agreement(ensemble.running());
    while (leader.isEmpty()) {
      if (!showNext(deadline)) {
        throw new FailedException(orElse);
      }
      leader = scoreboard.agreement(ensemble.running());
    }
    return leader.get();
  }

  /** Tells how long it took until the last moment, and lets the reader read. */
  private void conclude(long fromNanos, String what) throws InterruptedException {
    String result =
        String.format(Locale.ROOT, "%8.1f ms   %s", (lastNanos - fromNanos) / 1e6, what);
    timeline.result(result.strip());
    summary.add(result);
    long deadline = System.nanoTime() + REST.toNanos();
    while (showNext(deadline)) {
      // What comes late is shown, too.
    }
  }

  /** Shows the next moment; returns false if there was none before the deadline. */
  private boolean showNext(long deadline) throws InterruptedException {
    Moment moment = moments.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (moment == null) {
      return false;
    }
    lastNanos = moment.atNanos();
    if (moment.news() instanceof Moment.Looks) {
      looking.add(moment.server());
    }
    timeline.show(moment);
    return true;
  }
}
