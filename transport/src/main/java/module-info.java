import io.quorate.transport.memory.MemoryTransportProvider;
import io.quorate.transport.spi.TransportProvider;
import io.quorate.transport.tcp.TcpTransportProvider;

/**
 * One connection per pair of servers, with a send and a receive worker each on a virtual thread of
 * its own, and one receive queue. Knows nothing of elections.
 */
@org.jspecify.annotations.NullMarked
module io.quorate.transport {
  requires transitive io.quorate.protocol;
  requires org.slf4j;
  // Keepalive's idle time, interval and count are socket options of this module.
  requires jdk.net;

  exports io.quorate.transport;
  exports io.quorate.transport.spi;

  uses TransportProvider;

  provides TransportProvider with
      TcpTransportProvider,
      MemoryTransportProvider;
}
