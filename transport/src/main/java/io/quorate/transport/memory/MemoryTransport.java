package io.quorate.transport.memory;

import io.quorate.protocol.FrameCodec;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Peer;
import io.quorate.transport.SendResult;
import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.Unreachable;
import io.quorate.transport.TransportEvent.UnreachableKind;
import io.quorate.transport.TransportEvent.Warning;
import io.quorate.transport.TransportEvent.WarningCode;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One server of a {@link MemoryNetwork}. Its fields but the queue are guarded by the network. */
final class MemoryTransport implements Transport {

  private final TransportConfig config;
  private final MemoryNetwork network;
  private final Counters counters = new Counters();
  private final ReceiveQueue queue;
  private final Map<ServerId, UnreachableKind> unreachable = new HashMap<>();

  /** Where it listens, in the order of binding. */
  final Set<HostPort> bound = new LinkedHashSet<>();

  /** The direction out of each of its links, by the other end's name. */
  final Map<ServerId, MemoryLink> links = new LinkedHashMap<>();

  private long lastObserver;

  MemoryTransport(TransportConfig config, MemoryNetwork network) {
    this.config = config;
    this.network = network;
    this.queue = new ReceiveQueue(config.limits().receiveQueue(), counters);
  }

  TransportConfig config() {
    return config;
  }

  Counters counting() {
    return counters;
  }

  ReceiveQueue queue() {
    return queue;
  }

  Optional<Peer> peer(ServerId id) {
    return config.peers().stream().filter(peer -> peer.id().equals(id)).findFirst();
  }

  /** Names the next observer without an id; empty when as many as allowed are linked. */
  Optional<ServerId> nameObserver() {
    long linked = links.keySet().stream().filter(id -> id.value() < 0).count();
    return linked < config.limits().observers()
        ? Optional.of(ServerId.of(--lastObserver))
        : Optional.empty();
  }

  void warn(TransportCounter counter, WarningCode code, String detail) {
    counters.add(counter);
    queue.notice(new Warning(code, detail));
  }

  /** Tells it once, until a link comes up or the kind changes. */
  void tellUnreachable(ServerId peer, UnreachableKind kind, String reason) {
    counters.add(TransportCounter.DIAL_FAILED);
    if (unreachable.put(peer, kind) != kind) {
      queue.unreachable(new Unreachable(peer, kind, reason));
    }
  }

  void keep(MemoryLink link) {
    unreachable.remove(link.toName);
    links.put(link.toName, link);
  }

  @Override
  public ServerId self() {
    return config.self();
  }

  @Override
  public Optional<SocketAddress> localAddress() {
    return network.locked(() -> bound.stream().findFirst().map(MemoryNetwork::socketAddress));
  }

  @Override
  public Set<ServerId> connected() {
    return network.locked(() -> Set.copyOf(links.keySet()));
  }

  @Override
  public SendResult sendLatest(ServerId to, int kind, byte[] message) {
    return send(to, message, link -> link.sendQueue.offerLatest(kind, message));
  }

  @Override
  public SendResult sendInOrder(ServerId to, byte[] message) {
    return send(to, message, link -> link.sendQueue.offerInOrder(message));
  }

  private SendResult send(ServerId to, byte[] message, Function<MemoryLink, SendResult> offer) {
    if (message.length == 0 || message.length > FrameCodec.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "a message has 1 to " + FrameCodec.MAX_PAYLOAD_BYTES + " bytes, not " + message.length);
    }
    SendResult result =
        network.locked(
            () -> {
              if (!network.has(this)) {
                return SendResult.CLOSED;
              }
              MemoryLink link = links.get(to);
              if (link == null) {
                return SendResult.NOT_CONNECTED;
              }
              SendResult offered = offer.apply(link);
              link.pump();
              return offered;
            });
    switch (result) {
      case REPLACED -> counters.add(TransportCounter.REPLACED);
      case NOT_CONNECTED -> counters.add(TransportCounter.NOT_CONNECTED);
      case QUEUE_FULL -> counters.add(TransportCounter.SEND_QUEUE_FULL);
      case QUEUED, CLOSED -> {}
    }
    return result;
  }

  @Override
  public TransportEvent receive(Duration timeout) throws InterruptedException {
    TransportEvent event = queue.take(timeout);
    if (event instanceof TransportEvent.Received received) {
      network.roomFor(received.from(), this);
    }
    return event;
  }

  @Override
  public void wakeup() {
    queue.wakeup();
  }

  @Override
  public void softHalt() {
    network.softHalt(this);
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    return counters.snapshot();
  }

  @Override
  public void close() {
    network.leave(this);
    queue.close();
  }

  /** Returns how people know it: the other ends' {@code remote}. */
  @Override
  public String toString() {
    return config.advertised().isEmpty()
        ? "server " + self() + " in memory"
        : config.advertised().getFirst().toString();
  }
}
