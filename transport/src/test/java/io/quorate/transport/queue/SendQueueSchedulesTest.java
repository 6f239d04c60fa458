package io.quorate.transport.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.schedule.History;
import io.quorate.schedule.History.Next;
import io.quorate.schedule.Schedules;
import io.quorate.schedule.World;
import io.quorate.transport.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The send queue against a sequential model, in many schedules. */
@Tag("schedules")
class SendQueueSchedulesTest {
  private static final int CAPACITY = 2;
  private static final int KINDS = 2;

  /** What one batch takes: a message with its length, or all. */
  private static final int ONE = 1;

  private static final int ALL = 1 << 20;

  @Test
  void newestOfAKindAtItsPlaceOthersInOrderNoneTwiceAndNoneLostAndCloseWakesEverybody() {
    Schedules.of(Sending.class, SendQueue.class).run();
  }

  private enum Stage {
    OPEN,
    FINISHING,
    CLOSED
  }

  /** A message that waits; kind 0 is one in order. */
  private record Waiting(int kind, String text) {}

  /** The queue without threads: every change is at once. */
  private record Model(List<Waiting> waiting, Stage stage) {

    List<Next<Model>> offer(Waiting message) {
      var next = new ArrayList<>(waiting);
      if (stage != Stage.OPEN) {
        return List.of(new Next<>(this, SendResult.NOT_CONNECTED.toString()));
      }
      for (int i = 0; message.kind() > 0 && i < next.size(); i++) {
        if (next.get(i).kind() == message.kind()) {
          next.set(i, message);
          return then(next, SendResult.REPLACED.toString());
        }
      }
      if (message.kind() == 0 && next.stream().filter(m -> m.kind() == 0).count() == CAPACITY) {
        return List.of(new Next<>(this, SendResult.QUEUE_FULL.toString()));
      }
      next.add(message);
      return then(next, SendResult.QUEUED.toString());
    }

    List<Next<Model>> drain(int bytes) {
      if (waiting.isEmpty()) {
        return stage == Stage.OPEN ? List.of() : then(waiting, "[]");
      }
      return take(bytes == ONE ? 1 : waiting.size());
    }

    List<Next<Model>> poll() {
      return waiting.isEmpty() ? then(waiting, "[]") : take(1);
    }

    private List<Next<Model>> take(int messages) {
      return then(
          waiting.subList(messages, waiting.size()),
          waiting.subList(0, messages).stream().map(Waiting::text).toList().toString());
    }

    List<Next<Model>> end(Stage next) {
      Stage after = stage == Stage.CLOSED ? stage : next;
      return List.of(
          new Next<>(new Model(after == Stage.CLOSED ? List.of() : waiting, after), "done"));
    }

    private List<Next<Model>> then(List<Waiting> next, String result) {
      return List.of(new Next<>(new Model(List.copyOf(next), stage), result));
    }
  }

  /** Some offer, one or two drain, and perhaps somebody ends it in the middle. */
  private static final class Sending implements Schedules.Scenario {
    private static final int OFFERERS = 3;
    private static final int OFFERS = 4;
    private final SendQueue queue = new SendQueue(CAPACITY);
    private final History<Model> history = new History<>();
    private final List<String> sent = new ArrayList<>();

    @Override
    public void run(World world) throws Exception {
      int drainers = 1 + world.random().nextInt(2);
      for (int i = 0; i < drainers; i++) {
        world.fork("drainer-" + i, () -> drainAll(world.random().nextBoolean() ? ONE : ALL));
      }
      for (int i = 0; i < OFFERERS; i++) {
        String name = "offerer-" + i;
        world.fork(name, () -> offer(world, name));
      }
      if (world.random().nextInt(3) == 0) {
        world.fork("finisher", this::finish);
      }
      if (world.random().nextInt(3) == 0) {
        world.fork("closer", this::close);
      }
      if (world.random().nextInt(3) == 0) {
        world.fork("poller", this::poll);
      }
      world.quiet();
      history.check(new Model(List.of(), Stage.OPEN));
      close();
      world.quiet();
      history.check(new Model(List.of(), Stage.OPEN));
      assertEquals(Set.copyOf(sent).size(), sent.size(), "sent twice");
    }

    private void offer(World world, String name) throws Exception {
      for (int i = 0; i < OFFERS; i++) {
        int kind = world.random().nextInt(KINDS + 1);
        var message = new Waiting(kind, name + "/" + i);
        byte[] bytes = message.text().getBytes(StandardCharsets.UTF_8);
        history.call(
            kind == 0 ? "in order " + message.text() : "latest " + kind + " " + message.text(),
            model -> model.offer(message),
            () ->
                (kind == 0 ? queue.offerInOrder(bytes) : queue.offerLatest(kind, bytes))
                    .toString());
      }
    }

    private void drainAll(int bytes) throws Exception {
      String batch = "";
      while (!batch.equals("[]")) {
        batch =
            history.call(
                bytes == ONE ? "drain one" : "drain all",
                model -> model.drain(bytes),
                () -> text(drain(bytes)));
      }
    }

    private List<byte[]> drain(int bytes) throws InterruptedException {
      var batch = new ArrayList<byte[]>();
      assertEquals(queue.drainTo(batch, bytes), !batch.isEmpty());
      return batch;
    }

    private void poll() throws Exception {
      history.call("poll", Model::poll, () -> text(queue.poll().stream().toList()));
    }

    private void finish() throws Exception {
      history.call(
          "finish",
          model -> model.end(Stage.FINISHING),
          () -> {
            queue.finish();
            return "done";
          });
    }

    private void close() throws Exception {
      history.call(
          "close",
          model -> model.end(Stage.CLOSED),
          () -> {
            queue.close();
            return "done";
          });
    }

    private String text(List<byte[]> messages) {
      var texts = messages.stream().map(m -> new String(m, StandardCharsets.UTF_8)).toList();
      sent.addAll(texts);
      return texts.toString();
    }
  }
}
