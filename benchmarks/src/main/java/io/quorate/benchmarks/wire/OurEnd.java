package io.quorate.benchmarks.wire;

import io.quorate.ports.Loopback;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Peer;
import io.quorate.transport.SendResult;
import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.spi.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The transport over TCP as anybody can use it, with its default limits. */
final class OurEnd implements End {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** After so long without an event the link stays. */
  private static final Duration QUIET = Duration.ofMillis(300);

  private final Transport transport;
  private final ServerId peer;

  private OurEnd(Transport transport, ServerId peer) {
    this.transport = transport;
    this.peer = peer;
  }

  /** Returns two whose link is up. */
  static List<OurEnd> two() throws IOException, InterruptedException {
    List<Integer> ports = Loopback.lastingPorts(2);
    List<HostPort> addresses =
        ports.stream().map(port -> new HostPort(Loopback.HOST, port)).toList();
    var ends = new ArrayList<OurEnd>();
    for (int i = 0; i < 2; i++) {
      ServerId peer = ServerId.of(2 - i);
      TransportConfig config =
          TransportConfig.builder(ServerId.of(1 + i))
              .bind(List.of(addresses.get(i)))
              .peer(new Peer(peer, List.of(addresses.get(1 - i))))
              .build();
      ends.add(new OurEnd(TransportProvider.named("tcp").open(config), peer));
    }
    for (OurEnd end : ends) {
      end.awaitLink();
    }
    return ends;
  }

  /** Both dial at once, and so the first link may be replaced by another one. */
  private void awaitLink() throws InterruptedException {
    boolean up = false;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      TransportEvent event = transport.receive(QUIET);
      if (event instanceof TransportEvent.LinkEvent) {
        up = event instanceof TransportEvent.LinkUp;
      } else if (event instanceof TransportEvent.Nothing && up) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("no link; " + transport.counters());
      }
    }
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // There is nothing to wait for room with.
  public void send(byte[] message) {
    SendResult result = transport.sendInOrder(peer, message);
    while (result == SendResult.QUEUE_FULL) {
      Thread.yield();
      result = transport.sendInOrder(peer, message);
    }
    if (result != SendResult.QUEUED) {
      throw new IllegalStateException("a message was lost: " + result);
    }
  }

  @Override
  public byte[] receive() throws InterruptedException {
    while (true) {
      TransportEvent event = transport.receive(PATIENCE);
      if (event instanceof TransportEvent.Received(_, byte[] message)) {
        return message;
      }
      failIfNothing(event);
    }
  }

  private void failIfNothing(TransportEvent event) {
    if (event instanceof TransportEvent.Nothing || event instanceof TransportEvent.LinkDown) {
      throw new IllegalStateException(event + "; " + transport.counters());
    }
  }

  @Override
  public void close() {
    transport.close();
  }

  @Override
  public String toString() {
    return transport.counters().toString();
  }
}
