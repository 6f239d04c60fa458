package io.quorate.transport;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import java.util.List;

/**
 * A server that we know and dial. Immutable.
 *
 * @param id its id
 * @param addresses where it listens, at least one; tried in parallel; resolved anew for each dial
 */
public record Peer(ServerId id, List<HostPort> addresses) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the id is no member's or there is no address
   */
  public Peer {
    addresses = List.copyOf(addresses);
    if (!id.isMember()) {
      throw new IllegalArgumentException("a peer cannot have the id " + id);
    }
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("peer " + id + " needs an address");
    }
  }
}
