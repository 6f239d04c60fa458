package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.LeaderView;
import io.quorate.election.Leadership;
import io.quorate.election.LeadershipTask;
import io.quorate.election.Majority;
import io.quorate.election.PromiseConfig;
import io.quorate.election.Revocation;
import io.quorate.election.Subscription;
import io.quorate.election.engine.Engine;
import io.quorate.election.engine.EngineConfig;
import io.quorate.election.engine.Input;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.EpochStore;
import io.quorate.election.spi.EpochStoreProvider.Place;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's election with its one thread, as the public API needs it. Safe for use by any thread.
 */
public final class ElectionDriver {
  private static final Logger log = LoggerFactory.getLogger(ElectionDriver.class);

  private final Parts parts;
  private final DriverLoop loop;
  private final Board board;
  private final Terms terms;
  private final Thread thread;

  /**
   * Makes a driver; {@link #start} lets it run.
   *
   * @param config a checked configuration
   * @param transport opens what is the driver's own from then on
   * @param nanoTime a monotonic clock in nanoseconds
   * @param wallMillis the wall clock in milliseconds
   * @return the driver
   * @throws UncheckedIOException if the epoch store cannot be opened; the message is one line that
   *     says what to do
   */
  public static ElectionDriver open(
      LeaderElectionConfig config,
      Supplier<Transport> transport,
      LongSupplier nanoTime,
      LongSupplier wallMillis) {
    Optional<EpochStore> store = openStore(config);
    try {
      var counters = new Counters();
      Engine engine = engine(config, store, counters);
      var parts =
          new Parts(
              engine::on,
              engine.view(),
              transport.get(),
              store,
              config.voters(),
              standingWarnings(config, store),
              config.position(),
              answerWithin(config),
              config.limits().closeTimeout(),
              nanoTime,
              wallMillis);
      return new ElectionDriver(parts, counters);
    } catch (Throwable cause) {
      store.ifPresent(EpochStore::close);
      throw cause;
    }
  }

  /** By then a leader that is suspected has a successor, whom nothing is to keep busy before. */
  private static Duration answerWithin(LeaderElectionConfig config) {
    Duration whileLooking = config.timings().answerWithin();
    return config
        .promise()
        .map(ours -> ours.timings().suspectAfter().multipliedBy(2))
        .filter(whileLed -> whileLed.compareTo(whileLooking) > 0)
        .orElse(whileLooking);
  }

