package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.Received;
import io.quorate.transport.spi.TransportProvider;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** Opens what a test needs, closes it in reverse order, and then looks for what is left. */
abstract class TransportFixture {

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<Long, HostPort> addresses = new HashMap<>();
  final Tuning tuning = new Tuning();

  /** The kind of transport under test; the same one all through a test. */
  abstract TransportProvider provider();

  @AfterEach
  void nothingIsLeft() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    Leaks.assertNoThread();
  }

  <T extends AutoCloseable> T keep(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  /** Where the server of this id listens, in this test. */
  HostPort address(long id) {
    return addresses.computeIfAbsent(id, _ -> FreePorts.take());
  }

  /** A server at its address that knows these others at theirs. */
  TransportConfig.Builder server(long self, long... others) {
    var config = TransportConfig.builder(ServerId.of(self)).bind(List.of(address(self)));
    for (long other : others) {
      config.peer(new Peer(ServerId.of(other), List.of(address(other))));
    }
    return config;
  }

  /** An observer without an id, which listens nowhere. */
  TransportConfig.Builder observerOf(long server) {
    return TransportConfig.builder(ServerId.OBSERVER)
        .peer(new Peer(ServerId.of(server), List.of(address(server))));
  }

  /** Opens with the limits of {@link #tuning} as they are now. */
  Probe open(TransportConfig.Builder config) {
    return keep(new Probe(provider().open(config.limits(tuning.limits()).build())));
  }

  /**
   * Opens one that, having found nobody, leaves it to the others to dial. Two that dial each other
   * at the same moment may replace their first link, which a test of messages has no use for.
   */
  Probe openPatient(TransportConfig.Builder config) {
    Duration usual = tuning.dialBackoffMin;
    Duration usualMax = tuning.dialBackoffMax;
    tuning.dialBackoffMin = tuning.patience;
    tuning.dialBackoffMax = tuning.patience;
    Probe probe = open(config);
    tuning.dialBackoffMin = usual;
    tuning.dialBackoffMax = usualMax;
    return probe;
  }

  /** Servers 1 and 2 with their link up. */
  List<Probe> pair() {
    Probe one = openPatient(server(1, 2));
    one.unreachable(2);
    Probe two = open(server(2, 1));
    one.linkUp(2);
    two.linkUp(1);
    return settled(one, two);
  }

  /** Waits until a message passes both ways on the link that stays. */
  static List<Probe> settled(Probe one, Probe two) {
    exchange(one, two);
    exchange(two, one);
    return List.of(one, two);
  }

  /** Sends until it arrives: a link that is replaced at the start takes its messages with it. */
  static void exchange(Probe from, Probe to) {
    long sender = from.transport.self().value();
    long receiver = to.transport.self().value();
    for (int attempt = 0; ; attempt++) {
      String token = "token " + attempt;
      from.send(receiver, token);
      long start = System.nanoTime();
      while (Await.since(start).toMillis() < 500) {
        var event = to.poll(Duration.ofMillis(100));
        if (event.isPresent()
            && event.get() instanceof Received received
            && received.from().value() == sender
            && Probe.text(received).equals(token)) {
          return;
        }
      }
      assertTrue(attempt < 40, "nothing gets from " + sender + " to " + receiver);
    }
  }

  static Thread started(Runnable body) {
    return Thread.ofVirtual().name("test-helper").start(body);
  }

  /** Sends and waits until it is in the other one's receive queue. */
  static void sendUnread(Probe from, Probe to, String message) {
    long before = to.count(TransportCounter.RECEIVED);
    from.send(to.transport.self().value(), message);
    to.awaitCount(TransportCounter.RECEIVED, before + 1);
  }
}
