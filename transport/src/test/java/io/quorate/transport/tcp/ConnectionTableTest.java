package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import io.quorate.transport.tcp.Handshake.Reason;
import io.quorate.transport.tcp.Handshake.Verdict;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {

  private static final ServerId SELF = ServerId.of(2);
  private static final ServerId LARGER = ServerId.of(3);
  private static final ServerId SMALLER = ServerId.of(1);

  private final Counters counters = new Counters();
  private final ReceiveQueue received = new ReceiveQueue(8, counters);
  private final ConnectionTable table =
      new ConnectionTable(new Handshake(SELF, Set.of(LARGER, SMALLER), 1), received);
  private Common common;
  private ServerSocket server;
  private Socket socket;

  @BeforeEach
  void connect() throws Exception {
    var threads = new Threads(SELF, counters);
    common =
        new Common(
            TransportConfig.builder(SELF).build(),
            counters,
            threads,
            new Watchdog(threads, "watchdog"),
            new Warnings(System::nanoTime, received::notice),
            received);
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    socket = new Socket(server.getInetAddress(), server.getLocalPort());
  }

  @AfterEach
  void disconnect() throws Exception {
    socket.close();
    server.close();
  }

  @Test
  void aLinkIsToldAndFoundAndRemovedOnce() throws Exception {
    var connection = connection(LARGER);
    assertEquals(Optional.of(connection), table.install(connection).link());
    assertEquals(Optional.of(connection), table.link(LARGER));
    assertEquals(Set.of(LARGER), table.connected());
    table.remove(connection, DownCause.CLOSED_BY_PEER, "end");
    table.remove(connection, DownCause.FAILED, "again");
    assertEquals(Optional.empty(), table.link(LARGER));
    assertEquals(List.of("up 3", "down 3 CLOSED_BY_PEER"), events());
  }

  @Test
  void theNewestTakesThePlaceAndTheOldOnesEndChangesNothing() throws Exception {
    var old = connection(LARGER);
    table.install(old);
    var admission = table.admit(LARGER, this::connection);
    assertEquals(Optional.of(old), admission.leftOver());
    table.remove(old, DownCause.FAILED, "too late to matter");
    assertEquals(admission.link(), table.link(LARGER));
    assertEquals(List.of("up 3", "down 3 REPLACED", "up 3"), events());
  }

  @Test
  void aCallFromASmallerIdLeavesTheLinkAlone() throws Exception {
    var link = connection(SMALLER);
    table.install(link);
    var admission = table.admit(SMALLER, this::connection);
    assertEquals(new Verdict.CallBack(), admission.verdict());
    assertEquals(Optional.empty(), admission.link());
    assertEquals(Optional.of(link), table.link(SMALLER));
    assertEquals(List.of("up 1"), events());
  }

  @Test
  void observersAreNamedDownwardsAndNeverTheSameTwice() throws Exception {
    var first = table.admit(ServerId.OBSERVER, this::connection).link().orElseThrow();
    assertEquals(ServerId.of(-1), first.peer());
    assertEquals(
        new Verdict.Refuse(Reason.TOO_MANY_OBSERVERS),
        table.admit(ServerId.OBSERVER, this::connection).verdict());
    table.remove(first, DownCause.CLOSED_BY_PEER, "end");
    var second = table.admit(ServerId.OBSERVER, this::connection).link().orElseThrow();
    assertEquals(ServerId.of(-2), second.peer());
    var events = events();
    assertEquals(3, events.size());
    assertTrue(events.indexOf("up -1") < events.indexOf("down -1 CLOSED_BY_PEER"));
    assertTrue(events.contains("up -2"));
  }

  @Test
  void whoComesAndGoesBesideAnObserverOrGoesTwiceLeavesNoRoomForAnother() {
    var first = table.admit(ServerId.OBSERVER, this::connection).link().orElseThrow();
    table.remove(first, DownCause.CLOSED_BY_PEER, "end");
    table.remove(first, DownCause.CLOSED_BY_PEER, "end");
    assertEquals(
        new Verdict.KeepObserver(), table.admit(ServerId.OBSERVER, this::connection).verdict());
    var member = connection(LARGER);
    table.install(member);
    table.install(connection(LARGER));
    table.remove(member, DownCause.REPLACED, "by another");
    assertEquals(
        new Verdict.Refuse(Reason.TOO_MANY_OBSERVERS),
        table.admit(ServerId.OBSERVER, this::connection).verdict());
  }

  @Test
  void unreachableIsToldOncePerSpellAndKindAndNotWhileALinkIsUp() throws Exception {
    var refused = DialFailure.refused("refused");
    var timedOut = DialFailure.other("no answer");
    long spell = table.spell(LARGER);
    table.unreachable(LARGER, spell, refused);
    assertEquals(List.of("unreachable 3 REFUSED refused"), events());
    table.unreachable(LARGER, spell, refused);
    assertEquals(List.of(), events());
    table.unreachable(LARGER, spell, timedOut);
    assertEquals(List.of("unreachable 3 OTHER no answer"), events());
    var connection = connection(LARGER);
    table.install(connection);
    table.unreachable(LARGER, table.spell(LARGER), refused);
    assertEquals(List.of("up 3"), events());
    table.remove(connection, DownCause.CLOSED_BY_PEER, "end");
    table.unreachable(LARGER, table.spell(LARGER), timedOut);
    assertEquals(List.of("down 3 CLOSED_BY_PEER", "unreachable 3 OTHER no answer"), events());
  }

  @Test
  void aDialThatBeganBeforeTheLinkWentDownSaysNothingAfterAndTheNextOneIsTold() throws Exception {
    var refused = DialFailure.refused("refused");
    long beforeTheLink = table.spell(LARGER);
    var connection = connection(LARGER);
    table.install(connection);
    long duringTheLink = table.spell(LARGER);
    table.remove(connection, DownCause.CLOSED_BY_PEER, "end");
    table.unreachable(LARGER, beforeTheLink, refused);
    table.unreachable(LARGER, duringTheLink, refused);
    assertEquals(List.of("up 3", "down 3 CLOSED_BY_PEER"), events());
    table.unreachable(LARGER, table.spell(LARGER), refused);
    assertEquals(List.of("unreachable 3 REFUSED refused"), events());
  }

  @Test
  void aClosedTableTakesNothing() throws Exception {
    table.close();
    var connection = connection(LARGER);
    var admission = table.install(connection);
    assertEquals(Optional.empty(), admission.link());
    assertEquals(Optional.of(connection), admission.leftOver());
    assertTrue(table.connected().isEmpty());
    assertEquals(List.of(), events());
  }

  @Test
  void waitingForTheLastLinkEndsAtOnceWhenThereIsNone() throws Exception {
    table.awaitEmpty(Duration.ofDays(1).toNanos());
    var connection = connection(LARGER);
    table.install(connection);
    table.awaitEmpty(1);
    assertEquals(Set.of(LARGER), table.connected());
  }

  private Connection connection(ServerId peer) {
    return new Connection(peer, socket, System.nanoTime(), common, (_, _, _) -> {});
  }

  private List<String> events() throws InterruptedException {
    var events = new ArrayList<String>();
    TransportEvent next = received.take(Duration.ZERO);
    while (!(next instanceof Nothing)) {
      var link = assertInstanceOf(TransportEvent.LinkEvent.class, next);
      events.add(
          switch (link) {
            case LinkUp up -> "up " + up.peer();
            case LinkDown down -> "down " + down.peer() + " " + down.cause();
            case Unreachable peer ->
                "unreachable " + peer.peer() + " " + peer.kind() + " " + peer.reason();
          });
      next = received.take(Duration.ZERO);
    }
    return events;
  }
}