  private static Optional<EpochStore> openStore(LeaderElectionConfig config) {
    Optional<PromiseConfig> promise = config.promise();
    if (promise.isEmpty() || promise.get().store().isEmpty()) {
      return Optional.empty();
    }
    var place = new Place(config.self(), config.ensembleName(), promise.get().data());
    try {
      EpochStore store = promise.get().store().get().open(place);
      log.info("server {}: epochs {}", config.self(), store.describe());
      return Optional.of(store);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause.getMessage(), cause);
    }
  }

  private static Engine engine(
      LeaderElectionConfig config, Optional<EpochStore> store, Counters counters) {
    Optional<EpochState> stored = store.flatMap(ElectionDriver::load);
    // Two lives of one server must not be taken for one, nor two servers of one id.
    long instance = new SecureRandom().nextLong();
    var context =
        new ElectionContext(
            config.self(), config.voters(), config.timings(), ConfigText.of(config.ensemble()));
    var engineConfig =
        new EngineConfig(
            context,
            config.ensembleName(),
            config.ensemble().digest(),
            config.priority(),
            config
                .promise()
                .map(
                    ours ->
                        new EngineConfig.Promise(
                            ours.timings(), ours.fastFailover(), instance, stored)));
    return new Engine(engineConfig, () -> config.algorithm().create(context), counters::count);
  }

  private static Optional<EpochState> load(EpochStore store) {
    try {
      return store.load();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause.getMessage(), cause);
    }
  }

  ElectionDriver(Parts parts, Counters counters) {
    this.parts = parts;
    this.loop = new DriverLoop(parts, counters);
    this.board = loop.board();
    this.terms = loop.terms();
    this.thread =
        Thread.ofVirtual().name("quorate-" + parts.first().self() + "-driver").unstarted(loop);
  }

  /** Begins the first election. */
  public void start() {
    thread.start();
  }

  /**
   * Returns the present view.
   *
   * @return what was shown last
   */
  public LeaderView view() {
    return board.view();
  }

  /**
   * Waits for a leader.
   *
   * @param timeout how long at most
   * @return the leader
   * @throws InterruptedException if the thread was interrupted
   * @throws TimeoutException if there is none in time
   * @throws IllegalStateException if the election has ended
   */
  public ServerId awaitLeader(Duration timeout) throws InterruptedException, TimeoutException {
    return board.awaitLeader(timeout);
  }

  /**
   * Adds a listener.
   *
   * @param listener whom to tell
   * @return what ends the telling
   */
  public Subscription subscribe(Consumer<? super ElectionEvent> listener) {
    return board.subscribe(listener);
  }

  /**
   * Returns the present term of ours.
   *
   * @return it; empty unless it is valid
   */
  public Optional<Leadership> leadership() {
    return terms.leadership();
  }

  /**
   * Has a task run in each term of ours.
   *
   * @param task what to run
   * @return what ends it
   * @throws IllegalStateException if there is one already, without a promise, or at the end
   */
  public Subscription whileLeader(LeadershipTask task) {
    requirePromise();
    return terms.whileLeader(task);
  }

  /**
   * Waits for a term of ours that nobody holds.
   *
   * @return the term
   * @throws InterruptedException if the thread was interrupted
   * @throws IllegalStateException without a promise, or at the end
   */
  public Leadership acquire() throws InterruptedException {
    requirePromise();
    return terms.acquire();
  }

  /**
   * Waits for a term of ours that nobody holds.
   *
   * @param timeout how long at most
   * @return the term
   * @throws InterruptedException if the thread was interrupted
   * @throws TimeoutException if there is none in time
   * @throws IllegalStateException without a promise, or at the end
   */
  public Leadership acquire(Duration timeout) throws InterruptedException, TimeoutException {
    requirePromise();
    return terms.acquire(timeout);
  }

  /**
   * Orders that another server leads.
   *
   * @param to which; empty: whoever is best
   * @param cooldown how long we do not stand afterwards
   * @throws IllegalArgumentException if that server cannot lead or is this one, or the duration is
   *     negative
   * @throws IllegalStateException if we do not lead
   */
  public void handOff(Optional<ServerId> to, Duration cooldown) {
    requirePromise();
    to.ifPresent(this::requireSuccessor);
    if (cooldown.isNegative()) {
      throw new IllegalArgumentException("the cooldown is negative: " + cooldown);
    }
    if (terms.leadership().isEmpty()) {
      throw new IllegalStateException("server " + view().self() + " does not lead");
    }
    loop.order(new Input.HandOff(to, cooldown));
  }

  /**
   * Orders that we may lead, or may not.
   *
   * @param may whether
   */
  public void eligible(boolean may) {
    loop.order(new Input.Eligible(may));
  }

  /** Orders a new election. */
  public void lookAgain() {
    loop.order(new Input.LookAgain());
  }

  /**
   * Returns the transport's and the election's counters.
   *
   * @return a new map by names in camel case
   */
  public Map<String, Long> counters() {
    return loop.counts();
  }

  /**
   * Hands off and ends everything. Waits for the hand-off and the holder of a term at most the
   * configured time, for the election's thread at most twice that, and for the listeners once; for
   * no listener if one of them calls this, and not for the task that calls this. A second call
   * waits for what is left of the first.
   */
  public void close() {
    terms.close(DriverLoop.CLOSED);
    loop.order(new Input.Leave());
    // A task is interrupted when its term ends; it can close the election all the same.
    boolean interrupted = Thread.interrupted();
    try {
      boolean isOwnThread = Thread.currentThread() == thread;
      if (!isOwnThread) {
        loop.awaitLeft(parts.closeTimeout());
      }
      loop.end(DriverLoop.CLOSED, new Revocation.Closed());
      // Twice: that thread closes the transport, which may take the time itself.
      if (!isOwnThread && !thread.join(parts.closeTimeout().multipliedBy(2))) {
        log.warn("{} does not return and is interrupted", thread.getName());
        abandon();
      }
      board.awaitListeners(parts.closeTimeout());
    } catch (InterruptedException _) {
      loop.end(DriverLoop.CLOSED, new Revocation.Closed());
      abandon();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void abandon() {
    loop.giveUp();
    thread.interrupt();
    parts.transport().close();
  }

  private void requirePromise() {
    if (parts.store().isEmpty()) {
      throw new IllegalStateException(
          "there is no leadership for an observer, nor with an election only: nobody promises it");
    }
  }

  private void requireSuccessor(ServerId to) {
    if (to.equals(view().self())) {
      throw new IllegalArgumentException("server " + to + " is this one");
    }
    if (parts.voters().weight(to) <= 0) {
      throw new IllegalArgumentException("server " + to + " cannot lead: it has no vote");
    }
  }

  private static List<ElectionEvent.Warning> standingWarnings(
      LeaderElectionConfig config, Optional<EpochStore> store) {
    var warnings = new ArrayList<ElectionEvent.Warning>();
    int count = config.voters().voters().size();
    if (config.voters() instanceof Majority && count % 2 == 0) {
      warnings.add(
          new ElectionEvent.Warning(
              "evenVoters",
              count + " voters bear the loss of " + (count - 1) / 2 + ", and so would one less"));
    }
    store
        .filter(open -> !open.isDurable())
        .ifPresent(open -> warnings.add(new ElectionEvent.Warning("notDurable", open.describe())));
    return warnings;
  }
}
