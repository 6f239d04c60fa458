package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Resolver;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.NotListening;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EntrancesTest {

  private static final Listener.Reception NOBODY =
      new Listener.Reception() {
        @Override
        public void admit(Socket socket) {
          throw new AssertionError("nobody dials here");
        }

        @Override
        public boolean makeRoom() {
          return false;
        }
      };

  private static final SocketAddress HERE = InetSocketAddress.createUnresolved("here", 1);
  private static final SocketAddress THERE = InetSocketAddress.createUnresolved("there", 1);

  private final ReceiveQueue received = new ReceiveQueue(1, new Counters());
  private final Entrances entrances = new Entrances(received);
  private final Listener here = listener();
  private final Listener there = listener();

  private Listener listener() {
    var counters = new Counters();
    var config = TransportConfig.builder(ServerId.of(1)).build();
    var threads = new Threads(config.self(), counters);
    var warnings = new Warnings(System::nanoTime, _ -> {});
    var common =
        new Common(
            config, counters, threads, new Watchdog(threads, "watchdog"), warnings, received);
    var names = new Names(Resolver.system(), threads);
    return new Listener(
        new HostPort("127.0.0.1", 1),
        new Listener.Office(common, names, entrances, ServerSocket::new, NOBODY));
  }

  @Test
  void eachThatIsBoundIsTold() throws Exception {
    entrances.bound(here, HERE);
    entrances.bound(there, THERE);
    assertEquals(List.of(new Listening(HERE), new Listening(THERE)), events());
  }

  @Test
  void listeningComesAgainWhenEveryLostOneIsBack() throws Exception {
    entrances.bound(here, HERE);
    entrances.bound(there, THERE);
    entrances.lost(here, "gone");
    entrances.lost(there, "gone too");
    assertEquals(new NotListening("gone too"), events().getLast());
    entrances.bound(here, HERE);
    assertEquals(List.of(), events());
    entrances.bound(there, THERE);
    assertEquals(List.of(new Listening(HERE), new Listening(THERE)), events());
  }

  @Test
  void oneThatIsLostAgainMeanwhileIsNotToldAsListening() throws Exception {
    entrances.bound(here, HERE);
    entrances.bound(there, THERE);
    entrances.lost(here, "gone");
    entrances.lost(there, "gone");
    entrances.bound(here, HERE);
    entrances.lost(here, "gone again");
    events();
    entrances.bound(there, THERE);
    assertEquals(List.of(), events());
    entrances.bound(here, HERE);
    assertEquals(List.of(new Listening(THERE), new Listening(HERE)), events());
  }

  @Test
  void whatWasNeverBoundIsNotLost() throws Exception {
    entrances.lost(here, "address in use");
    entrances.bound(there, THERE);
    assertEquals(List.of(new Listening(THERE)), events());
  }

  private List<TransportEvent> events() throws InterruptedException {
    var events = new ArrayList<TransportEvent>();
    var next = received.take(Duration.ZERO);
    while (!(next instanceof Nothing)) {
      events.add(next);
      next = received.take(Duration.ZERO);
    }
    return events;
  }
}
