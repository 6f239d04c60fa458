package io.quorate.election.driver;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.Await;
import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.Closed;
import io.quorate.election.ElectionEvent.Warning;
import io.quorate.election.ElectionTimings;
import io.quorate.election.Ensembles;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.engine.Engine;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.Hello;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.UnreachableKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread, over a scripted transport whose time is virtual. */
final class ElectionDriverTest {
  private static final Vote FOR_2 = new Vote(id(2), 9, 4);

  private final ScriptedTransport transport = new ScriptedTransport();
  private final List<Event> heard = new CopyOnWriteArrayList<>();
  private final List<ElectionEvent> told = new CopyOnWriteArrayList<>();
  private final List<ElectionDriver> drivers = new ArrayList<>();
  private Supplier<Position> position = () -> Position.START;

  @AfterEach
  void nothing_is_left() {
    drivers.forEach(ElectionDriver::close);
    Await.noThread();
  }

  @Test
  void events_come_to_the_algorithm_in_their_order_and_on_one_thread() {
    var threads = new LinkedBlockingQueue<String>();
    ElectionDriver driver =
        start(
            _ -> {
              threads.add(Thread.currentThread().getName());
              return List.of();
            });
    transport.happen(
        new TransportEvent.LinkUp(id(2), ""),
        new TransportEvent.Unreachable(id(3), UnreachableKind.REFUSED, "refused"));
    Await.until("all heard", () -> heard.size() == 3);
    driver.lookAgain();
    Await.until("looked again", () -> heard.size() == 4);
    assertEquals(
        List.of(
            new Event.Look(Position.START),
            new Event.LinkUp(id(2)),
            new Event.Unreachable(id(3)),
            new Event.Look(Position.START)),
        heard);
    assertEquals(List.of("quorate-1-driver"), threads.stream().distinct().toList());
  }

  @Test
  void what_is_said_to_several_is_encoded_once() {
    start(
        event ->
            event instanceof Event.LinkUp
                ? List.of(send(2), send(3), new Action.Send(id(9), notification(7)))
                : List.of());
    transport.happen(new TransportEvent.LinkUp(id(2), ""));
    Await.until("all sent", () -> transport.sent.size() == 4);
    List<ScriptedTransport.Sent> sent = transport.sent;
    assertArrayEquals(
        MessageCodec.encode(
            new Hello(
                Hello.CURRENT_PROTOCOL_VERSION,
                "quorate",
                Ensembles.inMemory(3, 0).digest(),
                1,
                0)),
        sent.get(0).message().array());
    assertSame(sent.get(1).message().array(), sent.get(2).message().array());
    assertEquals(sent.get(1).kind(), sent.get(3).kind());
    assertTrue(sent.get(0).kind() != sent.get(1).kind());
    Map<String, Long> counters = drivers.getFirst().counters();
    assertEquals(2, counters.get("notificationsSent"));
    assertEquals(1, counters.get("notificationsUnsent"));
    assertEquals(7, counters.get("linkUp"), "the transport's counters are there too");
  }

  @Test
  void what_arrives_together_is_answered_together_and_what_arrives_much_in_pieces() {
    int votes = DriverLoop.MAX_TAKEN + 2;
    byte[] vote = MessageCodec.encode(notification(7));
    var events = new ArrayList<TransportEvent>();
    for (int i = 0; i < votes; i++) {
      events.add(new TransportEvent.Received(id(2), vote));
    }
    events.add(new TransportEvent.LinkDown(id(2), DownCause.CLOSED_BY_PEER, ""));
    transport.happen(events.toArray(TransportEvent[]::new));
    start(event -> event instanceof Event.Heard ? List.of(send(2)) : List.of());
    Await.until("all heard", () -> heard.size() == 1 + votes + 1);
    drivers.forEach(ElectionDriver::close);
    assertEquals(2, transport.sent.size());
    assertEquals(2, drivers.getFirst().counters().get("notificationsSent"));
  }

