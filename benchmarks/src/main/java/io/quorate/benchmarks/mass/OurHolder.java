package io.quorate.benchmarks.mass;

import io.quorate.ports.Loopback;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportLimits;
import io.quorate.transport.spi.TransportProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The transport over TCP; its clients are observers, of which as many are allowed. */
final class OurHolder implements Holder {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Transport transport;
  private final int port;
  private final AtomicInteger held = new AtomicInteger();
  private final CountDownLatch listening = new CountDownLatch(1);
  private volatile boolean closed;

  OurHolder() throws IOException, InterruptedException {
    port = Loopback.lastingPorts(1).getFirst();
    TransportConfig config =
        TransportConfig.builder(ServerId.of(1))
            .bind(List.of(new HostPort(Loopback.HOST, port)))
            .limits(limits())
            .build();
    transport = TransportProvider.named("tcp").open(config);
    Thread.ofVirtual().name("receive").start(this::receive);
    listening.await();
  }

  /** All clients have one address, and nobody is turned away here. */
  static TransportLimits limits() {
    return TransportLimits.builder()
        .observers(Clients.MOST)
        .handshakes(Clients.MOST)
        .handshakesPerAddress(Clients.MOST)
        .build();
  }

  private void receive() {
    try {
      while (!closed) {
        switch (transport.receive(EVERY)) {
          case TransportEvent.Listening _ -> listening.countDown();
          case TransportEvent.LinkUp _ -> held.getAndIncrement();
          case TransportEvent.LinkDown _ -> held.getAndDecrement();
          default -> {
            // Nobody says anything.
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int held() {
    return held.get();
  }

  @Override
  public void close() {
    closed = true;
    transport.close();
  }
}
