package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.schedule.Schedules;
import io.quorate.schedule.World;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import io.quorate.transport.tcp.Handshake.Verdict;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two servers' tables and the connections between them, in many schedules. */
@Tag("schedules")
class ConnectionTableSchedulesTest {
  private static final ServerId SMALL = ServerId.of(1);
  private static final ServerId LARGE = ServerId.of(2);

  @Test
  void onePairHasOneConnectionInTheEndAndItIsOneThatTheLargerIdDialled() {
    schedules(Dialling.class);
  }

  @Test
  void everySocketIsClosedOnceAndNoneIsLeftWhenATableIsClosedInTheMiddle() {
    schedules(Closing.class);
  }

  private static void schedules(Class<? extends Schedules.Scenario> scenario) {
    Schedules.of(scenario, ConnectionTable.class, Connection.class, ReceiveQueue.class).run();
  }

  /** One end of a stream without a network: closing it ends the other end's reading. */
  private static final class End extends Socket {
    private final CountDownLatch over;
    private int closed;

    private End(CountDownLatch over) {
      this.over = over;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return InetSocketAddress.createUnresolved("peer", 1);
    }

    @Override
    public synchronized void close() {
      closed++;
      over.countDown();
    }
  }

  /** A server's part of a transport: what it does with connections, as the transport does it. */
  private static final class Server {
    private final World world;
    private final ServerId peer;
    private final Common common;
    private final ConnectionTable table;
    private final Semaphore linkless = new Semaphore(1);
    private final List<End> ends = new ArrayList<>();
    private long spell;
    private boolean up;

    private Server(World world, ServerId self, ServerId peer) {
      this.world = world;
      this.peer = peer;
      var counters = new Counters();
      var threads = new Threads(self, counters);
      var received = new ReceiveQueue(8, counters);
      var config = TransportConfig.builder(self).build();
      var warnings = new Warnings(System::nanoTime, received::notice);
      common =
          new Common(
              config, counters, threads, new Watchdog(threads, "watchdog"), warnings, received);
      table = new ConnectionTable(new Handshake(self, Set.of(peer), 1), received);
    }

    private Connection connection(ServerId of, End end) {
      return new Connection(of, end, 0, common, this::closed);
    }

    private void closed(Connection connection, DownCause cause, String detail) {
      long before = table.spell(peer);
      if (table.remove(connection, cause, detail)) {
        assertTrue(table.spell(peer) > before, "no new spell");
        linkless.release();
      }
      assertTrue(spell <= table.spell(peer), "the spell went back");
      spell = table.spell(peer);
    }

    /** Returns whether it is a link; then its reader runs until the stream is over. */
    private boolean settle(ConnectionTable.Admission admission, End end) {
      admission.leftOver().ifPresent(old -> old.close(DownCause.REPLACED, "by another"));
      admission.link().ifPresent(link -> world.fork("reader", () -> read(link, end)));
      return admission.link().isPresent();
    }

    private static void read(Connection link, End end) throws Exception {
      end.over.await();
      link.close(DownCause.CLOSED_BY_PEER, "end of stream");
    }

    private void dialled(End end) {
      ends.add(end);
      settle(table.install(connection(peer, end)), end);
    }

    private Verdict cameIn(End end) {
      ends.add(end);
      var admission = table.admit(peer, of -> connection(of, end));
      settle(admission, end);
      if (!(admission.verdict() instanceof Verdict.Keep)) {
        end.close();
      }
      return admission.verdict();
    }

    private void close() {
      table.close();
      closeLinks();
    }

    private void closeLinks() {
      table.all().forEach(link -> link.close(DownCause.CLOSED_BY_US, "closed"));
    }

    private long open() {
      return ends.stream().filter(end -> end.closed == 0).count();
    }

    /** What was told of the peer goes up and down in turns, and ends as the table does. */
    private void checkEvents() throws Exception {
      for (TransportEvent next = take(); !(next instanceof Nothing); next = take()) {
        switch (next) {
          case LinkUp _ -> {
            assertTrue(!up, "up twice");
            up = true;
          }
          case LinkDown _ -> {
            assertTrue(up, "down twice");
            up = false;
          }
          default -> throw new AssertionError(next);
        }
      }
      assertEquals(up, table.link(peer).isPresent(), "the last word about the link");
      assertEquals(table.link(peer).isPresent() ? Set.of(peer) : Set.of(), table.connected());
    }

