package io.quorate.election.driver;

import static io.quorate.election.driver.ScriptedEngine.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.Await;
import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.Closed;
import io.quorate.election.ElectionEvent.Granted;
import io.quorate.election.ElectionEvent.Leading;
import io.quorate.election.ElectionEvent.Looking;
import io.quorate.election.ElectionEvent.Revoked;
import io.quorate.election.ElectionEvent.Warning;
import io.quorate.election.Ensembles;
import io.quorate.election.Leadership;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.Revocation;
import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.EpochStore;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The terms of a server from the engine's grant to the user's callback, with a scripted engine. */
final class LeadingDriverTest {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

  private ScriptedTransport transport = ScriptedTransport.atTheTestsPace();
  private ScriptedEngine engine = new ScriptedEngine(transport);
  private final MemoryStore store = new MemoryStore();
  private final AtomicLong wallMillis = new AtomicLong();
  private final List<ElectionEvent> told = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Leadership> begun = new LinkedBlockingQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private ElectionDriver driver = driver(Optional.of(store), Await.HANG);

  @BeforeEach
  void start() {
    driver.subscribe(told::add);
    driver.start();
  }

  @AfterEach
  void nothing_is_left() {
    release.countDown();
    driver.close();
    Await.noThread();
  }

  @Test
  void a_hand_off_ends_the_task_before_the_engine_hears_that_the_term_has_ended() throws Exception {
    var running = new CountDownLatch(1);
    driver.whileLeader(
        leadership -> {
          begun.add(leadership);
          try {
            running.await();
          } catch (InterruptedException _) {
            Await.open(release);
          }
        });
    engine.grant(1, now());
    Leadership leadership = next(begun);
    assertEquals(token(1), leadership.token());
    assertTrue(leadership.isValid());
    assertTrue(leadership.confirm(Await.HANG));
    driver.handOff(Optional.of(ServerId.of(2)), Duration.ofSeconds(3));
    Await.until("revoked", () -> told.contains(new Looking(0)) && told.size() > 4);
    assertFalse(leadership.isValid());
    assertFalse(engine.heard.contains(new Input.TermEnded(1)));
    release.countDown();
    Await.until("ended", () -> engine.heard.contains(new Input.TermEnded(1)));
    var cause = new Revocation.HandedOff(ServerId.of(2));
    assertEquals(cause, leadership.revoked().toCompletableFuture().get(20, TimeUnit.SECONDS));
    assertEquals(
        List.of(
            new Looking(0),
            new Granted(token(1)),
            new Leading(ScriptedEngine.SELF, 1, true),
            new Revoked(token(1), cause),
            new Looking(0)),
        told);
    assertEquals(1, driver.counters().get("granted"));
    assertEquals(1, driver.counters().get("revoked"));
    assertEquals(1, driver.counters().get("leaderChanges"));
    assertEquals(0, driver.counters().get("leading"));
  }

  @Test
  void a_leader_that_was_acknowledged_is_expected_to_go_on() {
    ServerId leader = ServerId.of(2);
    engine.say(
        new Output.Transmit(leader, new Acknowledgement(1, 1, 7)),
        new Output.Transmit(ServerId.of(3), new Heartbeat(1, 2, 7, Duration.ofSeconds(1))));
    Await.until("sent", () -> transport.sent.size() == 2);
    assertEquals(
        List.of(new ScriptedTransport.Expected(leader, ANSWER_WITHIN)), transport.expected);
  }

  @Test
  void closing_a_leader_tells_its_end_and_then_nothing() throws Exception {
    driver.whileLeader(
        leadership -> {
          begun.add(leadership);
          new CountDownLatch(1).await();
        });
    engine.grant(1, now());
    Leadership leadership = next(begun);
    driver.close();
    assertFalse(leadership.isValid());
    int leave = engine.heard.indexOf(new Input.Leave());
    assertTrue(leave >= 0 && leave < engine.heard.indexOf(new Input.TermEnded(1)));
    assertEquals(Optional.of("closed"), driver.view().failure());
    assertEquals(new Closed(), told.getLast());
    assertTrue(told.contains(new Revoked(token(1), new Revocation.Closed())));
    assertEquals(0, store.closed.getCount());
    int size = told.size();
    engine.grant(2, now());
    driver.eligible(true);
    assertThrows(IllegalStateException.class, () -> driver.acquire(Duration.ofMillis(5)));
    assertTrue(driver.leadership().isEmpty());
    assertEquals(size, told.size());
  }

  @Test
  void a_task_may_call_every_method_and_close_its_election_without_waiting_for_itself()
      throws Exception {
    var failures = new LinkedBlockingQueue<Throwable>();
    var done = new CountDownLatch(1);
    driver.whileLeader(
        leadership -> {
          try {
            callEverything();
            driver.close();
            assertFalse(leadership.isValid());
          } catch (Throwable failure) {
            failures.add(failure);
          }
          done.countDown();
        });
    engine.grant(1, now());
    Await.open(done);
    assertEquals(List.of(), List.copyOf(failures));
    assertEquals(Optional.of("closed"), driver.view().failure());
  }