  @Test
  void what_is_to_be_sent_waits_neither_for_a_long_message_nor_for_long() {
    byte[] vote = MessageCodec.encode(notification(7));
    byte[] longer = Arrays.copyOf(vote, DriverLoop.MAX_TAKEN_LENGTH + 1);
    transport.happen(
        received(vote), received(longer), received(vote), received(vote), received(vote));
    start(
        event -> {
          if (!(event instanceof Event.Heard)) {
            return List.of();
          }
          transport.clock.addAndGet(DriverLoop.MAX_HELD.toNanos() / 2);
          return List.of(send(2));
        });
    Await.until("all heard", () -> heard.size() == 1 + 5);
    drivers.forEach(ElectionDriver::close);
    assertEquals(3, transport.sent.size());
  }

  private static TransportEvent received(byte[] message) {
    return new TransportEvent.Received(id(2), message);
  }

  @Test
  void whoever_is_told_again_that_we_look_is_expected_to_say_something() {
    var follows = new Notification(ServerState.FOLLOWING, FOR_2, 1, 2, Optional.empty());
    start(
        event ->
            event instanceof Event.LinkUp
                ? List.of(send(2), new Action.Send(id(3), follows), send(9))
                : List.of());
    transport.happen(new TransportEvent.LinkUp(id(2), ""));
    Await.until("all sent", () -> transport.sent.size() == 4);
    transport.happen(new TransportEvent.LinkUp(id(3), ""));
    Await.until("all sent again", () -> transport.sent.size() == 8);
    Await.until("expected", () -> !transport.expected.isEmpty());
    drivers.forEach(ElectionDriver::close);
    Duration within = ElectionTimings.lan().answerWithin();
    assertTrue(within.compareTo(ElectionTimings.lan().resendMax()) > 0);
    assertEquals(List.of(new ScriptedTransport.Expected(id(2), within)), transport.expected);
  }

  @Test
  void timers_fire_in_their_order_however_the_clock_counts() {
    start(
        event ->
            event instanceof Event.Look
                ? List.of(
                    new Action.SetTimer("late", Duration.ofMillis(50)),
                    new Action.SetTimer("early", Duration.ofMillis(20)),
                    new Action.SetTimer("never", Duration.ofMillis(30)),
                    new Action.CancelTimer("never"))
                : List.of());
    Await.until("both fired", () -> heard.size() == 3);
    assertEquals(
        List.of(new Event.TimerFired("early"), new Event.TimerFired("late")), heard.subList(1, 3));
  }

  @Test
  void an_algorithm_that_always_throws_stops_its_server_and_says_why() {
    ElectionDriver driver =
        start(
            _ -> {
              throw new IllegalStateException("an algorithm of this test");
            });
    Await.open(transport.closed);
    Await.until("closed is told", () -> told.contains(new Closed()));
    assertEquals(
        Optional.of("the election algorithm failed " + Engine.MAX_FAILURES + " times"),
        driver.view().failure());
    assertEquals(
        new Warning("serverStopped", driver.view().failure().orElseThrow()),
        told.get(told.size() - 2));
    assertTrue(transport.receives.get() < 20 * Engine.MAX_FAILURES, "it does not spin");
  }

  @Test
  void an_algorithm_that_withdraws_for_ever_does_not_spin() {
    start(_ -> List.of(new Action.Withdraw("never content")));
    Duration hour = Duration.ofHours(1);
    long start = transport.clock.get();
    Await.until("an hour passes", () -> transport.clock.get() - start > hour.toNanos());
    drivers.getFirst().close();
    long seconds = (transport.clock.get() - start) / Duration.ofSeconds(1).toNanos();
    assertTrue(
        heard.size() < (seconds / 5 + 20) * Engine.MAX_WITHDRAWALS_AT_ONCE,
        heard.size() + " looks in " + seconds + " s");
  }

