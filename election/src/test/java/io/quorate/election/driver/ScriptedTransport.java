package io.quorate.election.driver;

import io.quorate.protocol.ServerId;
import io.quorate.transport.SendResult;
import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.spi.TransportProvider;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A transport that receives what the test has written, and whose clock jumps to the end of each
 * wait when there is nothing to receive. So timers run out in their order, at once, and a driver
 * whose timers are all gone waits for the test.
 */
final class ScriptedTransport implements Transport, TransportProvider {
  record Sent(ServerId to, int kind, ByteBuffer message) {}

  /** That this peer is to say something, and within which time. */
  record Expected(ServerId from, Duration within) {}

  final List<Expected> expected = new CopyOnWriteArrayList<>();
  final List<Sent> sent = new CopyOnWriteArrayList<>();
  final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - Duration.ofMillis(30).toNanos());
  final AtomicInteger receives = new AtomicInteger();
  final CountDownLatch closed = new CountDownLatch(1);
  private final BlockingQueue<TransportEvent> events = new LinkedBlockingQueue<>();
  private volatile RuntimeException failure = new IllegalStateException("none");
  private volatile boolean fails;
  private boolean jumps = true;

  /** One whose clock only the test advances. */
  static ScriptedTransport atTheTestsPace() {
    var transport = new ScriptedTransport();
    transport.jumps = false;
    return transport;
  }

  void happen(TransportEvent... list) {
    events.addAll(List.of(list));
  }

  /** From now on receiving throws. */
  void fail(RuntimeException cause) {
    failure = cause;
    fails = true;
    wakeup();
  }

  @Override
  public TransportEvent receive(Duration timeout) throws InterruptedException {
    receives.incrementAndGet();
    if (fails) {
      throw failure;
    }
    TransportEvent next = events.poll();
    if (next != null) {
      return next;
    }
    if (!jumps) {
      next = events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return next != null ? next : new TransportEvent.Nothing();
    }
    if (timeout.compareTo(DriverLoop.IDLE) < 0) {
      clock.addAndGet(timeout.toNanos());
      return new TransportEvent.Nothing();
    }
    return events.take();
  }

  @Override
  public void wakeup() {
    events.add(new TransportEvent.Nothing());
  }

  @Override
  public SendResult sendLatest(ServerId to, int kind, byte[] message) {
    sent.add(new Sent(to, kind, ByteBuffer.wrap(message)));
    return to.equals(ServerId.of(9)) ? SendResult.NOT_CONNECTED : SendResult.QUEUED;
  }

  @Override
  public void expect(ServerId peer, Duration within) {
    expected.add(new Expected(peer, within));
  }

  @Override
  public SendResult sendInOrder(ServerId to, byte[] message) {
    throw new UnsupportedOperationException("an election sends states only");
  }

  @Override
  public ServerId self() {
    return ServerId.of(1);
  }

  @Override
  public Optional<SocketAddress> localAddress() {
    return Optional.empty();
  }

  @Override
  public Set<ServerId> connected() {
    return Set.of();
  }

  @Override
  public void softHalt() {
    throw new UnsupportedOperationException("an election never halts its links");
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    return Map.of(TransportCounter.LINK_UP, 7L);
  }

  @Override
  public void close() {
    closed.countDown();
    wakeup();
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public Transport open(TransportConfig config) {
    return this;
  }
}
