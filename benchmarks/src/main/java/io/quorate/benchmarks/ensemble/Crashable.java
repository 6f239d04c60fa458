package io.quorate.benchmarks.ensemble;

import io.quorate.protocol.ServerId;
import io.quorate.transport.SendResult;
import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.spi.TransportProvider;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * TCP transports whose servers can be made to look dead: their connections are closed and dialling
 * them is refused, as when a process ends, and they hear and say nothing any more.
 */
final class Crashable implements TransportProvider {
  private final TransportProvider tcp = TransportProvider.named("tcp");
  private final Map<ServerId, Link> links = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "crashable";
  }

  @Override
  public Transport open(TransportConfig config) {
    var link = new Link(tcp.open(config));
    links.put(config.self(), link);
    return link;
  }

  /** Returns when the connections are closed. */
  void crash(ServerId server) {
    Link link = links.get(server);
    if (link == null) {
      throw new IllegalArgumentException("no server " + server);
    }
    link.crash();
  }

  private static final class Link implements Transport {
    private final Transport tcp;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean crashed;

    Link(Transport tcp) {
      this.tcp = tcp;
    }

    void crash() {
      crashed = true;
      tcp.close();
    }

    @Override
    public TransportEvent receive(Duration timeout) throws InterruptedException {
      if (!crashed) {
        TransportEvent event = tcp.receive(timeout);
        if (!crashed) {
          return event;
        }
      }
      // What it would have learned of its own end: a dead process learns nothing.
      var _ = closed.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new TransportEvent.Nothing();
    }

    @Override
    public SendResult sendLatest(ServerId to, int kind, byte[] message) {
      return tcp.sendLatest(to, kind, message);
    }

    @Override
    public SendResult sendInOrder(ServerId to, byte[] message) {
      return tcp.sendInOrder(to, message);
    }

    @Override
    public ServerId self() {
      return tcp.self();
    }

    @Override
    public Optional<SocketAddress> localAddress() {
      return tcp.localAddress();
    }

    @Override
    public Set<ServerId> connected() {
      return tcp.connected();
    }

    @Override
    public void wakeup() {
      tcp.wakeup();
    }

    @Override
    public void softHalt() {
      tcp.softHalt();
    }

    @Override
    public Map<TransportCounter, Long> counters() {
      return tcp.counters();
    }

    @Override
    public void close() {
      closed.countDown();
      tcp.close();
    }
  }
}
