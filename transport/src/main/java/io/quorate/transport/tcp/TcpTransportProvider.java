package io.quorate.transport.tcp;

import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.spi.TransportProvider;

/** The transport over TCP sockets, named {@code tcp}. */
public final class TcpTransportProvider implements TransportProvider {

  /** Used by the service loader. */
  public TcpTransportProvider() {}

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public Transport open(TransportConfig config) {
    var transport = new TcpTransport(config);
    transport.start();
    return transport;
  }
}
