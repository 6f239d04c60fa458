package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.Closed;
import io.quorate.election.ElectionEvent.Granted;
import io.quorate.election.ElectionEvent.LinkDown;
import io.quorate.election.ElectionEvent.LinkUp;
import io.quorate.election.ElectionEvent.Looking;
import io.quorate.election.ElectionEvent.Revoked;
import io.quorate.election.ElectionEvent.StateChange;
import io.quorate.election.ElectionEvent.Warning;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.Subscription;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.schedule.Schedules;
import io.quorate.schedule.World;
import io.quorate.transport.TransportEvent.DownCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The board and its listeners against what the driver told, in many schedules. */
@Tag("schedules")
final class BoardSchedulesTest {
  private static final ServerId SELF = ServerId.of(1);
  private static final Warning STANDING = new Warning("standing", "");
  private static final Revocation OVER = new Revocation.Closed();

  /** A flood is so many times as long as another schedule, so there are so many times fewer. */
  private static final int FLOODS = 25;

  private static final Duration LONG = Duration.ofDays(1);

  @Test
  void each_is_told_in_order_with_the_last_state_and_terms_in_pairs_whatever_the_others_do() {
    Schedules.of(Telling.class, Board.class, Mailbox.class).run();
  }

  @Test
  void when_too_much_waits_neither_the_last_state_is_lost_nor_half_a_term() {
    Schedules.of(Flooding.class, Mailbox.class).runSome(FLOODS);
  }

  private enum Kind {
    PLAIN,
    THROWS,
    INTERRUPTS_ITSELF,
    BLOCKS,
    LEAVES,
    ENDS_ALL
  }

  /**
   * What the driver told, and what somebody is told who comes at one place and stays to another.
   */
  private record Script(List<ElectionEvent> given) {

    /** Returns what a listener is told that comes before the event of that number. */
    List<ElectionEvent> from(int begin, boolean shown, int end, boolean isOver) {
      ElectionEvent state = new Looking(0);
      var links = new TreeMap<ServerId, ElectionEvent>();
      Optional<Granted> term = Optional.empty();
      var told = new ArrayList<ElectionEvent>();
      for (int i = 0; i <= end; i++) {
        if (i == begin) {
          told.add(shown && i < given.size() ? given.get(i) : state);
          told.add(STANDING);
          told.addAll(links.values());
          term.ifPresent(told::add);
        }
        if (i == end) {
          break;
        }
        ElectionEvent event = given.get(i);
        switch (event) {
          case StateChange _ -> state = event;
          case LinkUp(ServerId peer) -> links.put(peer, event);
          case LinkDown(ServerId peer, var _) -> links.remove(peer);
          case Granted begun -> term = Optional.of(begun);
          case Revoked _ -> term = Optional.empty();
          case Warning _, ElectionEvent.Listening _, ElectionEvent.Elected _ -> {}
        }
        if (i >= begin) {
          told.add(event);
        }
      }
      if (isOver) {
        term.ifPresent(begun -> told.add(new Revoked(begun.token(), OVER)));
        told.add(new Closed());
      }
      return told;
    }

    boolean isShownEarly(int place) {
      return place < given.size() && given.get(place) instanceof StateChange;
    }
  }

  private static final class Listener {
    private final Kind kind;
    private final List<ElectionEvent> told = new ArrayList<>();
    private Optional<Subscription> subscription = Optional.empty();
    private boolean left;
    private int late;
    private int mayBeLate;
    private boolean mayMiss;
    private boolean stays = true;

    private Listener(Kind kind) {
      this.kind = kind;
    }

    void add(ElectionEvent event) {
      // Counted, not thrown: that would be one more listener that throws.
      late += left ? 1 : 0;
      told.add(event);
    }

    /** One call may be on its way still, unless it is the one that leaves. */
    void leave(boolean inCall) {
      stays = false;
      subscription.ifPresent(Subscription::close);
      if (!left && subscription.isPresent()) {
        left = true;
        mayBeLate = inCall ? 0 : 1;
      }
    }

