package io.quorate.transport;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;

/**
 * Who we are, whom we know, and the limits. Immutable; made by {@link #builder}.
 *
 * @param self our id, or {@link ServerId#OBSERVER}
 * @param bind where to listen; empty: nowhere
 * @param advertised the addresses that our initial messages tell; empty: those of {@code bind}
 * @param peers the others
 * @param initialMessage the form in which we introduce ourselves
 * @param limits bounds of counts and times
 * @param resolver turns names into addresses
 */
public record TransportConfig(
    ServerId self,
    List<HostPort> bind,
    List<HostPort> advertised,
    List<Peer> peers,
    InitialForm initialMessage,
    TransportLimits limits,
    Resolver resolver) {

  /** The form of our initial messages. */
  public enum InitialForm {
    /** V2 when several addresses are advertised, else V1. */
    BY_ADDRESSES,
    /** Nothing but the id, for peers of ZooKeeper 3.3 and 3.4. */
    BARE
  }

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if our own id is among the peers or a peer is there twice
   */
  public TransportConfig {
    bind = List.copyOf(bind);
    advertised = List.copyOf(advertised.isEmpty() ? bind : advertised);
    peers = List.copyOf(peers);
    var seen = new HashSet<ServerId>();
    seen.add(self);
    for (Peer peer : peers) {
      if (!seen.add(peer.id())) {
        throw new IllegalArgumentException("server " + peer.id() + " is configured twice");
      }
    }
    if (!self.isMember() && !self.equals(ServerId.OBSERVER)) {
      throw new IllegalArgumentException("we cannot have the id " + self);
    }
  }

  /**
   * Starts a configuration.
   *
   * @param self our id, or {@link ServerId#OBSERVER}
   * @return a builder with default limits, no address and no peer
   */
  public static Builder builder(ServerId self) {
    return new Builder(self);
  }

  /** Collects a {@link TransportConfig}. Not safe for use by several threads. */
  public static final class Builder {
    private final ServerId self;
    private final List<HostPort> bind = new ArrayList<>();
    private final List<HostPort> advertised = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private InitialForm initialMessage = InitialForm.BY_ADDRESSES;
    private TransportLimits limits = TransportLimits.defaults();
    private Resolver resolver = Resolver.system();

    private Builder(ServerId self) {
      this.self = self;
    }

    /**
     * Adds addresses to listen at.
     *
     * @param addresses where
     * @return this
     */
    public Builder bind(Collection<HostPort> addresses) {
      bind.addAll(addresses);
      return this;
    }

    /**
     * Adds addresses that our initial messages tell.
     *
     * @param addresses how others reach us
     * @return this
     */
    public Builder advertise(Collection<HostPort> addresses) {
      advertised.addAll(addresses);
      return this;
    }

    /**
     * Adds a peer.
     *
     * @param peer one of the others
     * @return this
     */
    public Builder peer(Peer peer) {
      peers.add(peer);
      return this;
    }

    /**
     * Sets the form of our initial messages.
     *
     * @param form which
     * @return this
     */
    public Builder initialMessage(InitialForm form) {
      initialMessage = form;
      return this;
    }

    /**
     * Sets the bounds.
     *
     * @param bounds all of them
     * @return this
     */
    public Builder limits(TransportLimits bounds) {
      limits = bounds;
      return this;
    }

    /**
     * Sets what turns names into addresses.
     *
     * @param names the resolver
     * @return this
     */
    public Builder resolver(Resolver names) {
      resolver = names;
      return this;
    }

    /**
     * Makes the configuration.
     *
     * @return it
     * @throws IllegalArgumentException if it makes no sense
     */
    public TransportConfig build() {
      return new TransportConfig(self, bind, advertised, peers, initialMessage, limits, resolver);
    }
  }
}