  @Test
  void a_transport_that_fails_stops_the_server_and_says_why() {
    ElectionDriver driver = start(_ -> List.of());
    transport.fail(new IllegalStateException("a transport of this test"));
    Await.open(transport.closed);
    Await.until("closed is told", () -> told.contains(new Closed()));
    String failure = driver.view().failure().orElseThrow();
    assertTrue(failure.contains("a transport of this test"), failure);
  }

  @Test
  void a_position_that_cannot_be_told_is_asked_for_again_until_it_can() {
    var asked = new CountDownLatch(3);
    position =
        () -> {
          asked.countDown();
          if (asked.getCount() > 0) {
            throw new IllegalStateException("an application of this test");
          }
          return new Position(8, 1);
        };
    start(_ -> List.of());
    Await.until("it is told", () -> heard.size() == 3);
    assertEquals(
        List.of(
            new Event.Look(Position.NO_STATE),
            new Event.Look(Position.NO_STATE),
            new Event.Look(new Position(8, 1))),
        heard);
  }

  @Test
  void a_nominee_is_in_the_view_of_any_thread() throws Exception {
    ElectionDriver driver =
        start(
            event ->
                event instanceof Event.LinkUp ? List.of(new Action.Nominate(FOR_2, 3)) : List.of());
    transport.happen(new TransportEvent.LinkUp(id(2), ""));
    assertEquals(id(2), driver.awaitLeader(Await.HANG));
    assertEquals(ServerState.FOLLOWING, driver.view().state());
    assertEquals(3, driver.view().round());
  }

  @Test
  void an_algorithm_that_does_not_return_does_not_keep_the_server_from_closing() {
    var stuck = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    ElectionDriver driver =
        start(
            event -> {
              if (event instanceof Event.LinkUp) {
                stuck.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException _) {
                  interrupted.countDown();
                }
              }
              return List.of();
            },
            Duration.ofMillis(50));
    transport.happen(new TransportEvent.LinkUp(id(2), ""));
    Await.open(stuck);
    driver.close();
    Await.open(interrupted);
    Await.open(transport.closed);
    Await.until("closed is told", () -> told.contains(new Closed()));
    assertEquals(Optional.of("closed"), driver.view().failure());
  }

  @Test
  void orders_that_mean_the_same_are_carried_out_once() {
    var release = new CountDownLatch(1);
    ElectionDriver driver =
        start(
            _ -> {
              Await.open(release);
              return List.of();
            });
    for (int i = 0; i < 1000; i++) {
      driver.lookAgain();
    }
    release.countDown();
    Await.until("it has looked again", () -> heard.size() == 2);
    driver.close();
    assertEquals(2, heard.size());
  }

  private static Action send(long to) {
    return new Action.Send(id(to), notification(1));
  }

  private static Notification notification(long round) {
    return new Notification(ServerState.LOOKING, FOR_2, round, 2, Optional.empty());
  }

  private ElectionDriver start(Function<Event, List<Action>> script) {
    return start(script, Duration.ofSeconds(20));
  }

  private ElectionDriver start(Function<Event, List<Action>> script, Duration closeTimeout) {
    ElectionAlgorithm algorithm =
        event -> {
          heard.add(event);
          return script.apply(event);
        };
    LeaderElectionConfig config =
        LeaderElectionConfig.builder(ServerId.of(1))
            .ensemble(Ensembles.inMemory(3, 0))
            .electionOnly()
            .algorithm(provider(algorithm))
            .transport(transport)
            .limits(Ensembles.limits(closeTimeout))
            .position(() -> position.get())
            .build();
    var driver =
        ElectionDriver.open(
            config, () -> transport, transport.clock::get, () -> transport.clock.get() / 1_000_000);
    drivers.add(driver);
    driver.subscribe(told::add);
    driver.start();
    return driver;
  }

  private static ElectionProvider provider(ElectionAlgorithm algorithm) {
    return new ElectionProvider() {
      @Override
      public String name() {
        return "scripted";
      }

      @Override
      public ElectionAlgorithm create(ElectionContext context) {
        return algorithm;
      }
    };
  }
}
