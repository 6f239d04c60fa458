package io.quorate.protocol;

import java.util.List;
import java.util.Optional;

/**
 * One server of an ensemble, as its configuration text names it. Immutable.
 *
 * @param id its id, not negative
 * @param addresses where it listens, 1 to {@link #MAX_ADDRESSES}
 * @param role whether it votes
 * @param client where it serves clients, if told
 * @param secureClient where it serves clients over TLS, if told
 */
public record Member(
    ServerId id,
    List<Address> addresses,
    Role role,
    Optional<HostPort> client,
    Optional<HostPort> secureClient) {

  /** How many addresses a member can have. */
  public static final int MAX_ADDRESSES = 16;

  /**
   * What stands in a text for the quorum port of a server that has none, as ours have. The format
   * cannot leave it out, and ZooKeeper refuses one that repeats the election port.
   */
  public static final int NO_QUORUM_PORT = 1;

  /** Whether a member's vote is counted. */
  public enum Role {
    /** Votes and can lead. */
    PARTICIPANT,
    /** Never votes; learns the leader. */
    OBSERVER
  }

  /**
   * One address of a member: a host with its two server ports.
   *
   * @param host as configured, never resolved here, IPv6 without brackets
   * @param quorumPort where a ZooKeeper leader serves its followers, 1 to 65535; {@link
   *     #NO_QUORUM_PORT} for a server that has none
   * @param electionPort where elections are held, 1 to 65535
   */
  public record Address(String host, int quorumPort, int electionPort) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if no host can be written like this, or a port is out of
     *     range
     */
    public Address {
      HostPort.checkHost(host);
      HostPort.checkPort(quorumPort);
      HostPort.checkPort(electionPort);
    }

    /**
     * Returns where to dial for elections.
     *
     * @return the host with the election port
     */
    public HostPort election() {
      return new HostPort(host, electionPort);
    }
  }

  /**
   * Checks the fields and copies the list.
   *
   * @throws IllegalArgumentException if no member can have this id, or the number of addresses is
   *     out of range
   */
  public Member {
    addresses = List.copyOf(addresses);
    if (!id.isMember()) {
      throw new IllegalArgumentException("no member can have the id " + id);
    }
    if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          "a member has 1 to " + MAX_ADDRESSES + " addresses, not " + addresses.size());
    }
  }

  /**
   * Returns a member of an ensemble in which nobody has a quorum port.
   *
   * @param id its id, not negative
   * @param role whether it votes
   * @param electionAddresses where it holds elections, 1 to {@link #MAX_ADDRESSES}
   * @return the member, with no client address
   * @throws IllegalArgumentException as the constructor
   */
  public static Member of(ServerId id, Role role, List<HostPort> electionAddresses) {
    List<Address> addresses =
        electionAddresses.stream()
            .map(address -> new Address(address.host(), NO_QUORUM_PORT, address.port()))
            .toList();
    return new Member(id, addresses, role, Optional.empty(), Optional.empty());
  }

  /**
   * Returns where to dial this member for elections.
   *
   * @return at least one address, in the configured order
   */
  public List<HostPort> electionAddresses() {
    return addresses.stream().map(Address::election).toList();
  }
}
