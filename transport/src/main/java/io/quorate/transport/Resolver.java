package io.quorate.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Turns a host name into addresses. A literal address is nobody's to resolve. Called anew for each
 * dial, on a thread that may wait; a call that does not return in time is left behind and the last
 * good address is used.
 */
@FunctionalInterface
public interface Resolver {

  /**
   * Looks a name up.
   *
   * @param host a name, and no literal address
   * @return at least one address
   * @throws UnknownHostException if there is none
   */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /**
   * Returns the resolver of the JDK.
   *
   * @return one that asks {@link InetAddress#getAllByName}
   */
  static Resolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
