package io.quorate.protocol;

import java.util.List;

/**
 * The dialler's first bytes: who it is. The acceptor never answers. Immutable.
 *
 * <p>wire-format: {@code long sid}, or {@code long version, long sid, int n, n bytes of UTF-8}.
 */
public sealed interface InitialMessage {

  /**
   * Returns who dials.
   *
   * @return a member's id, or {@link ServerId#OBSERVER}
   */
  ServerId sid();

  /**
   * The form of ZooKeeper 3.3 and 3.4: nothing but the id.
   *
   * @param sid who dials
   */
  record Bare(ServerId sid) implements InitialMessage {}

  /**
   * The form of ZooKeeper 3.5 and later: protocol version -65536 and one election address.
   *
   * @param sid who dials
   * @param addresses as sent, without wildcards; empty when only a wildcard was sent
   */
  record V1(ServerId sid, List<HostPort> addresses) implements InitialMessage {
    /** Copies the list. */
    public V1 {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * The form of ZooKeeper 3.6 and later with several addresses: protocol version -65535.
   *
   * @param sid who dials
   * @param addresses as sent, without wildcards; empty when only wildcards were sent
   */
  record V2(ServerId sid, List<HostPort> addresses) implements InitialMessage {
    /** Copies the list. */
    public V2 {
      addresses = List.copyOf(addresses);
    }
  }
}
