package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.fail;

import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.LinkDown;
import io.quorate.transport.TransportEvent.LinkEvent;
import io.quorate.transport.TransportEvent.LinkUp;
import io.quorate.transport.TransportEvent.Listening;
import io.quorate.transport.TransportEvent.Nothing;
import io.quorate.transport.TransportEvent.Received;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.TransportEvent.UnreachableKind;
import io.quorate.transport.TransportEvent.Warning;
import io.quorate.transport.TransportEvent.WarningCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A transport under test with a memory of its events. What an await passes over stays for the next
 * one. For one thread.
 */
final class Probe implements AutoCloseable {

  final Transport transport;

  private final List<TransportEvent> history = new ArrayList<>();
  private final List<TransportEvent> passedOver = new ArrayList<>();

  Probe(Transport transport) {
    this.transport = transport;
  }

  /** Waits for an event of this type that fits, among those passed over and those to come. */
  <T extends TransportEvent> T await(Class<T> type, Predicate<? super T> fits) {
    for (Iterator<TransportEvent> old = passedOver.iterator(); old.hasNext(); ) {
      TransportEvent event = old.next();
      if (type.isInstance(event) && fits.test(type.cast(event))) {
        old.remove();
        return type.cast(event);
      }
    }
    long start = System.nanoTime();
    while (Await.since(start).compareTo(Await.HANG) < 0) {
      Optional<TransportEvent> event = poll(Duration.ofMillis(200));
      if (event.isPresent() && type.isInstance(event.get())) {
        T candidate = type.cast(event.get());
        if (fits.test(candidate)) {
          return candidate;
        }
      }
      event.ifPresent(passedOver::add);
    }
    return fail("no " + type.getSimpleName() + " came to " + transport.self() + ": " + history);
  }

  /** Takes the next event, of whatever type, if one comes in time. */
  Optional<TransportEvent> poll(Duration timeout) {
    try {
      TransportEvent event = transport.receive(timeout);
      if (event instanceof Nothing) {
        return Optional.empty();
      }
      history.add(event);
      return Optional.of(event);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while receiving", e);
    }
  }

  /** Takes events for about this long, with the transport's own waiting as the clock. */
  void keepReceiving(Duration time) {
    long start = System.nanoTime();
    while (Await.since(start).compareTo(time) < 0) {
      poll(time.minus(Await.since(start))).ifPresent(passedOver::add);
    }
  }

  LinkUp linkUp(long peer) {
    return await(LinkUp.class, up -> up.peer().value() == peer);
  }

  LinkDown linkDown(long peer) {
    return await(LinkDown.class, down -> down.peer().value() == peer);
  }

  /** Waits for the end of a link; one whose place another took, as at the start, has not ended. */
  LinkDown linkLost(long peer) {
    return await(
        LinkDown.class, down -> down.peer().value() == peer && down.cause() != DownCause.REPLACED);
  }

  Unreachable unreachable(long peer) {
    return await(Unreachable.class, event -> event.peer().value() == peer);
  }

  Unreachable unreachable(long peer, UnreachableKind kind) {
    return await(Unreachable.class, event -> event.peer().value() == peer && event.kind() == kind);
  }

  Warning warning(WarningCode code) {
    return await(Warning.class, warning -> warning.code() == code);
  }

  Listening listening() {
    return await(Listening.class, _ -> true);
  }

  /** Waits for the next message of this peer and returns it as text. */
  String message(long from) {
    return text(await(Received.class, received -> received.from().value() == from));
  }

  /** Waits for this message, passing over others of that peer. */
  void message(long from, String text) {
    await(
        Received.class, received -> received.from().value() == from && text(received).equals(text));
  }

  /** Everything received so far, in order. */
  List<TransportEvent> history() {
    return List.copyOf(history);
  }

  /** Of those, the events of this type. */
  <T extends TransportEvent> List<T> history(Class<T> type) {
    return history.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Of those, the changes of the link to this peer. */
  List<LinkEvent> links(long peer) {
    return history(LinkEvent.class).stream()
        .filter(event -> event.peer().value() == peer)
        .filter(event -> !(event instanceof Unreachable))
        .toList();
  }

  long count(TransportCounter counter) {
    return transport.counters().getOrDefault(counter, 0L);
  }

  void awaitCount(TransportCounter counter, long least) {
    Await.until(counter + " is at least " + least, () -> count(counter) >= least);
  }

  boolean isConnectedTo(long peer) {
    return transport.connected().contains(ServerId.of(peer));
  }

  SendResult send(long to, String message) {
    return transport.sendInOrder(ServerId.of(to), bytes(message));
  }

  SendResult latest(long to, int kind, String message) {
    return transport.sendLatest(ServerId.of(to), kind, bytes(message));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(Received received) {
    return new String(received.message(), StandardCharsets.UTF_8).stripTrailing();
  }

  /** A message of this many bytes whose {@link #text} is the given one. */
  static byte[] padded(String text, int length) {
    byte[] message = new byte[length];
    Arrays.fill(message, (byte) ' ');
    byte[] start = bytes(text);
    System.arraycopy(start, 0, message, 0, start.length);
    return message;
  }

  @Override
  public void close() {
    transport.close();
  }
}
