package io.quorate.transport.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.protocol.ServerId;
import io.quorate.schedule.History;
import io.quorate.schedule.History.Next;
import io.quorate.schedule.Schedules;
import io.quorate.schedule.World;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.NotListening;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.TransportEvent.Received;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.TransportEvent.UnreachableKind;
import io.quorate.transport.TransportEvent.Warning;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The receive queue against a sequential model, in many schedules. */
@Tag("schedules")
class ReceiveQueueSchedulesTest {
  private static final int SHARE = 2;
  private static final String NOTHING = "nothing";
  private static final String DONE = "done";

  @Test
  void aPeersEventsInOrderBetweenUpAndDownWithinItsShareAndNoWakeupLostAndCloseFreesEverybody() {
    Schedules.of(Receiving.class, ReceiveQueue.class, TimedWait.class).run();
  }

  @Test
  void ofMessagesThatComeTogetherAllArriveInOrderOrThoseBeforeTheEndOfTheirLink() {
    Schedules.of(Together.class, ReceiveQueue.class).run();
  }

  /** What waits of one peer, and the link that may say more; none: 0. */
  private record Lane(List<String> events, int link) {
    private static final Lane EMPTY = new Lane(List.of(), 0);

    boolean isFull() {
      return events.stream().filter(event -> event.startsWith("message")).count() >= SHARE;
    }

    Lane with(String event) {
      var next = new ArrayList<>(events);
      next.add(event);
      return new Lane(List.copyOf(next), link);
    }

    Lane linked(int next) {
      return new Lane(events, next);
    }

    Lane unreachable(String event) {
      boolean isLast = !events.isEmpty() && events.getLast().equals(event);
      return isLast ? this : with(event);
    }
  }

  /** The queue without threads. Whose turn it is among several peers is left open. */
  private record Model(Map<Long, Lane> lanes, boolean woken, boolean closed) {

    private Lane lane(long peer) {
      return lanes.getOrDefault(peer, Lane.EMPTY);
    }

    private Model with(long peer, Lane lane) {
      var next = new HashMap<>(lanes);
      next.put(peer, lane);
      return new Model(Map.copyOf(next), woken, closed);
    }

    private static List<Next<Model>> only(Model state, Object result) {
      return List.of(new Next<>(state, result.toString()));
    }

    List<Next<Model>> open(long peer, int link) {
      if (closed) {
        return only(this, DONE);
      }
      Lane lane = lane(peer);
      Lane free = lane.link() == 0 ? lane : lane.with("down " + peer + " REPLACED");
      return only(with(peer, free.with("up " + peer).linked(link)), DONE);
    }

    List<Next<Model>> put(long peer, int link, String message, boolean mayWait) {
      Lane lane = lane(peer);
      if (lane.link() != link) {
        return only(this, false);
      }
      if (lane.isFull()) {
        return mayWait ? List.of() : only(this, false);
      }
      return only(with(peer, lane.with("message " + message)), true);
    }

    List<Next<Model>> shut(long peer, int link) {
      Lane lane = lane(peer);
      return only(
          lane.link() == link
              ? with(peer, lane.with("down " + peer + " CLOSED_BY_PEER").linked(0))
              : this,
          DONE);
    }

    List<Next<Model>> unreachable(long peer) {
      return only(closed ? this : with(peer, lane(peer).unreachable("unreachable " + peer)), DONE);
    }

    List<Next<Model>> take(boolean mayWait) {
      var all = new ArrayList<Next<Model>>();
      lanes.forEach(
          (peer, lane) -> {
            if (!lane.events().isEmpty()) {
              var rest = lane.events().subList(1, lane.events().size());
              Model next = with(peer, new Lane(List.copyOf(rest), lane.link()));
              all.add(new Next<>(next.awake(false), lane.events().getFirst()));
            }
          });
      if (all.isEmpty() && (woken || closed || !mayWait)) {
        all.add(new Next<>(awake(false), NOTHING));
      }
      return all;
    }

    Model awake(boolean next) {
      return new Model(lanes, next, closed);
    }

    Model ended() {
      return new Model(Map.of(), woken, true);
    }
  }

