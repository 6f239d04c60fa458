package io.quorate.faults.toxic;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Peer;
import io.quorate.transport.SendResult;
import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.spi.TransportProvider;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;

/**
 * TCP of one server that dials each peer where the test says instead of where the configuration
 * does, which has to be the same for all; what passes is metered.
 */
final class Detours implements TransportProvider {

  private final LongFunction<HostPort> addresses;
  private final Meter meter;
  private final AtomicReference<Transport> opened = new AtomicReference<>();

  /**
   * Prepares it.
   *
   * @param addresses where the server dials a peer, by its id
   * @param meter what is told all that passes
   */
  Detours(LongFunction<HostPort> addresses, Meter meter) {
    this.addresses = addresses;
    this.meter = meter;
  }

  @Override
  public String name() {
    return "detours";
  }

  @Override
  public Transport open(TransportConfig config) {
    List<Peer> peers =
        config.peers().stream()
            .map(peer -> new Peer(peer.id(), List.of(addresses.apply(peer.id().value()))))
            .toList();
    Transport transport =
        TransportProvider.named("tcp")
            .open(
                new TransportConfig(
                    config.self(),
                    config.bind(),
                    config.advertised(),
                    peers,
                    config.initialMessage(),
                    config.limits(),
                    config.resolver()));
    opened.set(transport);
    return new Metered(transport, meter);
  }

  /** Closes every connection of the server, which then dials anew. */
  void softHalt() {
    Optional.ofNullable(opened.get()).ifPresent(Transport::softHalt);
  }

  private record Metered(Transport real, Meter meter) implements Transport {

    @Override
    public SendResult sendLatest(ServerId to, int kind, byte[] message) {
      long now = System.nanoTime();
      return sent(to, message, now, real.sendLatest(to, kind, message));
    }

    @Override
    public SendResult sendInOrder(ServerId to, byte[] message) {
      long now = System.nanoTime();
      return sent(to, message, now, real.sendInOrder(to, message));
    }

    private SendResult sent(ServerId to, byte[] message, long nanos, SendResult result) {
      switch (result) {
        case QUEUED, REPLACED -> meter.sent(self().value(), to.value(), message, nanos);
        case QUEUE_FULL, NOT_CONNECTED, CLOSED -> {}
      }
      return result;
    }

    @Override
    public TransportEvent receive(Duration timeout) throws InterruptedException {
      TransportEvent event = real.receive(timeout);
      long now = System.nanoTime();
      long self = self().value();
      switch (event) {
        case TransportEvent.Received(ServerId from, byte[] message) ->
            meter.arrived(from.value(), self, message, now);
        case TransportEvent.LinkUp(ServerId peer, String _) -> meter.linkUp(peer.value(), self);
        case TransportEvent.LinkDown(ServerId peer, var cause, String _) ->
            meter.linkDown(
                peer.value(), self, cause == TransportEvent.DownCause.CLOSED_BY_PEER, now);
        case TransportEvent.Unreachable _,
            TransportEvent.Nothing _,
            TransportEvent.Listening _,
            TransportEvent.NotListening _,
            TransportEvent.Warning _ -> {}
      }
      return event;
    }

    @Override
    public ServerId self() {
      return real.self();
    }

    @Override
    public Optional<SocketAddress> localAddress() {
      return real.localAddress();
    }

    @Override
    public Set<ServerId> connected() {
      return real.connected();
    }

    @Override
    public void wakeup() {
      real.wakeup();
    }

    @Override
    public void softHalt() {
      real.softHalt();
    }

    @Override
    public Map<TransportCounter, Long> counters() {
      return real.counters();
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
