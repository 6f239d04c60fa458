package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.engine.CamelCase;
import io.quorate.election.engine.ElectionCounter;
import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.election.engine.Timer;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Message;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Transport;
import io.quorate.transport.TransportEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the one thread of a server's election does: it takes what the transport received, what
 * timers ran out and what was ordered, gives it to the engine, and does what that asks for. Only
 * that thread touches the engine, the algorithm and the timers. Any thread may call the methods
 * that say so.
 */
final class DriverLoop implements Runnable {

  /** How long the thread waits when no timer is set. */
  static final Duration IDLE = Duration.ofHours(1);

  /** How long after its term a task or another holder should have ended; then it is reported. */
  static final Duration HOLDER_GRACE = Duration.ofSeconds(1);

  /** So many messages are taken at most before what is to be sent goes out. */
  static final int MAX_TAKEN = 64;

  /** And for so long. */
  static final Duration MAX_HELD = Duration.ofMillis(1);

  /** In bytes: what is to be sent does not wait for a longer message, which takes long to read. */
  static final int MAX_TAKEN_LENGTH = 16 * 1024;

  /** The reason that is shown after {@link ElectionDriver#close}. */
  static final String CLOSED = "closed";

  private static final Logger log = LoggerFactory.getLogger(DriverLoop.class);

  private final ServerId self;
  private final Parts parts;
  private final Transport transport;
  private final Outgoing outgoing;
  private final Counters counters;
  private final Board board;
  private final LeaderWatch leaders;
  private final Terms terms;
  private final Optional<StoreThread> store;
  private final Orders orders = new Orders();
  private final EventLog eventLog;
  private final ClockWatch clocks = new ClockWatch();
  private final Timers<Timer> timers = new Timers<>();
  private final Timers<OwnTimer> ownTimers = new Timers<>();

  /** Opened when the engine has said everything, or will not any more. */
  private final CountDownLatch left = new CountDownLatch(1);

  private boolean leaving;

  /** Messages that were taken while something waited to be sent, and since when that has waited. */
  private int taken;

  private long heldSince;

  /** The name of a timer that is not the engine's. */
  private sealed interface OwnTimer {

    /** The engine should have handed off. */
    record LeaveTimeout() implements OwnTimer {}

    /** The holder of a term should have ended. */
    record Overdue(long epoch) implements OwnTimer {}
  }

  DriverLoop(Parts parts, Counters counters) {
    this.parts = parts;
    this.self = parts.first().self();
    this.eventLog = new EventLog(log, self);
    this.transport = parts.transport();
    this.outgoing = new Outgoing(transport, parts.answerWithin(), counters);
    this.counters = counters;
    this.leaders = new LeaderWatch(parts.first(), nanoTime());
    this.board =
        new Board(
            parts.first(), parts.standing(), counters, view -> leaders.shown(view, nanoTime()));
    this.terms = new Terms(self, this::order, counters::count, parts.nanoTime());
    this.store = parts.store().map(open -> new StoreThread(self, open, this::order));
  }

  // ---- any thread ----

  Board board() {
    return board;
  }

  Terms terms() {
    return terms;
  }

  /** Returns how often and how long, by name; a new map. */
  Map<String, Long> counts() {
    Map<String, Long> counts = counters.snapshot();
    counts.putAll(leaders.snapshot(nanoTime()));
    transport.counters().forEach((counter, n) -> counts.put(CamelCase.of(counter), n));
    return counts;
  }

  /** Has the engine told this as soon as the thread gets to it. Never waits. */
  void order(Input order) {
    orders.add(order);
    transport.wakeup();
  }