  /** Links of two peers that bring messages, those who receive, and who disturbs both. */
  private static final class Receiving implements Schedules.Scenario {
    private static final Duration LONG = Duration.ofDays(1);
    private static final int MESSAGES = 3;
    private static final int MOST_TAKES = 6;
    private static final Duration AT_ONCE = Duration.ofNanos(1);
    private static final Model FIRST = new Model(Map.of(), false, false);
    private ReceiveQueue queue = new ReceiveQueue(SHARE, new Counters());
    private final History<Model> history = new History<>();
    private int tooEarly = 2;
    private int links;
    private boolean over;

    @Override
    public void run(World world) throws Exception {
      var random = world.random();
      if (random.nextBoolean()) {
        queue = new ReceiveQueue(SHARE, new Counters(), clock(world));
        world.fork("impatient", () -> disturb(world, this::takeAtOnceTwice));
      }
      Thread receiver = world.fork("receiver-0", () -> receive(random));
      world.fork("receiver-1", () -> receive(random));
      world.fork("link-1", () -> feed(new Link(1), random.nextBoolean()));
      // A member beside it, or two observers without an id, which have one turn among them.
      boolean strangers = random.nextBoolean();
      world.fork("link-2", () -> feed(new Link(strangers ? -1 : 2), false));
      if (strangers) {
        world.fork("stranger", () -> feed(new Link(-2), false));
      }
      if (random.nextBoolean()) {
        var shared = new Link(1);
        world.fork("link-3", () -> feed(shared, false));
        world.fork("link-3-too", () -> put(shared, "more", false));
      }
      if (random.nextBoolean()) {
        world.fork("waker", () -> disturb(world, this::wakeup));
      }
      if (random.nextInt(3) == 0) {
        world.fork("interrupter", () -> disturb(world, receiver::interrupt));
      }
      if (random.nextInt(3) == 0) {
        world.fork("glancer", () -> disturb(world, () -> take(Duration.ZERO, false)));
      }
      if (random.nextInt(3) == 0) {
        world.fork("expected", () -> disturb(world, this::wakeupAndTake));
      }
      if (random.nextInt(3) == 0) {
        world.fork("dialer", () -> disturb(world, this::unreachable));
      }
      if (random.nextInt(4) == 0) {
        world.fork("closer", () -> disturb(world, this::close));
      }
      world.quiet();
      history.check(FIRST);
      close();
      world.quiet();
      history.check(FIRST);
    }

    /** Rings as soon as it may, some alarms too early, and some that were taken back. */
    private AlarmClock clock(World world) {
      return (deadline, action) -> {
        var cancelled = new AtomicBoolean();
        boolean isSoon = deadline - System.nanoTime() < LONG.toNanos() / 2;
        if (isSoon || tooEarly-- > 0) {
          boolean regardless = world.random().nextBoolean();
          world.fork(
              "alarm",
              () -> {
                world.pause();
                if (regardless || !cancelled.get()) {
                  action.run();
                }
              });
        }
        return () -> cancelled.set(true);
      };
    }

    private static void disturb(World world, World.Body how) throws Exception {
      world.pause();
      how.run();
    }

    private final class Link {
      private final long peer;
      private final int number = ++links;
      private Optional<ReceiveQueue.Inlet> inlet = Optional.empty();

      private Link(long peer) {
        this.peer = peer;
      }
    }

    private void feed(Link link, boolean offers) throws Exception {
      history.call(
          "opens " + link.number,
          model -> model.open(link.peer, link.number),
          () -> {
            link.inlet = Optional.of(queue.open(ServerId.of(link.peer), "link"));
            return DONE;
          });
      for (int i = 0; i < MESSAGES; i++) {
        put(link, "" + i, offers);
      }
      history.call(
          "closes " + link.number,
          model -> model.shut(link.peer, link.number),
          () -> done(() -> link.inlet.get().close(DownCause.CLOSED_BY_PEER, "end")));
    }

    private void put(Link link, String what, boolean offers) throws Exception {
      if (link.inlet.isEmpty()) {
        return;
      }
      ReceiveQueue.Inlet inlet = link.inlet.get();
      String text = link.number + "/" + what;
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      history.call(
          (offers ? "offers " : "puts ") + text,
          model -> model.put(link.peer, link.number, text, !offers),
          () -> String.valueOf(offers ? inlet.offer(bytes) : inlet.putAll(List.of(bytes))));
    }

    /** Until the end, or a few times only: what is left then waits for somebody else. */
    private void receive(Random random) throws Exception {
      int times = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(MOST_TAKES);
      for (String event = ""; times > 0 && !(over && event.equals(NOTHING)); times--) {
        event = take(LONG, true);
      }
    }

