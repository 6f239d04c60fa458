package io.quorate.transport;

import io.quorate.transport.memory.MemoryTransportProvider;
import io.quorate.transport.spi.TransportProvider;

/** The contract of departures, kept in memory; each test has a network of its own. */
final class MemoryDepartureTest extends DepartureContract {

  private final TransportProvider network = new MemoryTransportProvider();

  @Override
  TransportProvider provider() {
    return network;
  }
}
