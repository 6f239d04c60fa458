package io.quorate.election;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionEvent.Closed;
import io.quorate.election.ElectionEvent.Leading;
import io.quorate.election.ElectionEvent.Listening;
import io.quorate.election.ElectionEvent.Looking;
import io.quorate.election.ElectionEvent.StateChange;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Event;
import io.quorate.election.spi.Position;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.transport.spi.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a user sees, over the memory transport and with the built-in algorithm. */
final class LeaderElectionTest {
  private final Cluster cluster = Cluster.inMemory(3, 0);

  @AfterEach
  void nothing_is_left() {
    cluster.close();
    Await.noThread();
  }

  @Test
  void three_servers_agree_on_the_largest_id() {
    assertEquals(id(3), cluster.startTogether());
    assertEquals(ServerState.LEADING, cluster.server(3).view().state());
    assertEquals(ServerState.FOLLOWING, cluster.server(1).view().state());
    assertFalse(cluster.server(3).view().confirmed(), "an election only confirms nothing");
  }

  @Test
  void the_server_that_has_come_furthest_leads() {
    cluster.position(1, () -> new Position(7, 1));
    assertEquals(id(1), cluster.startTogether());
    assertEquals(1, cluster.server(3).view().epoch());
  }

  @Test
  void when_the_leader_closes_the_next_one_leads() {
    assertEquals(id(3), cluster.startTogether());
    cluster.stop(3);
    assertEquals(id(2), cluster.awaitAgreement());
    cluster.start(3);
    assertEquals(id(2), cluster.awaitAgreement(), "one that comes back disturbs nobody");
  }

  @Test
  void without_a_quorum_nobody_leads_and_waiting_ends_in_time() {
    LeaderElection alone = cluster.start(1);
    assertThrows(TimeoutException.class, () -> alone.awaitLeader(Duration.ofMillis(20)));
    assertThrows(TimeoutException.class, () -> alone.awaitLeader(Duration.ZERO));
    assertEquals(Optional.empty(), alone.leader());
  }

  @Test
  void waiting_for_a_leader_returns_who_it_is() throws Exception {
    cluster.startAll();
    ServerId leader = cluster.awaitAgreement();
    assertEquals(leader, cluster.server(2).awaitLeader(Await.HANG));
    assertEquals(Optional.of(leader), cluster.server(1).leader());
    assertEquals(id(1), cluster.server(1).self());
  }

