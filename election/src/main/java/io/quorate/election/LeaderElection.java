package io.quorate.election;

import io.quorate.election.driver.ElectionDriver;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server of an ensemble that agrees on a leader. It runs from {@link #start} to {@link #close},
 * on virtual threads of its own. Safe for use by any thread.
 *
 * <p>What it says is the outcome of the election alone: two servers can think that they lead at one
 * instant, as when one of them is cut off and has not noticed yet.
 */
public final class LeaderElection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaderElection.class);

  private final ServerId self;
  private final ElectionDriver driver;

  private LeaderElection(ServerId self, ElectionDriver driver) {
    this.self = self;
    this.driver = driver;
  }

  /**
   * Starts a server. Returns at once: no peer, no name server and no free port need be there yet.
   *
   * @param config who we are and whom we know
   * @return the running server
   */
  public static LeaderElection start(LeaderElectionConfig config) {
    ElectionDriver driver = driver(config);
    driver.start();
    return new LeaderElection(config.self(), driver);
  }

  /**
   * Starts a server with a listener that misses nothing, as {@link #start} and {@link #onEvent} in
   * one step.
   *
   * @param config who we are and whom we know
   * @param listener whom to tell from the first event on
   * @return the running server
   */
  public static LeaderElection start(
      LeaderElectionConfig config, Consumer<? super ElectionEvent> listener) {
    ElectionDriver driver = driver(config);
    driver.subscribe(listener);
    driver.start();
    return new LeaderElection(config.self(), driver);
  }

  private static ElectionDriver driver(LeaderElectionConfig config) {
    log.info("{}", guarantee(config));
    Transport transport = config.transport().open(config.transportConfig());
    return new ElectionDriver(config, transport, System::nanoTime);
  }

  /** Returns in one line what this server promises. */
  static String guarantee(LeaderElectionConfig config) {
    QuorumVerifier voters = config.voters();
    int count = voters.voters().size();
    String who =
        voters.voters().contains(config.self())
            ? "server " + config.self() + " of " + count + " voters"
            : "observer " + config.self() + " beside " + count + " voters";
    String quorum =
        switch (voters) {
          case Majority majority -> "quorum " + majority.quorumSize();
          case Hierarchical groups -> "quorum by weight in " + groups.groups().size() + " groups";
          case Joint _ -> "quorum in two configurations";
        };
    return "%s: election only (no epoch promise, no lease), algorithm %s, transport %s, plain, %s"
        .formatted(who, config.algorithm().name(), config.transport().name(), quorum);
  }

  /**
   * Returns who we are.
   *
   * @return our id, or {@link ServerId#OBSERVER}
   */
  public ServerId self() {
    return self;
  }

  /**
   * Returns what we know now. Costs one read of a field.
   *
   * @return a snapshot; all its fields belong to the same instant
   */
  public LeaderView view() {
    return driver.view();
  }

  /**
   * Returns who leads, in our opinion.
   *
   * @return the leader; empty while looking, and once this server has ended
   */
  public Optional<ServerId> leader() {
    return view().leader();
  }

  /**
   * Waits until we know who leads.
   *
   * @param timeout how long at most; zero or less: not at all
   * @return the leader
   * @throws InterruptedException if the thread was interrupted
   * @throws TimeoutException if nobody leads in time
   * @throws IllegalStateException if this server has ended, or ends meanwhile
   */
  public ServerId awaitLeader(Duration timeout) throws InterruptedException, TimeoutException {
    return driver.awaitLeader(timeout);
  }

  /**
   * Tells a listener what happens: first the present state, then what stands besides (where we
   * listen, which links are up, warnings about the configuration), then every change in its order.
   * {@link ElectionEvent.Closed} is the last event. What an event tells, or something newer, is in
   * {@link #view} by then.
   *
   * <p>The listener is called on a virtual thread of its own, one call at a time. It may throw and
   * may take its time: the failure is logged and counted, and when too many events wait the oldest
   * are left out, never the last change of state. It may call any method of this class.
   *
   * @param listener whom to tell
   * @return what ends the telling
   */
  public Subscription onEvent(Consumer<? super ElectionEvent> listener) {
    return driver.subscribe(listener);
  }

  /**
   * Begins a new election now, whoever leads. For operators and for measurements; an election needs
   * no help. Returns at once.
   */
  public void lookAgain() {
    driver.lookAgain();
  }

  /**
   * Returns how often things happened since the start, in the election and its transport.
   *
   * @return a snapshot by name in camel case, such as {@code electionsDecided} or {@code linkUp}
   */
  public Map<String, Long> counters() {
    return driver.counters();
  }

  /**
   * Ends this server: from now on nobody leads in its opinion, and its listeners are told the end.
   * Then waits, a few times the configured close timeout at most, for its threads; a listener that
   * calls this is not waited for. A second call changes nothing.
   */
  @Override
  public void close() {
    driver.close();
  }
}
