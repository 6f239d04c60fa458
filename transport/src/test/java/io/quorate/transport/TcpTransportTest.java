package io.quorate.transport;

import io.quorate.transport.spi.TransportProvider;

/** The contract, kept over sockets. */
final class TcpTransportTest extends TransportContract {

  private final TransportProvider tcp = TransportProvider.named("tcp");

  @Override
  TransportProvider provider() {
    return tcp;
  }
}