    private TransportEvent take() throws InterruptedException {
      return common.received().take(Duration.ZERO);
    }

    private void checkSockets() {
      for (End end : ends) {
        assertTrue(end.closed <= 1, "closed " + end.closed + " times");
      }
      assertEquals(table.link(peer).isPresent() ? 1 : 0, open(), "sockets that are open");
    }
  }

  /** Both dial: the larger while it has no link or is asked, the smaller to ask. */
  private static class Dialling implements Schedules.Scenario {
    private static final int MOST_ASKED = 3;

    /**
     * Far more than it takes until two servers agree; a server that has gone is called so often.
     */
    private static final int MOST_DIALS = 30;

    private final List<Verdict> verdicts = new ArrayList<>();
    private Optional<Server> smaller = Optional.empty();
    private Optional<Server> larger = Optional.empty();
    private boolean isOver;

    final Server small() {
      return smaller.orElseThrow();
    }

    final Server large() {
      return larger.orElseThrow();
    }

    @Override
    public void run(World world) throws Exception {
      smaller = Optional.of(new Server(world, SMALL, LARGE));
      larger = Optional.of(new Server(world, LARGE, SMALL));
      world.fork("dialer", () -> dial(world));
      int asked = world.random().nextInt(MOST_ASKED + 1);
      for (int i = 0; i < asked; i++) {
        world.fork("asker", () -> ask(world));
      }
      disturb(world, world.random());
      world.quiet();
      isOver = true;
      large().linkless.release();
      world.quiet();
      check();
      checkEnd();
      small().close();
      large().close();
      world.quiet();
      check();
      assertEquals(0, small().open() + large().open(), "sockets that are left");
    }

    private void check() throws Exception {
      for (Server server : List.of(small(), large())) {
        server.checkEvents();
        server.checkSockets();
      }
      verdicts.forEach(verdict -> assertEquals(new Verdict.CallBack(), verdict));
    }

    void disturb(World world, Random random) {
      if (random.nextBoolean()) {
        world.fork(
            "soft halt",
            () -> {
              world.pause();
              (random.nextBoolean() ? small() : large()).closeLinks();
            });
      }
    }

    void checkEnd() {
      assertTrue(small().table.link(LARGE).isPresent(), "no link");
      assertTrue(large().table.link(SMALL).isPresent(), "no link");
      End here = large().ends.stream().filter(end -> end.closed == 0).findFirst().orElseThrow();
      End there = small().ends.stream().filter(end -> end.closed == 0).findFirst().orElseThrow();
      assertEquals(here.over, there.over, "two ends of two streams");
    }

    private void dial(World world) throws Exception {
      for (int dials = 0; dials < MOST_DIALS; dials++) {
        large().linkless.acquire();
        if (isOver) {
          return;
        }
        var stream = new CountDownLatch(1);
        var there = new End(stream);
        world.fork(
            "handshake",
            () -> {
              world.pause();
              small().cameIn(there);
            });
        large().dialled(new End(stream));
      }
    }

    private void ask(World world) {
      world.pause();
      verdicts.add(large().cameIn(new End(new CountDownLatch(1))));
      // What the dialer does when it is asked, whether it has a link or not.
      large().linkless.release();
    }
  }

  /** As before, and one server ends while that goes on. */
  private static final class Closing extends Dialling {
    private Optional<Server> closing = Optional.empty();

    @Override
    void disturb(World world, Random random) {
      closing = Optional.of(random.nextBoolean() ? small() : large());
      world.fork(
          "closer",
          () -> {
            world.pause();
            closing.get().close();
            closing.get().table.awaitEmpty(Duration.ofDays(1).toNanos());
          });
    }

    @Override
    void checkEnd() {
      assertEquals(0, small().open() + large().open(), "sockets that are open");
      assertTrue(closing.get().table.connected().isEmpty());
    }
  }
}
