package io.quorate.transport;

import io.quorate.transport.spi.TransportProvider;

/** The contract of departures, kept over sockets. */
final class TcpDepartureTest extends DepartureContract {

  private final TransportProvider tcp = TransportProvider.named("tcp");

  @Override
  TransportProvider provider() {
    return tcp;
  }
}
