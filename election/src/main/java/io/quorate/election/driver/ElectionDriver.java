package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.LeaderView;
import io.quorate.election.Majority;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.Subscription;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.transport.SendResult;
import io.quorate.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a server's election: it takes what the transport received, what timers ran out
 * and what was ordered, gives it to the {@link Engine}, and does what that asks for. Only this
 * thread touches the engine, the algorithm and the timers. Any thread may call the public methods.
 */
public final class ElectionDriver {

  /** Orders that may wait. Beyond, another one changes nothing: the same are there already. */
  static final int MAX_ORDERS = 64;

  /** How long the thread waits when no timer is set. */
  static final Duration IDLE = Duration.ofHours(1);

  private static final int NOTIFICATION_KIND = 0;
  private static final int HELLO_KIND = 1;

  private static final Logger log = LoggerFactory.getLogger(ElectionDriver.class);

  private final ServerId self;
  private final Transport transport;
  private final Engine engine;
  private final Board board;
  private final Counters counters;
  private final Supplier<Position> position;
  private final LongSupplier nanoTime;
  private final Duration closeTimeout;
  private final Timers<Timer> timers = new Timers<>();
  private final BlockingQueue<Input> orders = new ArrayBlockingQueue<>(MAX_ORDERS);
  private final Thread thread;

  private @Nullable Notification lastEncoded;
  private byte[] lastBytes = new byte[0];

  /**
   * Makes a driver; {@link #start} lets it run.
   *
   * @param config a checked configuration
   * @param transport open; the driver's own from now on
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public ElectionDriver(LeaderElectionConfig config, Transport transport, LongSupplier nanoTime) {
    var context =
        new ElectionContext(
            config.self(), config.voters(), config.timings(), ConfigText.of(config.ensemble()));
    var hello =
        new Hello(
            Hello.CURRENT_PROTOCOL_VERSION,
            config.ensembleName(),
            config.ensemble().digest(),
            1,
            0);
    this.self = config.self();
    this.transport = transport;
    this.nanoTime = nanoTime;
    this.position = config.position();
    this.closeTimeout = config.limits().closeTimeout();
    this.counters = new Counters();
    this.engine = new Engine(context, () -> config.algorithm().create(context), hello, counters);
    this.board = new Board(engine.view(), standingWarnings(config.voters()), counters);
    this.thread = Thread.ofVirtual().name("quorate-" + self + "-driver").unstarted(this::run);
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

  /** Orders a new election. */
  public void lookAgain() {
    orders.offer(new Input.LookAgain());
    transport.wakeup();
  }

  /**
   * Returns the transport's and the election's counters.
   *
   * @return a new map by names in camel case
   */
  public Map<String, Long> counters() {
    Map<String, Long> counts = counters.snapshot();
    transport.counters().forEach((counter, n) -> counts.put(Counters.camelCase(counter), n));
    return counts;
  }

  /**
   * Ends everything. Waits for the election's thread at most twice the configured time and for the
   * listeners once, and for none if one of them calls this. A second call waits for what is left of
   * the first.
   */
  public void close() {
    board.end("closed");
    transport.wakeup();
    boolean interrupted = false;
    try {
      // Twice: that thread closes the transport, which may take the time itself.
      if (Thread.currentThread() != thread && !thread.join(closeTimeout.multipliedBy(2))) {
        log.warn("server {}: the election's thread does not return and is interrupted", self);
        thread.interrupt();
        transport.close();
      }
      board.awaitListeners(closeTimeout);
    } catch (InterruptedException _) {
      interrupted = true;
      thread.interrupt();
      transport.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the thread ----

  private void run() {
    try {
      step(new Input.Start());
      while (!board.isEnded()) {
        turn();
      }
    } catch (Throwable cause) {
      log.error("server {}: the election's thread failed", self, cause);
      stop("the election's thread failed: " + cause);
    } finally {
      transport.close();
    }
  }

  private void turn() {
    long now = nanoTime.getAsLong();
    for (var due = timers.pollDue(now); due.isPresent(); due = timers.pollDue(now)) {
      step(new Input.TimerFired(due.get()));
    }
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      step(order);
    }
    try {
      Optional<Duration> left = timers.untilNext(nanoTime.getAsLong());
      step(new Input.Happened(transport.receive(left.orElse(IDLE))));
    } catch (InterruptedException _) {
      // Nobody who knows this thread wants it to end but by ending the board, which is looked at.
    }
  }

  private void step(Input input) {
    @Nullable Input next = input;
    while (next != null && !board.isEnded()) {
      Input answer = null;
      for (Output output : engine.on(next)) {
        if (output instanceof Output.AskPosition) {
          answer = askPosition();
        } else {
          perform(output);
        }
      }
      next = answer;
    }
  }

  private void perform(Output output) {
    switch (output) {
      case Output.Transmit(ServerId to, Message message) -> transmit(to, message);
      case Output.SetTimer(Timer timer, Duration after) ->
          timers.set(timer, after, nanoTime.getAsLong());
      case Output.CancelTimer(Timer timer) -> timers.cancel(timer);
      case Output.Show(LeaderView view) -> board.show(view);
      case Output.Tell(ElectionEvent event) -> tell(event);
      case Output.Note(String line) -> log.info("server {} {}", self, line);
      case Output.Blame(String what, Throwable cause) ->
          log.warn("server {}: {}", self, what, cause);
      case Output.AskPosition() -> {}
      case Output.Stop(String reason) -> stop(reason);
    }
  }

  private Input askPosition() {
    try {
      @Nullable Position told = position.get();
      return told != null
          ? new Input.Positioned(told)
          : new Input.NoPosition(new IllegalStateException("it returned null"));
    } catch (Throwable cause) {
      return new Input.NoPosition(cause);
    }
  }

  private void transmit(ServerId to, Message message) {
    if (message instanceof Notification notification) {
      SendResult result = transport.sendLatest(to, NOTIFICATION_KIND, encode(notification));
      counters.count(
          result == SendResult.QUEUED || result == SendResult.REPLACED
              ? ElectionCounter.NOTIFICATIONS_SENT
              : ElectionCounter.NOTIFICATIONS_UNSENT);
    } else {
      transport.sendLatest(to, HELLO_KIND, MessageCodec.encode(message));
    }
  }

  /** The same is said to several peers in a row, so it is encoded once. */
  private byte[] encode(Notification notification) {
    if (!notification.equals(lastEncoded)) {
      lastBytes = MessageCodec.encode(notification);
      lastEncoded = notification;
    }
    return lastBytes;
  }

  private void tell(ElectionEvent event) {
    switch (event) {
      case ElectionEvent.Warning(String code, String detail) ->
          log.warn("server {}: {}: {}", self, code, detail);
      case ElectionEvent.LinkUp _, ElectionEvent.LinkDown _ ->
          log.debug("server {}: {}", self, event);
      case ElectionEvent.StateChange _, ElectionEvent.Elected _, ElectionEvent.Listening _ ->
          log.info("server {}: {}", self, event);
    }
    board.tell(event);
  }

  private void stop(String reason) {
    log.error("server {} stops: {}", self, reason);
    board.tell(new ElectionEvent.Warning("serverStopped", reason));
    board.end(reason);
  }

  private static List<ElectionEvent.Warning> standingWarnings(QuorumVerifier voters) {
    int count = voters.voters().size();
    boolean even = voters instanceof Majority && count % 2 == 0;
    return even
        ? List.of(
            new ElectionEvent.Warning(
                "evenVoters",
                count + " voters bear the loss of " + (count - 1) / 2 + ", and so would one less"))
        : List.of();
  }
}