    /** Returns whether it can have been told this by somebody who was to tell all of it. */
    boolean fits(List<ElectionEvent> all, boolean complete) {
      if (mayMiss) {
        boolean isWhole = !told.isEmpty() && told.getLast().equals(all.getLast());
        return isSubsequence(all) && (isWhole || !(complete && stays));
      }
      if (complete && stays) {
        return told.equals(all);
      }
      return told.size() <= all.size() && told.equals(all.subList(0, told.size()));
    }

    private boolean isSubsequence(List<ElectionEvent> all) {
      int place = 0;
      for (ElectionEvent event : told) {
        int at = all.subList(place, all.size()).indexOf(event);
        if (at < 0) {
          return false;
        }
        place += at + 1;
      }
      return true;
    }

    void check() {
      require(late <= mayBeLate, "told after it had left");
      Optional<FencingToken> open = Optional.empty();
      for (ElectionEvent event : told) {
        if (event instanceof Granted(FencingToken token)) {
          require(open.isEmpty(), "a term in a term");
          open = Optional.of(token);
        } else if (event instanceof Revoked(FencingToken token, var _)) {
          require(open.equals(Optional.of(token)), "the end of another term");
          open = Optional.empty();
        } else if (event instanceof Closed) {
          require(open.isEmpty(), "a term without an end");
        }
      }
    }

    private void require(boolean holds, String what) {
      if (!holds) {
        throw new AssertionError(what + ": " + this);
      }
    }

    @Override
    public String toString() {
      return kind + (stays ? "" : ", leaves") + " was told " + told;
    }
  }

  /** A driver tells, listeners come and go, one of them may block, and somebody ends it all. */
  private static final class Telling implements Schedules.Scenario {
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int LISTENERS = 3;
    private static final int EVENTS = 10;
    private final Board board = new Board(looking(0), List.of(STANDING), new Counters(), _ -> {});
    private final Script script = new Script(new ArrayList<>());
    private final List<Listener> listeners = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @Override
    public void run(World world) throws Exception {
      var random = world.random();
      world.fork("driver", () -> tell(random));
      for (int i = 0; i < LISTENERS; i++) {
        var listener = new Listener(KINDS.get(random.nextInt(KINDS.size())));
        listeners.add(listener);
        world.fork("subscriber", () -> subscribe(world, listener));
        if (random.nextInt(4) == 0) {
          world.fork("leaver", () -> leave(world, listener));
        }
      }
      if (random.nextInt(3) == 0) {
        world.fork("ender", () -> end(world));
      }
      world.quiet();
      check(board.isEnded());
      release.countDown();
      world.quiet();
      check(board.isEnded());
      board.end("over", OVER);
      world.fork("waits for all", () -> board.awaitListeners(LONG));
      world.quiet();
      check(true);
    }

    private void tell(Random random) {
      long round = 0;
      long epoch = 0;
      boolean leads = false;
      var links = new boolean[2];
      for (int i = 0; i < EVENTS; i++) {
        int peer = random.nextInt(links.length);
        switch (random.nextInt(4)) {
          case 0 -> {
            ElectionEvent next = new Looking(++round);
            script.given().add(next);
            board.show(looking(round));
            board.tell(next);
            continue;
          }
          case 1 -> {
            links[peer] = !links[peer];
            script.given().add(link(peer, links[peer]));
          }
          case 2 -> {
            leads = !leads;
            epoch += leads ? 1 : 0;
            var token = new FencingToken(epoch, SELF);
            script
                .given()
                .add(leads ? new Granted(token) : new Revoked(token, new Revocation.Resigned()));
          }
          default -> script.given().add(new Warning("test", "event " + i));
        }
        board.tell(script.given().getLast());
      }
    }

    private static ElectionEvent link(int peer, boolean up) {
      var id = ServerId.of(peer + 2);
      return up ? new LinkUp(id) : new LinkDown(id, DownCause.CLOSED_BY_PEER);
    }

    private void subscribe(World world, Listener listener) {
      world.pause();
      listener.subscription = Optional.of(board.subscribe(event -> told(world, listener, event)));
    }

    private void told(World world, Listener listener, ElectionEvent event) {
      listener.add(event);
      switch (listener.kind) {
        case PLAIN -> {}
        case THROWS -> throw new AssertionError("a listener of this test");
        case INTERRUPTS_ITSELF -> Thread.currentThread().interrupt();
        case BLOCKS -> awaitOrFail(release);
        case LEAVES -> {
          if (world.random().nextInt(3) == 0) {
            listener.leave(true);
          }
        }
        case ENDS_ALL -> {
          if (world.random().nextInt(5) == 0) {
            endHere();
          }
        }
      }
    }

