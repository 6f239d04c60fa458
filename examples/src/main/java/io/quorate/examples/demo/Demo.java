package io.quorate.examples.demo;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.examples.demo.Scoreboard.Led;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine.Help.Ansi;

/**
 * The story: an ensemble elects, loses its leader, takes the lost one back, changes its leader on
 * request, and cuts it off. Belongs to one thread.
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
  private final Set<Long> epochs = new LinkedHashSet<>();

  /** When terms began and ended, as it was told. */
  private final Map<Long, Long> grantedNanos = new HashMap<>();

  private final Map<Long, Long> revokedNanos = new HashMap<>();

  /** Who began to look since this was cleared. */
  private final SortedSet<ServerId> looking = new TreeSet<>();

  private long lastNanos = System.nanoTime();

  /** A part of the story did not come to its end, or not to the right one. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String what) {
      super(what);
    }
  }

  /**
   * Prepares the servers; {@link #run} starts them.
   *
   * @throws IOException if there are no free ports, or no place for files
   */
  Demo(PrintWriter out, Ansi ansi, int servers) throws IOException {
    ensemble = new DemoEnsemble(servers, moments);
    scoreboard = new Scoreboard(ensemble.ids());
    timeline = new Timeline(out, ansi, lastNanos, scoreboard);
  }

  /**
   * Tells it from the beginning to the end.
   *
   * @throws FailedException if there was no leader in time, or the servers broke a promise
   * @throws InterruptedException if the thread was interrupted
   */
  void run() throws FailedException, InterruptedException {
    start();
    ServerId lost = kill();
    comeBack(lost);
    handOff();
    ServerId alone = cutOff();
    connect(alone);
    timeline.title("In short");
    summary.forEach(timeline::line);
    timeline.line(
        "           The tokens of the leaders were " + epochs + ", and never two valid at once.");
  }

  private void start() throws FailedException, InterruptedException {
    timeline.title(ensemble.ids().size() + " servers start in this process, linked over loopback");
    timeline.head(ensemble.ids());
    long start = System.nanoTime();
    ensemble.ids().forEach(ensemble::start);
    Led led = awaitLeader("the servers did not agree on a leader", ensemble.running(), 0);
    conclude(start, "from the start until all know that " + led);
  }

  private ServerId kill() throws FailedException, InterruptedException {
    Led old = awaitAny();
    ServerId gone = old.leader();
    timeline.title("The leader, " + gone + ", is killed, without a word to the others");
    timeline.line("           They wait for the end of its lease, which they have promised it.");
    long kill = System.nanoTime();
    ensemble.kill(gone);
    Led led =
        awaitLeader("the others did not agree on a new leader", ensemble.running(), old.epoch());
    conclude(kill, "from the kill until all others know that " + led);
    return gone;
  }

  private void comeBack(ServerId lost) throws FailedException, InterruptedException {
    timeline.title(lost + " comes back");
    looking.clear();
    long back = System.nanoTime();
    ensemble.start(lost);
    Led led = awaitAny();
    conclude(back, "until " + lost + " is back and follows " + led.leader() + "; " + calm(lost));
  }

  private void handOff() throws FailedException, InterruptedException {
    Led old = awaitAny();
    var others = new TreeSet<>(ensemble.running());
    others.remove(old.leader());
    ServerId successor = others.getLast();
    timeline.title(old.leader() + " hands off to " + successor + ", as at any clean end");
    long asked = System.nanoTime();
    ensemble.handOff(old.leader(), successor);
    Led led = awaitLeader("nobody took over", ensemble.running(), old.epoch());
    conclude(asked, "from the request until all know that " + led);
  }

  private ServerId cutOff() throws FailedException, InterruptedException {
    Led old = awaitAny();
    ServerId alone = old.leader();
    timeline.title("The leader, " + alone + ", is cut off: nothing gets through to it or from it");
    var others = new TreeSet<>(ensemble.running());
    others.remove(alone);
    long cut = System.nanoTime();
    ensemble.cutOff(alone);
    Led led = awaitLeader("the others did not agree on a new leader", others, old.epoch());
    long ended = await("the leader did not stop", () -> at(revokedNanos, old.epoch()));
    long began = await("the new leader was granted nothing", () -> at(grantedNanos, led.epoch()));
    conclude(cut, "from the cut until all others know that " + led);
    String gap =
        millis(ended - cut)
            + alone
            + " stopped by itself; "
            + led.leader()
            + " was granted its epoch "
            + millis(Math.abs(began - ended)).strip()
            + (began > ended ? " after that" : " before that was told");
    timeline.result(gap.strip());
    summary.add(gap);
    return alone;
  }

  private void connect(ServerId alone) throws FailedException, InterruptedException {
    timeline.title(alone + " is connected again, and what was on the way arrives late");
    looking.clear();
    long connected = System.nanoTime();
    ensemble.connect(alone);
    Led led = awaitAny();
    conclude(connected, "until " + alone + " follows " + led.leader() + "; " + calm(alone));
  }

  @Override
  public void close() {
    ensemble.close();
  }

  private String calm(ServerId except) {
    looking.remove(except);
    return looking.isEmpty() ? "nobody else looked" : looking + " looked again";
  }

  /** Waits until these servers have the same leader of a larger epoch. */
  private Led awaitLeader(String orElse, Set<ServerId> servers, long after)
      throws FailedException, InterruptedException {
    Led led =
        await(orElse, () -> scoreboard.agreement(servers).filter(found -> found.epoch() > after));
    epochs.add(led.epoch());
    return led;
  }

  /**
   * Waits until all that run have the same leader, whichever: on a machine that stands still for
   * longer than a lease it may be another than before.
   */
  private Led awaitAny() throws FailedException, InterruptedException {
    return awaitLeader("the servers did not agree on a leader", ensemble.running(), 0);
  }

  /** Shows what happens until this is there. */
  private <T> T await(String orElse, Supplier<Optional<T>> wanted)
      throws FailedException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Optional<T> found = wanted.get();
    while (found.isEmpty()) {
      if (!showNext(deadline)) {
        throw new FailedException(orElse + " within " + LIMIT.toSeconds() + " s");
      }
      found = wanted.get();
    }
    return found.get();
  }

  /** Tells how long it took until the last moment, and lets the reader read. */
  private void conclude(long fromNanos, String what) throws FailedException, InterruptedException {
    String result = millis(lastNanos - fromNanos) + what;
    timeline.result(result.strip());
    summary.add(result);
    long deadline = System.nanoTime() + REST.toNanos();
    while (showNext(deadline)) {
      // What comes late is shown, too.
    }
    Optional<String> broken = ensemble.broken();
    if (broken.isPresent()) {
      throw new FailedException(broken.get());
    }
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%8.1f ms   ", nanos / 1e6);
  }

  private static Optional<Long> at(Map<Long, Long> nanos, long epoch) {
    return Optional.ofNullable(nanos.get(epoch));
  }

  /** Shows the next moment; returns false if there was none before the deadline. */
  private boolean showNext(long deadline) throws InterruptedException {
    Moment moment = moments.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (moment == null) {
      return false;
    }
    lastNanos = moment.atNanos();
    note(moment);
    timeline.show(moment);
    return true;
  }

  private void note(Moment moment) {
    switch (moment.news()) {
      case Moment.Looks _ -> looking.add(moment.server());
      case Moment.Told(ElectionEvent.Granted(FencingToken token)) ->
          grantedNanos.put(token.epoch(), moment.atNanos());
      case Moment.Told(ElectionEvent.Revoked(FencingToken token, var _)) ->
          revokedNanos.put(token.epoch(), moment.atNanos());
      case Moment.Told _, Moment.Votes _ -> {}
    }
  }
}
