package io.quorate.election;

import io.quorate.election.driver.ElectionDriver;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server of an ensemble that agrees on a leader. It runs from {@link #start} to {@link #close},
 * on threads of its own. Safe for use by any thread; every method may be called from a listener, a
 * task, or what depends on {@link Leadership#revoked}.
 *
 * <p>A server leads from the instant at which a majority has promised it a new epoch until its
 * lease ends: {@link Leadership#isValid} says so without waiting for anybody. {@link #view} and
 * {@link #leader} say who leads as far as this server knows, which can be late.
 *
 * <p>With an election only nobody promises anything. Then the leader is the outcome of the election
 * alone, two servers can think that they lead at one instant, {@link LeaderView#confirmed} is
 * false, and there is no {@link Leadership}.
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
   * @throws java.io.UncheckedIOException if the epoch store cannot be opened, or what it holds must
   *     not be trusted; the message is one line that says what to do
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
   * @throws java.io.UncheckedIOException as above
   */
  public static LeaderElection start(
      LeaderElectionConfig config, Consumer<? super ElectionEvent> listener) {
    ElectionDriver driver = driver(config);
    driver.subscribe(listener);
    driver.start();
    return new LeaderElection(config.self(), driver);
  }

  private static ElectionDriver driver(LeaderElectionConfig config) {
    log.info("{}", Guarantee.of(config));
    return ElectionDriver.open(
        config,
        () -> config.transport().open(config.transportConfig()),
        System::nanoTime,
        System::currentTimeMillis);
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
   * <p>Each {@link ElectionEvent.Granted} is followed by a {@link ElectionEvent.Revoked} with the
   * same token before the next one. One who listens from the middle of a term is told its begin
   * after what stands.
   *
   * <p>The listener is called on a virtual thread of its own, one call at a time. It may throw and
   * may take its time: the failure is logged and counted, and when too many events wait the oldest
   * are left out, but never the last change of state, and never the begin of a term without its end
   * or the other way round. It may call any method of this class.
   *
   * @param listener whom to tell
   * @return what ends the telling
   */
  public Subscription onEvent(Consumer<? super ElectionEvent> listener) {
    return driver.subscribe(listener);
  }

  /**
   * Returns the present term of this server. Costs two reads of fields and one of the clock.
   *
   * @return the term; empty unless we lead and it is valid now, and always with an election only
   */
  public Optional<Leadership> leadership() {
    return driver.leadership();
  }

  /**
   * Runs a task while this server leads: once per term, on a virtual thread of its own. If we lead
   * already, it begins at once.
   *
   * <p>When the term ends the thread is interrupted. At most one task runs, and the next term's
   * begins only after the last one has ended, however long its term is over. A task that returns
   * while its term is valid gives it up ({@link Revocation.Resigned}), and so does one that throws
   * ({@link Revocation.TaskFailed}, logged and counted); another term may follow.
   *
   * <p>Closing what is returned gives up the term and interrupts the task, and does not wait for
   * it.
   *
   * @param task what to do
   * @return what ends it
   * @throws IllegalStateException if there is a task already, with an election only or as an
   *     observer, or if this server has ended
   */
  public Subscription whileLeader(LeadershipTask task) {
    return driver.whileLeader(task);
  }

  /**
   * Waits until this server leads and nobody else in this process holds the term. A {@linkplain
   * #whileLeader task} goes before.
   *
   * <p>The caller must close what is returned, also after the term has ended: nobody in this
   * process gets another term before. Nothing interrupts the caller when the term ends.
   *
   * @return the term
   * @throws InterruptedException if the thread was interrupted
   * @throws IllegalStateException with an election only or as an observer, if called by the task,
   *     or if this server has ended or ends meanwhile
   */
  public Leadership acquire() throws InterruptedException {
    return driver.acquire();
  }

  /**
   * Waits as {@link #acquire()} does, but not for ever.
   *
   * @param timeout how long at most; zero or less: not at all
   * @return the term
   * @throws InterruptedException if the thread was interrupted
   * @throws TimeoutException if there is none in time
   * @throws IllegalStateException with an election only or as an observer, if called by the task,
   *     or if this server has ended or ends meanwhile
   */
  public Leadership acquire(Duration timeout) throws InterruptedException, TimeoutException {
    return driver.acquire(timeout);
  }

  /**
   * Lets whoever is best lead instead of this server. Returns at once. Then the term ends, its task
   * is interrupted, and when that has ended, or else the lease, the others are free.
   *
   * @param cooldown how long this server does not stand afterwards; zero: it may be elected again
   * @throws IllegalArgumentException if the duration is negative
   * @throws IllegalStateException if this server does not lead
   */
  public void handOff(Duration cooldown) {
    driver.handOff(Optional.empty(), cooldown);
  }

  /**
   * Lets another server lead instead of this one, if it can. Otherwise as {@link
   * #handOff(Duration)}.
   *
   * @param to who is to lead
   * @param cooldown how long this server does not stand afterwards; zero: it may be elected again
   * @throws IllegalArgumentException if the duration is negative, or that server is this one, no
   *     voter, or of weight 0
   * @throws IllegalStateException if this server does not lead
   */
  public void handOff(ServerId to, Duration cooldown) {
    driver.handOff(Optional.of(to), cooldown);
  }

  /**
   * Says whether this server may lead from now on; it may from the start. One that leads and may
   * not any more hands off. Returns at once; the last call counts.
   *
   * @param may whether it may
   */
  public void eligible(boolean may) {
    driver.eligible(may);
  }

  /**
   * Begins a new election now, whoever leads. For operators and for measurements; an election needs
   * no help. Returns at once.
   */
  public void lookAgain() {
    driver.lookAgain();
  }

  /**
   * Returns how often things happened since the start, in the election and its transport; besides,
   * {@code leading} is 1 while this server leads and else 0, {@code leaderChanges} tells how often
   * another server was known to lead than before, and {@code millisWithoutLeader} for how long none
   * was.
   *
   * @return a snapshot by name in camel case, such as {@code granted} or {@code linkUp}
   */
  public Map<String, Long> counters() {
    return driver.counters();
  }

  /**
   * Ends this server. If it leads it hands off: the term ends, its task is interrupted and waited
   * for, and the others are free. Then the listeners are told the end; from then on nothing is
   * granted or told, and nobody leads in the opinion of this server.
   *
   * <p>Waits for all this a few times the configured close timeout at most. A task, a listener, or
   * a thread that holds an acquired leadership can call this: it is not waited for. A second call
   * changes nothing.
   */
  @Override
  public void close() {
    driver.close();
  }
}
