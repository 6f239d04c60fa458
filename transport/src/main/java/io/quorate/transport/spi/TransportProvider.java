package io.quorate.transport.spi;

import io.quorate.transport.Transport;
import io.quorate.transport.TransportConfig;
import java.util.ServiceLoader;

/**
 * A kind of transport, found by {@link ServiceLoader}. Built in are {@code tcp} and {@code memory}.
 * Implementations have a public constructor without parameters and are safe for use by any thread.
 */
public interface TransportProvider {

  /**
   * Returns the name by which a configuration asks for this kind.
   *
   * @return lower case, without spaces
   */
  String name();

  /**
   * Opens a transport and starts to listen and to dial. Returns at once: neither a peer, nor a name
   * server, nor a free port need be there yet.
   *
   * @param config who we are and whom we know
   * @return the running transport
   */
  Transport open(TransportConfig config);

  /**
   * Returns a new provider of this name.
   *
   * @param name as {@link #name()} tells it
   * @return the first one found
   * @throws IllegalArgumentException if there is none; the message lists those that are there
   */
  static TransportProvider named(String name) {
    var loader = ServiceLoader.load(TransportProvider.class);
    for (TransportProvider provider : loader) {
      if (provider.name().equals(name)) {
        return provider;
      }
    }
    var names = loader.stream().map(found -> found.get().name()).sorted().toList();
    throw new IllegalArgumentException("no transport is named " + name + "; there are " + names);
  }
}
