package io.quorate.election.driver;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.Await;
import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.Closed;
import io.quorate.election.ElectionEvent.Granted;
import io.quorate.election.ElectionEvent.LinkUp;
import io.quorate.election.ElectionEvent.Looking;
import io.quorate.election.ElectionEvent.Revoked;
import io.quorate.election.ElectionEvent.Warning;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.engine.ElectionCounter;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What listeners are told, and in which order. */
final class BoardTest {
  private static final ServerId SELF = ServerId.of(1);
  private static final FencingToken TOKEN = new FencingToken(7, SELF);
  private final Counters counters = new Counters();
  private final List<ElectionEvent> told = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  @AfterEach
  void nothing_is_left() {
    Await.noThread();
  }

  /** Who has waited for a view finds it counted. */
  @Test
  void what_is_shown_is_counted_before_and_nothing_after_the_end() {
    var seen = new ArrayList<Long>();
    var shown = new AtomicReference<Board>();
    var board =
        new Board(
            looking(0),
            List.of(),
            counters,
            _ -> seen.add(requireNonNull(shown.get()).view().round()));
    shown.set(board);
    board.show(looking(1));
    board.show(looking(2));
    board.end("over", new Revocation.Closed());
    board.show(looking(3));
    board.end("again", new Revocation.Closed());
    assertEquals(List.of(0L, 1L, 2L), seen);
  }

  @Test
  void the_state_comes_first_then_what_stands_then_the_changes_then_the_end() {
    Board board = board(new Warning("standing", ""));
    board.show(looking(4));
    board.subscribe(this::record);
    board.tell(new LinkUp(SELF));
    board.show(looking(5));
    board.tell(new Looking(5));
    board.end("over", new Revocation.Closed());
    Await.open(closed);
    assertEquals(
        List.of(
            new Looking(4),
            new Warning("standing", ""),
            new LinkUp(SELF),
            new Looking(5),
            new Closed()),
        told);
  }

  @Test
  void nothing_changes_after_the_end() {
    Board board = board();
    board.subscribe(this::record);
    board.end("over", new Revocation.Closed());
    board.show(looking(9));
    board.tell(new Looking(9));
    board.end("again", new Revocation.Closed());
    Await.open(closed);
    assertEquals(List.of(new Looking(0), new Closed()), told);
    assertEquals(Optional.of("over"), board.view().failure());
  }

  @Test
  void when_too_much_waits_the_oldest_goes_but_never_the_last_state() {
    Board board = board();
    var release = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    board.subscribe(
        event -> {
          begun.countDown();
          Await.open(release);
          record(event);
        });
    Await.open(begun);
    board.tell(new Looking(7));
    int links = 3 * Mailbox.CAPACITY;
    for (int i = 0; i < links; i++) {
      board.tell(new LinkUp(ServerId.of(i)));
    }
    release.countDown();
    board.end("over", new Revocation.Closed());
    Await.open(closed);
    assertEquals(new Looking(0), told.getFirst());
    assertTrue(told.contains(new Closed()));
    assertTrue(told.contains(new LinkUp(ServerId.of(links - 1))), "the newest is kept");
    assertTrue(told.size() <= Mailbox.CAPACITY + 2, "told " + told.size());
    assertTrue(counters.get(ElectionCounter.EVENTS_CONFLATED) >= links - Mailbox.CAPACITY);
  }

  @Test
  void the_last_state_survives_a_flood_that_follows_it() {
    Board board = board();
    var release = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    var seen = new CountDownLatch(1);
    board.subscribe(
        event -> {
          begun.countDown();
          Await.open(release);
          if (event.equals(new Looking(7))) {
            seen.countDown();
          }
        });
    Await.open(begun);
    for (int i = 0; i < Mailbox.CAPACITY; i++) {
      board.tell(new Looking(i));
    }
    board.tell(new Looking(7));
    for (int i = 0; i < 3 * Mailbox.CAPACITY; i++) {
      board.tell(new LinkUp(ServerId.of(i)));
    }
    release.countDown();
    Await.open(seen);
    board.end("over", new Revocation.Closed());
  }

  @Test
  void a_listener_that_throws_is_told_the_rest() {
    Board board = board();
    var calls = new AtomicInteger();
    board.subscribe(
        event -> {
          calls.incrementAndGet();
          record(event);
          throw new AssertionError("a listener of this test");
        });
    board.tell(new LinkUp(SELF));
    board.end("over", new Revocation.Closed());
    Await.open(closed);
    assertEquals(3, calls.get());
    Await.until("counted", () -> counters.get(ElectionCounter.LISTENER_FAILURES) == 3);
  }

  @Test
  void a_listener_that_interrupts_itself_is_told_the_rest() {
    Board board = board();
    board.subscribe(
        event -> {
          Thread.currentThread().interrupt();
          record(event);
        });
    board.end("over", new Revocation.Closed());
    Await.open(closed);
    assertEquals(List.of(new Looking(0), new Closed()), told);
  }

  @Test
  void a_term_that_nobody_ended_is_revoked_before_the_end() {
    Board board = board();
    board.subscribe(this::record);
    board.tell(new Granted(TOKEN));
    board.end("over", new Revocation.ServerFailed("over"));
    Await.open(closed);
    assertEquals(
        List.of(
            new Looking(0),
            new Granted(TOKEN),
            new Revoked(TOKEN, new Revocation.ServerFailed("over")),
            new Closed()),
        told);
  }

  @Test
  void one_who_listens_in_the_middle_of_a_term_is_told_its_begin() {
    Board board = board();
    board.tell(new Granted(TOKEN));
    board.subscribe(this::record);
    board.tell(new Revoked(TOKEN, new Revocation.Resigned()));
    board.end("over", new Revocation.Closed());
    Await.open(closed);
    assertEquals(
        List.of(
            new Looking(0),
            new Granted(TOKEN),
            new Revoked(TOKEN, new Revocation.Resigned()),
            new Closed()),
        told);
  }

  @Test
  void a_begin_or_an_end_out_of_turn_is_a_failure() {
    Board board = board();
    var end = new Revoked(TOKEN, new Revocation.Resigned());
    assertThrows(IllegalStateException.class, () -> board.tell(end));
    board.tell(new Granted(TOKEN));
    var other = new Granted(new FencingToken(8, SELF));
    assertThrows(IllegalStateException.class, () -> board.tell(other));
  }

  private void record(ElectionEvent event) {
    told.add(event);
    if (event instanceof Closed) {
      closed.countDown();
    }
  }

  private Board board(ElectionEvent... standing) {
    return new Board(looking(0), List.of(standing), counters, _ -> {});
  }

  private static LeaderView looking(long round) {
    return new LeaderView(
        SELF, ServerState.LOOKING, Optional.empty(), round, 0, false, Set.of(), Optional.empty());
  }
}