  @Test
  void a_listener_may_call_every_method_and_hears_of_no_new_term_once_it_has_closed()
      throws Exception {
    var failures = new LinkedBlockingQueue<Throwable>();
    var heard = new CopyOnWriteArrayList<ElectionEvent>();
    driver.subscribe(
        event -> {
          heard.add(event);
          if (event.equals(new Granted(token(1)))) {
            try {
              Await.open(release);
              callEverything();
              driver.close();
            } catch (Throwable failure) {
              failures.add(failure);
            }
          }
        });
    engine.grant(1, now());
    Await.until("told", () -> heard.contains(new Granted(token(1))));
    engine.revoke(1, new Revocation.QuorumLost());
    engine.grant(2, now());
    Await.until("the second term", () -> told.contains(new Granted(token(2))));
    release.countDown();
    Await.until("closed", () -> heard.contains(new Closed()));
    assertEquals(List.of(), List.copyOf(failures));
    assertEquals(
        List.of(new Revoked(token(1), new Revocation.QuorumLost()), new Closed()),
        heard.subList(heard.indexOf(new Granted(token(1))) + 1, heard.size()));
  }

  @Test
  void what_depends_on_the_end_of_a_term_may_close_the_server() {
    engine.grant(1, now());
    Await.until("leads", () -> driver.leadership().isPresent());
    var closed = new CountDownLatch(1);
    driver
        .leadership()
        .orElseThrow()
        .revoked()
        .thenRun(
            () -> {
              driver.close();
              closed.countDown();
            });
    engine.revoke(1, new Revocation.LeaseExpired());
    Await.open(closed);
    assertEquals(Optional.of("closed"), driver.view().failure());
  }

  @Test
  void who_has_acquired_and_closes_the_server_is_not_waited_for() throws Exception {
    engine.grant(1, now());
    try (Leadership held = driver.acquire(Await.HANG)) {
      assertEquals(token(1), held.token());
      assertEquals(Optional.of(token(1)), driver.leadership().map(Leadership::token));
      driver.close();
      assertFalse(held.isValid());
    }
    assertTrue(engine.heard.contains(new Input.TermEnded(1)));
  }

  @Test
  void a_server_that_fails_inside_says_so_and_its_term_ends() throws Exception {
    driver.whileLeader(
        leadership -> {
          begun.add(leadership);
          new CountDownLatch(1).await();
        });
    engine.grant(1, now());
    Leadership leadership = next(begun);
    transport.fail(new IllegalStateException("a transport of this test"));
    Await.until("closed", () -> told.contains(new Closed()));
    assertFalse(leadership.isValid());
    String reason = driver.view().failure().orElseThrow();
    assertTrue(reason.contains("a transport of this test"), reason);
    var cause = new Revocation.ServerFailed(reason);
    assertEquals(cause, leadership.revoked().toCompletableFuture().get(20, TimeUnit.SECONDS));
    assertEquals(
        List.of(new Warning("serverStopped", reason), new Revoked(token(1), cause), new Closed()),
        told.subList(told.size() - 3, told.size()));
  }

  @Test
  void an_engine_that_stops_ends_its_term_with_its_reason() throws Exception {
    engine.grant(1, now());
    engine.say(new Output.Stop("out of luck"));
    Await.until("closed", () -> told.contains(new Closed()));
    assertTrue(told.contains(new Revoked(token(1), new Revocation.ServerFailed("out of luck"))));
    assertEquals(Optional.of("out of luck"), driver.view().failure());
    assertThrows(IllegalStateException.class, () -> driver.acquire());
  }

  @Test
  void an_engine_that_grants_twice_stops_its_server() {
    engine.grant(1, now());
    engine.grant(2, now());
    Await.until("closed", () -> told.contains(new Closed()));
    assertFalse(told.contains(new Granted(token(2))));
    assertInstanceOf(Revoked.class, told.get(told.size() - 2));
  }