    /** One that may not wait for ever has to find nothing instead. */
    private String take(Duration timeout, boolean forEver) throws Exception {
      try {
        return history.call("takes", model -> model.take(forEver), () -> text(queue.take(timeout)));
      } catch (InterruptedException _) {
        return "interrupted";
      }
    }

    private void takeAtOnceTwice() throws Exception {
      take(AT_ONCE, false);
      take(AT_ONCE, false);
    }

    private void wakeupAndTake() throws Exception {
      wakeup();
      take(LONG, true);
    }

    private void wakeup() throws Exception {
      history.call(
          "wakes up", model -> Model.only(model.awake(true), DONE), () -> done(queue::wakeup));
    }

    private void unreachable() throws Exception {
      var event = new Unreachable(ServerId.of(1), UnreachableKind.OTHER, "no answer");
      history.call(
          "cannot reach 1",
          model -> model.unreachable(1),
          () -> done(() -> queue.unreachable(event)));
    }

    private void close() throws Exception {
      over = true;
      history.call("close", model -> Model.only(model.ended(), DONE), () -> done(queue::close));
    }

    private static String done(Runnable call) {
      call.run();
      return DONE;
    }

    private static String text(TransportEvent event) {
      return switch (event) {
        case Received(ServerId _, byte[] message) ->
            "message " + new String(message, StandardCharsets.UTF_8);
        case LinkUp up -> "up " + up.peer();
        case LinkDown down -> "down " + down.peer() + " " + down.cause();
        case Unreachable unreachable -> "unreachable " + unreachable.peer();
        case Nothing _ -> NOTHING;
        case Listening _, NotListening _, Warning _ -> throw new AssertionError(event);
      };
    }
  }

  /** Two links that bring several messages at a time, one of which may end in the middle. */
  private static final class Together implements Schedules.Scenario {
    private static final int BATCHES = 3;
    private static final int MOST_IN_A_BATCH = 5;
    private static final int LARGEST_SHARE = 6;
    private ReceiveQueue queue = new ReceiveQueue(SHARE, new Counters());
    private final Map<Long, List<Integer>> got = new HashMap<>();
    private final Map<Long, Integer> sent = new HashMap<>();

    @Override
    public void run(World world) throws Exception {
      queue = new ReceiveQueue(world.random().nextInt(1, LARGEST_SHARE), new Counters());
      for (long peer : List.of(1L, 2L)) {
        ReceiveQueue.Inlet inlet = queue.open(ServerId.of(peer), "link");
        world.fork("link-" + peer, () -> feed(world.random(), peer, inlet));
        if (peer == 1 && world.random().nextBoolean()) {
          world.fork("closer", () -> close(world, inlet));
        }
      }
      world.fork("receiver", this::receive);
      world.quiet();
      assertEquals(upTo(sent.getOrDefault(2L, -1)), got.getOrDefault(2L, List.of()));
      List<Integer> ofOne = got.getOrDefault(1L, List.of());
      assertEquals(upTo(ofOne.size()), ofOne);
      if (sent.containsKey(1L)) {
        assertEquals(sent.get(1L), ofOne.size());
      }
      queue.close();
    }

    /** Notes how many were sent if none of them was dropped. */
    private void feed(Random random, long peer, ReceiveQueue.Inlet inlet) throws Exception {
      int next = 0;
      for (int i = 0; i < BATCHES; i++) {
        var batch = new ArrayList<byte[]>();
        for (int left = random.nextInt(MOST_IN_A_BATCH); left > 0; left--) {
          batch.add(new byte[] {(byte) next++});
        }
        if (!inlet.putAll(batch)) {
          return;
        }
      }
      sent.put(peer, next);
    }

    private static void close(World world, ReceiveQueue.Inlet inlet) {
      world.pause();
      inlet.close(DownCause.CLOSED_BY_PEER, "end");
    }

    private void receive() throws Exception {
      for (TransportEvent event = take(); !(event instanceof Nothing); event = take()) {
        if (event instanceof Received(ServerId from, byte[] message)) {
          got.computeIfAbsent(from.value(), _ -> new ArrayList<>()).add((int) message[0]);
        }
      }
    }

    private TransportEvent take() throws InterruptedException {
      return queue.take(Duration.ofDays(1));
    }

    private static List<Integer> upTo(int end) {
      return IntStream.range(0, end).boxed().toList();
    }
  }
}