  /**
   * Waits at most this long until the engine has said everything and nobody holds a term; then the
   * thread ends anyway.
   */
  void awaitLeft(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!left.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      log.warn("server {} was not done in {} and closes now", self, timeout);
      giveUp();
    }
    if (!terms.awaitNoHolder(Duration.ofNanos(deadline - System.nanoTime()))) {
      log.warn("server {} closes although the holder of its last term has not ended", self);
    }
  }

  /** The thread is to end without the engine. */
  void giveUp() {
    left.countDown();
    transport.wakeup();
  }

  /** Nothing is granted, shown or told after this. Any thread; the first reason stays. */
  void end(String reason, Revocation cause) {
    terms.end(reason, cause);
    board.end(reason, cause);
  }

  // ---- the thread ----

  @Override
  public void run() {
    store.ifPresent(StoreThread::start);
    try {
      step(new Input.Start());
      while (!isOver()) {
        turn();
      }
    } catch (Throwable cause) {
      log.error("server {}: the election's thread failed", self, cause);
      stop("the election's thread failed: " + cause);
    } finally {
      end(CLOSED, new Revocation.Closed());
      left.countDown();
      sendAll();
      transport.close();
      store.ifPresent(this::close);
    }
  }

  private void close(StoreThread open) {
    try {
      open.close(parts.closeTimeout());
    } catch (InterruptedException _) {
      log.warn("server {}: interrupted while its store was closed", self);
    }
  }

  private boolean isOver() {
    return left.getCount() == 0;
  }

  private void turn() {
    watchClocks();
    long now = nanoTime();
    for (var due = timers.pollDue(now); due.isPresent(); due = timers.pollDue(now)) {
      step(new Input.TimerFired(due.get()));
    }
    for (var due = ownTimers.pollDue(now); due.isPresent(); due = ownTimers.pollDue(now)) {
      fire(due.get());
    }
    for (var order = orders.poll(); order != null && !isOver(); order = orders.poll()) {
      obey(order);
    }
    if (isOver()) {
      return;
    }
    try {
      takeNext();
    } catch (InterruptedException _) {
      // Nobody who knows this thread wants it to end but by the latch, which is looked at.
    }
  }

  /** What has arrived already may change what we have to say, so it comes first. */
  private void takeNext() throws InterruptedException {
    boolean silent = outgoing.isEmpty();
    TransportEvent event = transport.receive(silent ? untilNext() : Duration.ZERO);
    if (!silent && !isTakenBefore(event)) {
      sendAll();
    }
    if (silent || !(event instanceof TransportEvent.Nothing)) {
      step(new Input.Happened(event));
    }
  }

  private boolean isTakenBefore(TransportEvent event) {
    long now = nanoTime();
    heldSince = taken == 0 ? now : heldSince;
    return event instanceof TransportEvent.Received(_, byte[] message)
        && message.length <= MAX_TAKEN_LENGTH
        && ++taken < MAX_TAKEN
        && now - heldSince < MAX_HELD.toNanos();
  }

  private void sendAll() {
    outgoing.flush();
    taken = 0;
  }

  private Duration untilNext() {
    long now = nanoTime();
    Duration engines = timers.untilNext(now).orElse(IDLE);
    Duration own = ownTimers.untilNext(now).orElse(IDLE);
    return engines.compareTo(own) < 0 ? engines : own;
  }

  private void fire(OwnTimer due) {
    switch (due) {
      case OwnTimer.LeaveTimeout() -> {
        log.warn("server {} could not hand off within {}", self, parts.closeTimeout());
        left.countDown();
      }
      case OwnTimer.Overdue(long epoch) -> terms.overdue(epoch);
    }
  }

  private void obey(Input order) {
    if (order instanceof Input.Leave) {
      if (leaving) {
        return;
      }
      leaving = true;
      ownTimers.set(new OwnTimer.LeaveTimeout(), parts.closeTimeout(), nanoTime());
    }
    step(order);
  }

  private void watchClocks() {
    Optional<Duration> jump = clocks.look(nanoTime(), parts.wallMillis().getAsLong());
    if (jump.isPresent()) {
      counters.count(ElectionCounter.CLOCK_JUMPS);
      String way = jump.get().isNegative() ? "back" : "forward";
      tell(
          new ElectionEvent.Warning(
              "clockJump",
              "the wall clock went "
                  + way
                  + " by "
                  + jump.get().abs()
                  + "; no term depends on it"));
    }
  }

  private void step(Input input) {
    @Nullable Input next = input;
    while (next != null && !isOver()) {
      Input answer = null;
      for (Output output : parts.engine().on(next, nanoTime())) {
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
      case Output.Transmit(ServerId to, Message message) -> outgoing.put(to, message);
      case Output.SetTimer(Timer timer, Duration after) -> timers.set(timer, after, nanoTime());
      case Output.CancelTimer(Timer timer) -> timers.cancel(timer);
      case Output.Persist(EpochState state) -> requireStore().save(state);
      case Output.Grant(FencingToken token, long validUntil) -> terms.granted(token, validUntil);
      case Output.Renew(long epoch, long validUntil) -> terms.renewed(epoch, validUntil);
      case Output.Revoke(FencingToken token, Revocation cause) -> {
        if (terms.revoked(token, cause)) {
          ownTimers.set(new OwnTimer.Overdue(token.epoch()), HOLDER_GRACE, nanoTime());
        }
      }
      case Output.Confirmed(long request) -> terms.confirmed(request);
      case Output.Show(LeaderView view) -> board.show(view);
      case Output.Tell(ElectionEvent event) -> tell(event);
      case Output.Note(String line) -> log.info("server {} {}", self, line);
      case Output.Blame(String what, Throwable cause) ->
          log.warn("server {}: {}", self, what, cause);
      case Output.AskPosition() -> {}
      case Output.Left() -> {
        // Ended before the latch opens, so that nobody who waits for it finds a term.
        end(CLOSED, new Revocation.Closed());
        left.countDown();
      }
      case Output.Stop(String reason) -> stop(reason);
    }
  }

  private StoreThread requireStore() {
    return store.orElseThrow(
        () -> new IllegalStateException("the engine promises and there is no store"));
  }

  private Input askPosition() {
    try {
      @Nullable Position told = parts.position().get();
      return told != null
          ? new Input.Positioned(told)
          : new Input.NoPosition(new IllegalStateException("it returned null"));
    } catch (Throwable cause) {
      return new Input.NoPosition(cause);
    }
  }

  /** Listeners first: they are on threads of their own, and the log is not. */
  private void tell(ElectionEvent event) {
    board.tell(event);
    eventLog.write(event);
  }

  private void stop(String reason) {
    log.error("server {} stops: {}", self, reason);
    board.tell(new ElectionEvent.Warning("serverStopped", reason));
    end(reason, new Revocation.ServerFailed(reason));
    left.countDown();
  }

  private long nanoTime() {
    return parts.nanoTime().getAsLong();
  }
}
