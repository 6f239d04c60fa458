package io.quorate.transport.tcp;

import io.quorate.protocol.FrameCodec;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Peer;
import io.quorate.transport.SendResult;
import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportCounter;
import io.quorate.transport.TransportEvent;
import io.quorate.transport.TransportEvent.DownCause;
import io.quorate.transport.TransportEvent.WarningCode;
import io.quorate.transport.queue.AlarmClock;
import io.quorate.transport.queue.Counters;
import io.quorate.transport.queue.ReceiveQueue;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of one server over TCP: it owns the parts, passes connections from one to the next, and
 * ends them all.
 *
 * <p>A connection comes from the {@link Listener} by way of {@link InboundHandshakes}, or from a
 * {@link Dialer}. {@link Handshake} says whether it stays; then {@link ConnectionTable} makes it
 * the link of its peer, and its {@link SendWorker} and {@link ReceiveWorker} start.
 */
final class TcpTransport implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);

  /** How long closing waits at most for what is queued to be sent, and for peers to see the end. */
  static final Duration FLUSH = Duration.ofMillis(250);

  private final TransportConfig config;
  private final Common common;

  /** Not the watchdog, which writes to a log: whatever holds that up must hold up no receiver. */
  private final Watchdog alarm;

  private final ConnectionTable table;
  private final InboundHandshakes handshakes;
  private final List<Listener> listeners = new ArrayList<>();
  private final Map<ServerId, Dialer> dialers = new HashMap<>();
  private final Map<ServerId, Peer> peers = new HashMap<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Connection.Owner owner = new Owner();

  TcpTransport(TransportConfig config) {
    this.config = config;
    var counters = new Counters();
    var threads = new Threads(config.self(), counters);
    var watchdog = new Watchdog(threads, "watchdog");
    alarm = new Watchdog(threads, "alarm");
    AlarmClock clock = (deadline, action) -> alarm.at(deadline, action)::cancel;
    var received = new ReceiveQueue(config.limits().receiveQueue(), counters, clock);
    var warnings = new Warnings(System::nanoTime, received::notice);
    common = new Common(config, counters, threads, watchdog, warnings, received);
    config.peers().forEach(peer -> peers.put(peer.id(), peer));
    var rules = new Handshake(config.self(), peers.keySet(), config.limits().observers());
    table = new ConnectionTable(rules, received);
    handshakes = new InboundHandshakes(common, this::introduced);
    var names = new Names(config.resolver(), threads);
    var entrance =
        new Listener.Office(common, names, new Entrances(received), ServerSocket::new, handshakes);
    config.bind().forEach(address -> listeners.add(new Listener(address, entrance)));
    InitialMessage introduction = introduction(config);
    // Throws here, and not at each dial, if there are more addresses than the form can hold.
    var _ = InitialMessageCodec.encode(introduction);
    var office = new Dialer.Office(common, names, table, rules, introduction, this::dialled);
    config.peers().forEach(peer -> dialers.put(peer.id(), new Dialer(office, peer)));
  }

  /** Bare also when there is no address to tell: the other forms need one. */
  private static InitialMessage introduction(TransportConfig config) {
    var addresses = config.advertised();
    if (addresses.isEmpty()) {
      return new InitialMessage.Bare(config.self());
    }
    return switch (config.initialMessage()) {
      case BARE -> new InitialMessage.Bare(config.self());
      case BY_ADDRESSES ->
          addresses.size() > 1
              ? new InitialMessage.V2(config.self(), addresses)
              : new InitialMessage.V1(config.self(), addresses);
    };
  }

  void start() {
    common.watchdog().start();
    alarm.start();
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).start(i);
    }
    dialers.values().forEach(Dialer::start);
  }

  // From the handshakes' threads.

  private void introduced(Socket socket, InitialMessage message, long acceptedAt) {
    ServerId sid = message.sid();
    var admission =
        table.admit(sid, peer -> new Connection(peer, socket, acceptedAt, common, owner));
    switch (admission.verdict()) {
      case Handshake.Verdict.Keep _, Handshake.Verdict.KeepObserver _ -> settle(admission);
      case Handshake.Verdict.CallBack _ -> {
        count(TransportCounter.CALLED_BACK);
        Sockets.closeQuietly(socket);
        dialer(sid).ifPresent(dialer -> dialer.callBack(acceptedAt));
      }
      case Handshake.Verdict.Refuse(Handshake.Reason reason) -> refuse(reason, sid, socket);
      case Handshake.Verdict.GiveUp _ -> throw new IllegalStateException("a verdict on our dials");
    }
    checkAddresses(message);
  }

  private void refuse(Handshake.Reason reason, ServerId sid, Socket socket) {
    count(
        switch (reason) {
          case OWN_ID -> TransportCounter.OWN_ID_REFUSED;
          case UNKNOWN_ID -> TransportCounter.UNKNOWN_ID_REFUSED;
          case TOO_MANY_OBSERVERS -> TransportCounter.OBSERVER_REFUSED;
        });
    Sockets.closeQuietly(socket);
    String from = " calls from " + socket.getInetAddress().getHostAddress();
    switch (reason) {
      case OWN_ID -> warn(WarningCode.DUPLICATE_ID, "another server " + sid + from);
      case UNKNOWN_ID -> warn(WarningCode.UNKNOWN_ID, "server " + sid + ", unknown," + from);
      case TOO_MANY_OBSERVERS -> warn(WarningCode.TOO_MANY_OBSERVERS, "one more" + from);
    }
  }

  private void checkAddresses(InitialMessage message) {
    Peer peer = peers.get(message.sid());
    List<HostPort> told =
        switch (message) {
          case InitialMessage.Bare _ -> List.of();
          case InitialMessage.V1(ServerId _, List<HostPort> addresses) -> addresses;
          case InitialMessage.V2(ServerId _, List<HostPort> addresses) -> addresses;
        };
    if (peer != null) {
      Addresses.firstUnknown(told, peer.addresses())
          .ifPresent(
              address -> {
                count(TransportCounter.ADDRESS_MISMATCH);
                warn(
                    WarningCode.ADDRESS_MISMATCH,
                    "server " + peer.id() + " says " + address + ", which is not configured");
              });
    }
  }

  // From the dialers' threads.

  private void dialled(Peer peer, Socket socket, long connectedAt) {
    settle(table.install(new Connection(peer.id(), socket, connectedAt, common, owner)));
  }

  private void settle(ConnectionTable.Admission admission) {
    admission.leftOver().ifPresent(old -> old.close(DownCause.REPLACED, "by another connection"));
    admission
        .link()
        .ifPresent(
            link -> {
              dialer(link.peer()).ifPresent(Dialer::linkUp);
              link.start();
              tell(link.peer(), "{} has a link to {} at {}", self(), link.peer(), link.remote());
            });
  }

  // From any thread.

  private final class Owner implements Connection.Owner {
    @Override
    public void closed(Connection connection, DownCause cause, String detail) {
      connectionClosed(connection, cause, detail);
    }

    /** It stays as it is: whoever is at its other end may only have nothing to say. */
    @Override
    public void silent(Connection connection) {
      count(TransportCounter.LINK_SILENT);
      LOG.info("{} hears nothing over its link to {}, and dials", self(), connection.peer());
      dialer(connection.peer()).ifPresent(Dialer::linkSilent);
    }
  }

  private void connectionClosed(Connection connection, DownCause cause, String detail) {
    if (cause == DownCause.BAD_FRAME) {
      count(TransportCounter.BAD_FRAME);
    }
    if (table.remove(connection, cause, detail)) {
      long lived = System.nanoTime() - connection.born();
      dialer(connection.peer()).ifPresent(dialer -> dialer.linkDown(lived));
    }
    tell(
        connection.peer(),
        "{} lost a link to {}: {}, {}",
        self(),
        connection.peer(),
        cause,
        detail);
  }

  /** Anybody can be an observer without an id, and fill the log if each told much. */
  private static void tell(ServerId peer, String format, Object... what) {
    if (peer.isMember()) {
      LOG.info(format, what);
    } else {
      LOG.debug(format, what);
    }
  }

  private Optional<Dialer> dialer(ServerId peer) {
    return Optional.ofNullable(dialers.get(peer));
  }

  private void count(TransportCounter counter) {
    common.counters().add(counter);
  }

  private void warn(WarningCode code, String detail) {
    common.warnings().warn(code, detail);
  }

  @Override
  public ServerId self() {
    return config.self();
  }

  @Override
  public Optional<SocketAddress> localAddress() {
    return listeners.stream().map(Listener::localAddress).flatMap(Optional::stream).findFirst();
  }

  @Override
  public Set<ServerId> connected() {
    return table.connected();
  }

  @Override
  public SendResult sendLatest(ServerId to, int kind, byte[] message) {
    checkLength(message);
    return counted(
        link(to)
            .map(link -> link.queue().offerLatest(kind, message))
            .orElse(SendResult.NOT_CONNECTED));
  }

  @Override
  public SendResult sendInOrder(ServerId to, byte[] message) {
    checkLength(message);
    return counted(
        link(to).map(link -> link.queue().offerInOrder(message)).orElse(SendResult.NOT_CONNECTED));
  }

  private static void checkLength(byte[] message) {
    if (message.length < 1 || message.length > FrameCodec.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "a message has 1 to " + FrameCodec.MAX_PAYLOAD_BYTES + " bytes, not " + message.length);
    }
  }

  private Optional<Connection> link(ServerId to) {
    return closing.get() ? Optional.empty() : table.link(to);
  }

  private SendResult counted(SendResult result) {
    if (closing.get()) {
      return SendResult.CLOSED;
    }
    switch (result) {
      case REPLACED -> count(TransportCounter.REPLACED);
      case QUEUE_FULL -> count(TransportCounter.SEND_QUEUE_FULL);
      case NOT_CONNECTED -> count(TransportCounter.NOT_CONNECTED);
      case QUEUED, CLOSED -> {}
    }
    return result;
  }

  @Override
  public void expect(ServerId peer, Duration within) {
    link(peer).ifPresent(link -> link.expect(within));
  }

  @Override
  public TransportEvent receive(Duration timeout) throws InterruptedException {
    return common.received().take(timeout);
  }

  @Override
  public void wakeup() {
    common.received().wakeup();
  }

  @Override
  public void softHalt() {
    closeLinks("soft halt");
  }

  private void closeLinks(String why) {
    table.all().forEach(link -> link.close(DownCause.CLOSED_BY_US, why));
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    return common.counters().snapshot();
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    long deadline = System.nanoTime() + config.limits().closeTimeout().toNanos();
    listeners.forEach(Listener::close);
    handshakes.close();
    dialers.values().forEach(Dialer::close);
    table.close();
    try {
      flush();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    closeLinks("closed");
    common.received().close();
    common.watchdog().close();
    alarm.close();
    common.threads().interruptAll();
    try {
      if (!common.threads().join(deadline)) {
        LOG.warn("{} is closed, but threads are left: {}", self(), common.threads().names());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the last words out: a leader's, that hands off, for example. */
  private void flush() throws InterruptedException {
    table.all().forEach(Connection::finish);
    long half = config.limits().closeTimeout().toNanos() / 2;
    table.awaitEmpty(Math.min(FLUSH.toNanos(), half));
  }
}
