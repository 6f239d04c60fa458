package io.quorate.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.spi.TransportProvider;
import java.util.List;

/**
 * A TCP transport, server 5, among scripted peers: 9, whose dials stay, and 2, which is called
 * back. What the tests of the promises T1 to T14 have in common.
 */
abstract class TcpPromises extends TransportFixture {

  static final long SELF = 5;
  static final long LARGER = 9;
  static final long SMALLER = 2;

  private final TransportProvider tcp = TransportProvider.named("tcp");

  @Override
  TransportProvider provider() {
    return tcp;
  }

  RawPeer raw(long id) {
    return keep(new RawPeer(id));
  }

  /** Where the transport under test listens. */
  HostPort here() {
    return address(SELF);
  }

  /** Server 5, which knows these peers. */
  TransportConfig.Builder knowing(RawPeer... peers) {
    var config = server(SELF);
    for (RawPeer peer : peers) {
      config.peer(peer.configured());
    }
    return config;
  }

  static Peer named(long id, String host, RawPeer at) {
    return new Peer(ServerId.of(id), List.of(new HostPort(host, at.address().port())));
  }

  /** Opens server 5 and waits until it listens. */
  Probe listening(TransportConfig.Builder config) {
    Probe probe = open(config);
    probe.listening();
    return probe;
  }

  /** The link of a larger id: it dials, and its connection stays. */
  RawConnection link(Probe probe, RawPeer larger) {
    RawConnection connection = larger.dialLink(here());
    probe.linkUp(larger.id);
    return connection;
  }

  /** Fails unless messages pass both ways between the transport and the scripted end. */
  static void assertWorks(Probe probe, long peer, RawConnection connection) {
    connection.sendFrame("ping");
    assertEquals("ping", probe.message(peer));
    Await.until("a link to " + peer, () -> probe.send(peer, "pong") == SendResult.QUEUED);
    assertEquals("pong", connection.readFrame());
  }
}