  @Test
  void closing_ends_the_waiting_for_a_leader() throws Exception {
    LeaderElection alone = cluster.start(1);
    var outcome = new AtomicReference<Throwable>();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    alone.awaitLeader(Await.HANG);
                  } catch (Throwable thrown) {
                    outcome.set(thrown);
                  }
                });
    cluster.stop(1);
    assertTrue(waiter.join(Await.HANG));
    assertInstanceOf(IllegalStateException.class, outcome.get());
    assertThrows(IllegalStateException.class, () -> alone.awaitLeader(Await.HANG));
  }

  @Test
  void after_the_end_nobody_leads_and_the_view_says_why() {
    assertEquals(id(3), cluster.startTogether());
    LeaderElection leader = cluster.server(3);
    leader.close();
    assertEquals(Optional.empty(), leader.leader());
    assertEquals(Optional.of("closed"), leader.view().failure());
    leader.close();
    leader.lookAgain();
    assertEquals(Optional.empty(), leader.leader());
  }

  @Test
  void one_server_that_looks_again_finds_the_leader_that_is_there() {
    assertEquals(id(3), cluster.startTogether());
    long round = cluster.server(3).view().round();
    long elections = Cluster.count(cluster.server(1), "electionsDecided");
    cluster.server(1).lookAgain();
    Await.until(
        "it has looked again",
        () -> Cluster.count(cluster.server(1), "electionsDecided") > elections);
    assertEquals(id(3), cluster.awaitAgreement());
    assertEquals(round, cluster.server(3).view().round(), "the others were not disturbed");
  }

  @Test
  void a_listener_is_told_the_present_state_first_and_the_end_last() throws Exception {
    assertEquals(id(3), cluster.startTogether());
    var told = new LinkedBlockingQueue<ElectionEvent>();
    LeaderElection leader = cluster.server(3);
    leader.onEvent(told::add);
    assertEquals(new Leading(id(3), 0, false), told.poll(20, TimeUnit.SECONDS));
    assertInstanceOf(Listening.class, told.poll(20, TimeUnit.SECONDS));
    assertEquals(new ElectionEvent.LinkUp(id(1)), told.poll(20, TimeUnit.SECONDS));
    assertEquals(new ElectionEvent.LinkUp(id(2)), told.poll(20, TimeUnit.SECONDS));
    leader.close();
    assertEquals(new Closed(), List.copyOf(told).getLast());
    var afterwards = new LinkedBlockingQueue<ElectionEvent>();
    leader.onEvent(afterwards::add);
    assertEquals(new Closed(), afterwards.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void a_listener_given_at_the_start_misses_nothing() throws Exception {
    var told = new LinkedBlockingQueue<ElectionEvent>();
    var config =
        LeaderElectionConfig.builder(id(1))
            .ensemble(Ensembles.inMemory(1, 0))
            .electionOnly()
            .transport(TransportProvider.named("memory"))
            .build();
    try (var alone = LeaderElection.start(config, told::add)) {
      assertEquals(new ElectionEvent.Looking(0), told.poll(20, TimeUnit.SECONDS));
      assertEquals(new ElectionEvent.Looking(1), told.poll(20, TimeUnit.SECONDS));
      assertEquals(new ElectionEvent.Elected(id(1), 1, 0, 0), told.poll(20, TimeUnit.SECONDS));
      assertEquals(new Leading(id(1), 0, false), told.poll(20, TimeUnit.SECONDS));
      assertEquals(Optional.of(id(1)), alone.leader());
    }
    assertEquals(new Closed(), List.copyOf(told).getLast());
  }

  @Test
  void what_an_event_tells_is_in_the_view_by_then() {
    var stale = new LinkedBlockingQueue<String>();
    var decided = new CountDownLatch(2);
    LeaderElection largest = cluster.start(3);
    largest.onEvent(
        event -> {
          if (event instanceof ElectionEvent.Elected elected) {
            if (largest.view().round() < elected.round()) {
              stale.add(elected + " but " + largest.view());
            }
            decided.countDown();
          }
        });
    cluster.startTogether();
    Await.open(decided);
    assertEquals(List.of(), List.copyOf(stale));
  }

  @Test
  void listeners_that_throw_or_block_harm_nobody() throws Exception {
    var blocked = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    LeaderElection one = cluster.start(1);
    one.onEvent(
        _ -> {
          throw new IllegalStateException("a listener of this test");
        });
    one.onEvent(
        _ -> {
          blocked.countDown();
          Await.open(release);
        });
    Await.open(blocked);
    assertEquals(id(3), cluster.startTogether());
    Await.until("failures are counted", () -> Cluster.count(one, "listenerFailures") > 2);
    release.countDown();
  }

  @Test
  void a_slow_listener_is_told_the_last_state() throws Exception {
    var release = new CountDownLatch(1);
    var last = new AtomicReference<StateChange>(new Looking(-1));
    assertEquals(id(3), cluster.startTogether());
    LeaderElection one = cluster.server(1);
    one.onEvent(
        event -> {
          Await.open(release);
          if (event instanceof StateChange change) {
            last.set(change);
          }
        });
    lookAgainManyTimes(one, 150);
    assertTrue(Cluster.count(one, "eventsConflated") > 0, one.counters().toString());
    release.countDown();
    one.close();
    assertEquals(new Closed(), last.get());
  }

  @Test
  void a_callback_may_end_its_own_subscription() {
    var calls = new AtomicInteger();
    var handed = new AtomicReference<Subscription>();
    var ready = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    LeaderElection one = cluster.start(1);
    handed.set(
        one.onEvent(
            _ -> {
              Await.open(ready);
              calls.incrementAndGet();
              handed.get().close();
              ended.countDown();
            }));
    ready.countDown();
    Await.open(ended);
    one.lookAgain();
    Await.until("looked again", () -> one.view().round() > 1);
    Await.until(
        "the listener's thread ends",
        () -> Await.threads().stream().noneMatch(name -> name.contains("listener")));
    assertEquals(1, calls.get());
  }

  @Test
  void a_callback_may_close_the_server() {
    var closed = new CountDownLatch(2);
    LeaderElection one = cluster.start(1);
    for (int i = 0; i < 2; i++) {
      one.onEvent(
          event -> {
            if (event instanceof Closed) {
              closed.countDown();
            } else {
              one.close();
            }
          });
    }
    Await.open(closed);
    assertTrue(one.view().failure().isPresent());
  }

  @Test
  void the_supplier_of_the_position_may_close_the_server() {
    var self = new AtomicReference<LeaderElection>();
    var ready = new CountDownLatch(1);
    cluster.position(
        1,
        () -> {
          Await.open(ready);
          self.get().close();
          return Position.START;
        });
    self.set(cluster.start(1));
    ready.countDown();
    Await.until("closed", () -> self.get().view().failure().isPresent());
  }

  @Test
  void a_listener_that_never_returns_does_not_keep_the_server_from_closing() {
    var blocked = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    cluster.closeTimeout(Duration.ofMillis(50));
    LeaderElection one = cluster.start(1);
    one.onEvent(
        _ -> {
          blocked.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException _) {
            interrupted.countDown();
          }
        });
    Await.open(blocked);
    one.close();
    Await.open(interrupted);
  }

  @Test
  void every_view_is_of_one_piece() throws Exception {
    assertEquals(id(3), cluster.startTogether());
    var done = new AtomicInteger();
    var torn = new LinkedBlockingQueue<LeaderView>();
    LeaderElection one = cluster.server(1);
    var readers = new ArrayList<Thread>();
    for (int i = 0; i < 2; i++) {
      readers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (done.get() == 0) {
                      LeaderView view = one.view();
                      if ((view.state() == ServerState.LOOKING) == view.leader().isPresent()) {
                        torn.add(view);
                      }
                    }
                  }));
    }
    lookAgainManyTimes(one, 100);
    done.set(1);
    for (Thread reader : readers) {
      assertTrue(reader.join(Await.HANG));
    }
    assertEquals(List.of(), List.copyOf(torn));
  }

  @Test
  void a_provider_that_fails_now_and_then_is_begun_anew() {
    var created = new AtomicInteger();
    ElectionProvider fast = ElectionProvider.named("fast");
    cluster.algorithm(
        2,
        new ElectionProvider() {
          @Override
          public String name() {
            return "fails-twice";
          }

          @Override
          public ElectionAlgorithm create(ElectionContext context) {
            if (created.incrementAndGet() > 2) {
              return fast.create(context);
            }
            return event -> {
              if (event instanceof Event.Look) {
                return List.of();
              }
              throw new IllegalStateException("an algorithm of this test");
            };
          }
        });
    assertEquals(id(3), cluster.startTogether());
    assertTrue(created.get() >= 2, "created " + created);
  }

  @Test
  void reachable_voters_come_and_go_with_their_links() {
    LeaderElection one = cluster.start(1);
    assertEquals(Set.of(id(1)), one.view().reachableVoters());
    cluster.start(2);
    Await.until("2 is reachable", () -> one.view().reachableVoters().contains(id(2)));
    cluster.stop(2);
    Await.until("2 is gone", () -> !one.view().reachableVoters().contains(id(2)));
  }

  @Test
  void an_even_number_of_voters_is_told_to_every_listener() throws Exception {
    try (Cluster four = Cluster.inMemory(4, 0)) {
      var told = new LinkedBlockingQueue<ElectionEvent>();
      four.start(1).onEvent(told::add);
      assertInstanceOf(Looking.class, told.poll(20, TimeUnit.SECONDS));
      ElectionEvent second = told.poll(20, TimeUnit.SECONDS);
      assertInstanceOf(ElectionEvent.Warning.class, second);
      assertEquals("evenVoters", ((ElectionEvent.Warning) second).code());
    }
  }

  @Test
  void observers_with_and_without_an_id_learn_the_leader_and_never_lead() {
    try (Cluster observed = Cluster.inMemory(3, 1)) {
      assertEquals(id(3), observed.startTogether());
      assertEquals(ServerState.OBSERVING, observed.server(4).view().state());
      LeaderElection stranger = observed.startObserver();
      Await.until("it observes", () -> stranger.leader().equals(Optional.of(id(3))));
      assertEquals(ServerState.OBSERVING, stranger.view().state());
      assertEquals(ServerId.OBSERVER, stranger.self());
      observed.stop(3);
      Await.until("the observer moves on", () -> stranger.leader().equals(Optional.of(id(2))));
    }
  }

  @Test
  void five_servers_elect_and_bear_the_loss_of_two() {
    try (Cluster five = Cluster.inMemory(5, 0)) {
      assertEquals(id(5), five.startTogether());
      five.stop(5);
      assertEquals(id(4), five.awaitAgreement());
      five.stop(4);
      assertEquals(id(3), five.awaitAgreement());
      five.stop(3);
      Await.until("no quorum, no leader", () -> five.servers().stream().allMatch(Cluster::looks));
    }
  }

  @Test
  void a_single_voter_elects_itself() {
    try (Cluster one = Cluster.inMemory(1, 0)) {
      one.start(1);
      assertEquals(id(1), one.awaitAgreement());
      assertEquals(ServerState.LEADING, one.server(1).view().state());
    }
  }

  @Test
  void a_server_configured_otherwise_is_shown_and_the_others_elect() throws Exception {
    var told = new LinkedBlockingQueue<ElectionEvent>();
    EnsembleConfig more = Ensembles.inMemory(3, 1);
    cluster.start(1).onEvent(told::add);
    cluster.startWith(2, more);
    Await.until(
        "the mismatch is shown",
        () ->
            told.stream()
                .anyMatch(
                    event ->
                        event instanceof ElectionEvent.Warning(String code, String _)
                            && code.equals("configMismatch")));
    cluster.start(3);
    Await.until("they elect", () -> cluster.server(1).leader().equals(Optional.of(id(3))));
    assertEquals(Optional.empty(), cluster.server(2).leader());
  }

  private static void lookAgainManyTimes(LeaderElection server, int times) {
    for (int i = 0; i < times; i++) {
      long decided = Cluster.count(server, "electionsDecided");
      server.lookAgain();
      Await.until("decided", () -> Cluster.count(server, "electionsDecided") > decided);
    }
  }

  @Test
  void a_thousand_starts_and_closes_leave_no_thread() {
    for (int i = 0; i < 1000; i++) {
      LeaderElection one = cluster.start(1);
      one.onEvent(_ -> {});
      cluster.stop(1);
    }
    assertEquals(List.of(), Await.threads());
  }
}