  @Test
  void a_task_that_does_not_end_is_counted_and_does_not_keep_the_server_from_closing()
      throws Exception {
    restart(Optional.of(new MemoryStore()), Duration.ofMillis(50));
    driver.whileLeader(
        leadership -> {
          begun.add(leadership);
          boolean over = false;
          while (!over) {
            try {
              over = release.await(Await.HANG.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException _) {
              Thread.onSpinWait();
            }
          }
        });
    engine.grant(1, now());
    next(begun);
    engine.revoke(1, new Revocation.QuorumLost());
    Await.until("revoked", () -> count("revoked") == 1);
    // The wait may begin a little after the term is counted as revoked.
    Await.until(
        "counted",
        () -> {
          transport.clock.addAndGet(DriverLoop.HOLDER_GRACE.toNanos());
          transport.wakeup();
          return count("holdersOverdue") == 1;
        });
    engine.grant(2, now());
    Await.until("leads again", () -> count("leading") == 1);
    driver.close();
    assertEquals(0, begun.size());
    assertEquals(Optional.of("closed"), driver.view().failure());
  }

  @Test
  void a_slow_disk_holds_up_nobody_and_a_broken_one_is_told() throws Exception {
    store.mayReturn = release;
    var state = new EpochState(4, ServerId.of(2), 9, 3, Duration.ofSeconds(1), false);
    engine.say(new Output.Persist(state));
    assertEquals(state, next(store.saved));
    assertEquals("quorate-1-store", next(store.threads));
    driver.eligible(false);
    Await.until("the engine goes on", () -> engine.heard.contains(new Input.Eligible(false)));
    assertFalse(engine.heard.contains(new Input.Persisted()));
    release.countDown();
    Await.until("answered", () -> engine.heard.contains(new Input.Persisted()));
    store.fails = true;
    engine.say(new Output.Persist(EpochState.EMPTY));
    Await.until(
        "told", () -> engine.heard.stream().anyMatch(Input.PersistFailed.class::isInstance));
  }

  @Test
  void a_jump_of_the_wall_clock_is_told_once() {
    Await.until("it has looked at the clocks", () -> transport.receives.get() > 0);
    wallMillis.addAndGet(5000);
    transport.wakeup();
    Await.until("told", () -> told.stream().anyMatch(Warning.class::isInstance));
    engine.grant(1, now());
    Await.until("later", () -> told.contains(new Granted(token(1))));
    assertEquals(1, told.stream().filter(Warning.class::isInstance).count());
    assertEquals(1, driver.counters().get("clockJumps"));
  }

  @Test
  void a_successor_must_be_another_voter_and_only_a_leader_hands_off() {
    Optional<ServerId> two = Optional.of(ServerId.of(2));
    Duration none = Duration.ZERO;
    assertThrows(IllegalStateException.class, () -> driver.handOff(two, none));
    engine.grant(1, now());
    Await.until("leads", () -> driver.leadership().isPresent());
    for (long wrong : new long[] {1, 4, 77}) {
      Optional<ServerId> to = Optional.of(ServerId.of(wrong));
      assertThrows(IllegalArgumentException.class, () -> driver.handOff(to, none));
    }
    Duration negative = Duration.ofNanos(-1);
    assertThrows(IllegalArgumentException.class, () -> driver.handOff(two, negative));
    driver.handOff(Optional.empty(), none);
    Await.until(
        "handed off", () -> engine.heard.contains(new Input.HandOff(Optional.empty(), none)));
  }

  @Test
  void with_an_election_only_there_is_no_leadership() {
    restart(Optional.empty(), Await.HANG);
    assertThrows(IllegalStateException.class, () -> driver.whileLeader(begun::add));
    assertThrows(IllegalStateException.class, () -> driver.acquire());
    assertThrows(IllegalStateException.class, () -> driver.acquire(Await.HANG));
    Duration none = Duration.ZERO;
    assertThrows(IllegalStateException.class, () -> driver.handOff(Optional.empty(), none));
    assertTrue(driver.leadership().isEmpty());
  }

  /** Another server in place of the first. */
  private void restart(Optional<EpochStore> opened, Duration closeTimeout) {
    driver.close();
    transport = ScriptedTransport.atTheTestsPace();
    engine = new ScriptedEngine(transport);
    driver = driver(opened, closeTimeout);
    driver.start();
  }

  private void callEverything() throws Exception {
    driver.view();
    driver.counters();
    driver.eligible(true);
    driver.lookAgain();
    driver.subscribe(_ -> {}).close();
    try {
      driver.awaitLeader(Duration.ofMillis(1));
    } catch (TimeoutException _) {
      assertTrue(driver.view().leader().isEmpty());
    }
    try {
      driver.whileLeader(begun::add).close();
    } catch (IllegalStateException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("registered already"));
    }
    try {
      driver.acquire(Duration.ofMillis(1)).close();
    } catch (TimeoutException | IllegalStateException expected) {
      assertFalse(expected.toString().isEmpty());
    }
    try {
      driver.handOff(Optional.empty(), Duration.ZERO);
    } catch (IllegalStateException _) {
      assertTrue(driver.leadership().isEmpty());
    }
  }

  private long count(String counter) {
    return driver.counters().getOrDefault(counter, -1L);
  }

  private long now() {
    return transport.clock.get();
  }

  private ElectionDriver driver(Optional<EpochStore> opened, Duration closeTimeout) {
    AtomicLong clock = transport.clock;
    long start = clock.get();
    return new ElectionDriver(
        new Parts(
            engine,
            ScriptedEngine.looking(),
            transport,
            opened,
            QuorumVerifier.of(Ensembles.inMemory(3, 1)),
            List.of(),
            () -> Position.START,
            ANSWER_WITHIN,
            closeTimeout,
            clock::get,
            () -> wallMillis.get() + (clock.get() - start) / 1_000_000),
        new Counters());
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(Await.HANG.toSeconds(), TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }
}
