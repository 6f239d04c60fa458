package io.quorate.election;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Hello;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Peer;
import io.quorate.transport.Resolver;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportConfig.InitialForm;
import io.quorate.transport.TransportLimits;
import io.quorate.transport.spi.TransportProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who we are, which ensemble we belong to, and how we take part. Immutable; made by {@link
 * #builder}.
 *
 * @param self our id, a member's; or {@link ServerId#OBSERVER}
 * @param ensemble every member and how votes are weighed
 * @param ensembleName servers of another name are shown as strangers; 1 to {@link
 *     Hello#MAX_NAME_BYTES} bytes of UTF-8
 * @param bind where to listen; empty: at our own member's election addresses
 * @param advertise the addresses that we tell others; empty: our own member's election addresses,
 *     or where we listen if we are no member
 * @param algorithm what makes the algorithm
 * @param transport what makes the transport
 * @param limits bounds of the transport, and how long closing waits
 * @param timings how long the election waits for what
 * @param position asked at the start of each election how far our history goes; called on the
 *     election's own thread, so it should answer at once
 * @param initialMessage the form in which we introduce ourselves
 * @param resolver turns names into addresses
 */
public record LeaderElectionConfig(
    ServerId self,
    EnsembleConfig ensemble,
    String ensembleName,
    List<HostPort> bind,
    List<HostPort> advertise,
    ElectionProvider algorithm,
    TransportProvider transport,
    TransportLimits limits,
    ElectionTimings timings,
    Supplier<Position> position,
    InitialForm initialMessage,
    Resolver resolver) {

  /** The name of an ensemble that was given none. */
  public static final String DEFAULT_ENSEMBLE_NAME = "quorate";

  /**
   * Checks and completes.
   *
   * @throws IllegalArgumentException if it makes no sense; the message says in one line why
   */
  public LeaderElectionConfig {
    checkName(ensembleName);
    checkMembers(self, ensemble);
    List<HostPort> own =
        ensemble.members().containsKey(self)
            ? ensemble.members().get(self).electionAddresses()
            : List.of();
    bind = List.copyOf(bind.isEmpty() ? own : bind);
    advertise = List.copyOf(!advertise.isEmpty() ? advertise : own.isEmpty() ? bind : own);
    ConfigText.of(ensemble);
  }

  /**
   * Starts a configuration.
   *
   * @param self our id, or {@link ServerId#OBSERVER}
   * @return a builder with everything but the ensemble set to its default
   */
  public static Builder builder(ServerId self) {
    return new Builder(self);
  }

  /**
   * Returns how votes are counted.
   *
   * @return the ensemble's verifier
   */
  public QuorumVerifier voters() {
    return QuorumVerifier.of(ensemble);
  }

  TransportConfig transportConfig() {
    var builder =
        TransportConfig.builder(self)
            .bind(bind)
            .advertise(advertise)
            .initialMessage(initialMessage)
            .limits(limits)
            .resolver(resolver);
    for (Member member : ensemble.members().values()) {
      if (!member.id().equals(self)) {
        builder.peer(new Peer(member.id(), member.electionAddresses()));
      }
    }
    return builder.build();
  }

  private static void checkName(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (name.isBlank() || bytes > Hello.MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "the ensemble's name must have 1 to " + Hello.MAX_NAME_BYTES + " bytes and a letter");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the ensemble's name has a control character");
    }
  }

  private static void checkMembers(ServerId self, EnsembleConfig ensemble) {
    QuorumVerifier voters = QuorumVerifier.of(ensemble);
    if (voters.voters().isEmpty()) {
      throw new IllegalArgumentException("the ensemble has no voter");
    }
    if (!voters.isQuorum(voters.voters())) {
      throw new IllegalArgumentException("no quorum is possible: every vote has weight 0");
    }
    if (!ensemble.members().containsKey(self) && !self.equals(ServerId.OBSERVER)) {
      throw new IllegalArgumentException(
          "server " + self + " is not a member of the ensemble " + ensemble.members().keySet());
    }
    var owners = new HashMap<HostPort, ServerId>();
    for (Member member : ensemble.members().values()) {
      for (HostPort address : member.electionAddresses()) {
        checkAddress(self, member.id(), address);
        ServerId other = owners.put(address, member.id());
        if (other != null) {
          throw new IllegalArgumentException(
              "servers " + other + " and " + member.id() + " have the same address " + address);
        }
      }
    }
  }

  private static void checkAddress(ServerId self, ServerId id, HostPort address) {
    if (address.isWildcard() && !id.equals(self)) {
      throw new IllegalArgumentException(
          "server " + id + " cannot be dialled at the wildcard address " + address);
    }
  }

  /** Collects a {@link LeaderElectionConfig}. Not safe for use by several threads. */
  public static final class Builder {
    private final ServerId self;
    private EnsembleConfig ensemble = EnsembleConfig.majority(List.of());
    private String ensembleName = DEFAULT_ENSEMBLE_NAME;
    private final List<HostPort> bind = new ArrayList<>();
    private final List<HostPort> advertise = new ArrayList<>();
    private @Nullable ElectionProvider algorithm;
    private @Nullable TransportProvider transport;
    private TransportLimits limits = TransportLimits.defaults();
    private ElectionTimings timings = ElectionTimings.lan();
    private Supplier<Position> position = () -> Position.START;
    private InitialForm initialMessage = InitialForm.BY_ADDRESSES;
    private Resolver resolver = Resolver.system();

    private Builder(ServerId self) {
      this.self = self;
    }

    /**
     * Sets the ensemble. Without it there is no configuration.
     *
     * @param members every member and how votes are weighed
     * @return this
     */
    public Builder ensemble(EnsembleConfig members) {
      ensemble = members;
      return this;
    }

    /**
     * Sets the ensemble's name.
     *
     * @param name the same on every server
     * @return this
     */
    public Builder ensembleName(String name) {
      ensembleName = name;
      return this;
    }

    /**
     * Adds addresses to listen at, instead of our own member's.
     *
     * @param addresses where
     * @return this
     */
    public Builder bind(Collection<HostPort> addresses) {
      bind.addAll(addresses);
      return this;
    }

    /**
     * Adds addresses that we tell others, instead of our own member's.
     *
     * @param addresses how others reach us
     * @return this
     */
    public Builder advertise(Collection<HostPort> addresses) {
      advertise.addAll(addresses);
      return this;
    }

    /**
     * Sets the algorithm; {@code fast} unless set.
     *
     * @param provider what makes it
     * @return this
     */
    public Builder algorithm(ElectionProvider provider) {
      algorithm = provider;
      return this;
    }

    /**
     * Sets the transport; {@code tcp} unless set.
     *
     * @param provider what makes it
     * @return this
     */
    public Builder transport(TransportProvider provider) {
      transport = provider;
      return this;
    }

    /**
     * Sets the bounds of the transport.
     *
     * @param bounds all of them
     * @return this
     */
    public Builder limits(TransportLimits bounds) {
      limits = bounds;
      return this;
    }

    /**
     * Sets how long the election waits for what.
     *
     * @param durations all of them
     * @return this
     */
    public Builder timings(ElectionTimings durations) {
      timings = durations;
      return this;
    }

    /**
     * Sets how to find out how far our history goes.
     *
     * @param supplier asked at the start of each election
     * @return this
     */
    public Builder position(Supplier<Position> supplier) {
      position = supplier;
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
     * @throws IllegalArgumentException if it makes no sense; the message says in one line why
     */
    public LeaderElectionConfig build() {
      return new LeaderElectionConfig(
          self,
          ensemble,
          ensembleName,
          bind,
          advertise,
          algorithm != null ? algorithm : ElectionProvider.named("fast"),
          transport != null ? transport : TransportProvider.named("tcp"),
          limits,
          timings,
          position,
          initialMessage,
          resolver);
    }
  }
}
