package io.quorate.transport.memory;

import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.spi.TransportProvider;

/**
 * Transports that are linked within this process: for tests, and for several servers in one JVM.
 * Named {@code memory}. One provider is one network: its transports see each other and no others.
 *
 * <p>Addresses are names here, compared as text and never resolved. There are no threads: links
 * come up and go down, and messages arrive, before the call that causes it returns. So what one
 * thread does is repeated exactly when it is done again. Time limits have no meaning here; counts
 * are kept. Safe for use by any thread.
 */
public final class MemoryTransportProvider implements TransportProvider {

  private final MemoryNetwork network = new MemoryNetwork();

  /** Makes a network of its own. */
  public MemoryTransportProvider() {}

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Transport open(TransportConfig config) {
    var transport = new MemoryTransport(config, network);
    network.join(transport);
    return transport;
  }
}