    private void endHere() {
      listeners.forEach(listener -> listener.mayMiss = true);
      board.end("over", OVER);
      try {
        board.awaitListeners(LONG);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }

    private void leave(World world, Listener listener) {
      world.pause();
      if (listener.subscription.isPresent()) {
        listener.leave(false);
      }
    }

    /** Ends it, and perhaps interrupts those who have not been told all, or waits for them. */
    private void end(World world) throws Exception {
      world.pause();
      board.end("over", OVER);
      if (world.random().nextBoolean()) {
        listeners.forEach(listener -> listener.stays = false);
        board.awaitListeners(Duration.ZERO);
      } else {
        board.awaitListeners(LONG);
      }
    }

    private void check(boolean isOver) {
      listeners.forEach(Listener::check);
      int most = script.given().size();
      for (int end = isOver ? 0 : most; end <= most; end++) {
        if (explains(end, isOver)) {
          return;
        }
      }
      throw new AssertionError(
          "the driver told %s, over: %s, and %s".formatted(script.given(), isOver, listeners));
    }

    private boolean explains(int end, boolean isOver) {
      return listeners.stream().allMatch(listener -> explains(listener, end, isOver));
    }

    private boolean explains(Listener listener, int end, boolean isOver) {
      boolean complete = listener.kind != Kind.BLOCKS || release.getCount() == 0;
      if (isOver && listener.fits(List.of(new Closed()), complete)) {
        return true;
      }
      for (int begin = 0; begin <= end; begin++) {
        if (listener.fits(script.from(begin, false, end, isOver), complete)
            || (script.isShownEarly(begin)
                && listener.fits(script.from(begin, true, end, isOver), complete))) {
          return true;
        }
      }
      return false;
    }
  }

  /** One listener that takes its time, and more events than may wait. */
  private static final class Flooding implements Schedules.Scenario {
    private static final int EVENTS = Mailbox.CAPACITY + 150;

    /** No state comes after so many events: all that follow could push the last one out. */
    private static final int STATES = 60;

    @Override
    public void run(World world) {
      var random = world.random();
      var listener = new Listener(Kind.PLAIN);
      listener.mayMiss = true;
      List<ElectionEvent> given = new ArrayList<>(List.of(new Looking(0)));
      var release = new CountDownLatch(1);
      var mailbox =
          new Mailbox(
              "quorate-1-listener-1",
              event -> {
                listener.add(event);
                if (random.nextInt(20) == 0) {
                  awaitOrFail(release);
                }
              },
              given,
              new Counters(),
              _ -> {});
      world.fork(
          "driver",
          () -> {
            mailbox.start();
            for (int i = 1; i < EVENTS; i++) {
              for (ElectionEvent event : some(random, i)) {
                given.add(event);
                mailbox.offer(event);
              }
            }
          });
      world.quiet();
      release.countDown();
      world.quiet();
      listener.check();
      listener.require(listener.isSubsequence(given), "not in order");
      listener.require(lastState(listener.told).equals(lastState(given)), "the last state is lost");
      mailbox.offer(new Closed());
      mailbox.offer(new Looking(EVENTS));
      world.quiet();
      listener.require(listener.told.getLast().equals(new Closed()), "not the end");
    }

    private static List<ElectionEvent> some(Random random, int i) {
      if (random.nextInt(20) == 0) {
        var token = new FencingToken(i, SELF);
        return List.of(new Granted(token), new Revoked(token, OVER));
      }
      boolean isState = i < STATES && random.nextInt(8) == 0;
      return List.of(isState ? new Looking(i) : new Warning("test", "event " + i));
    }

    private static Optional<ElectionEvent> lastState(List<ElectionEvent> events) {
      return events.stream().filter(StateChange.class::isInstance).reduce((_, later) -> later);
    }
  }

  private static void awaitOrFail(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static LeaderView looking(long round) {
    return new LeaderView(
        SELF, ServerState.LOOKING, Optional.empty(), round, 0, false, Set.of(), Optional.empty());
  }
}
