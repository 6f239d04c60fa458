package io.quorate.election;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.EpochStoreProvider;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
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
 * @param priority servers of larger priority lead if they can; 0: we never do, as a witness, which
 *     votes, or an observer, which does not
 * @param promise how leaders are confirmed; empty: election only, as in an ensemble with ZooKeeper
 *     servers. An observer promises nothing, so the store that it is given is left out
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
    Resolver resolver,
    int priority,
    Optional<PromiseConfig> promise) {

  /** The name of an ensemble that was given none. */
  public static final String DEFAULT_ENSEMBLE_NAME = "quorate";

  /** The priority of a voter that was given none. */
  public static final int DEFAULT_PRIORITY = 1;

  /**
   * Checks and completes.
   *
   * @throws IllegalArgumentException if it makes no sense; the message says in one line why
   */
  public LeaderElectionConfig {
    ConfigChecks.checkName(ensembleName);
    ConfigChecks.checkMembers(self, ensemble);
    boolean voter = ensemble.participants().contains(self);
    ConfigChecks.checkPriority(priority, voter);
    if (voter) {
      ConfigChecks.checkStore(self, promise);
    } else {
      promise = promise.map(PromiseConfig::withoutStore);
    }
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
   * @return a builder with everything but the ensemble set to its default; a voter needs one of
   *     {@link Builder#data}, {@link Builder#epochStore} and {@link Builder#electionOnly} too
   */
  public static Builder builder(ServerId self) {
    return new Builder(self);
  }

  /**
   * Starts a configuration from names and values, as the options of a command have them. {@code id}
   * and {@code members} must be there, other names than these must not:
   *
   * <ul>
   *   <li>{@code id}: a member's number, or {@code observer} for one that is no member
   *   <li>{@code members}: the voters, {@code 1=host:port,2=host:port}; several addresses of one as
   *       {@code 1=host:port|host:port}, an IPv6 literal in brackets
   *   <li>{@code observers}: the members that do not vote, likewise
   *   <li>{@code bind}, {@code advertise}: {@code host:port}, or several as {@code
   *       host:port|host:port}
   *   <li>{@code data}: the data directory; {@code store}: the name of an epoch store, {@code
   *       files} or {@code memory} or one of your own
   *   <li>{@code election-only}: {@code true} or {@code false}
   *   <li>{@code preset}: {@code lan} or {@code wan}; {@code lease}, {@code heartbeat}, {@code
   *       suspect-after} and {@code drift} replace single values of its {@link LeaseTimings}
   *   <li>{@code fast-failover}, {@code witness}: {@code true} or {@code false}; {@code priority}:
   *       a number
   *   <li>{@code ensemble}: the ensemble's name; {@code algorithm} and {@code transport}: the names
   *       of providers
   * </ul>
   *
   * <p>Durations are {@code 1200ms}, {@code 1s}, {@code 5m}, {@code 1h}, or ISO-8601 such as {@code
   * PT1.2S}.
   *
   * @param options values by name
   * @return a builder, for what has no name here
   * @throws IllegalArgumentException if a value is missing, unknown or wrong; the message names it
   *     in one line
   */
  public static Builder fromOptions(Map<String, String> options) {
    return new ConfigReader().options(options).builder();
  }

  /**
   * Starts a configuration from properties: the names of {@link #fromOptions} with {@code quorate.}
   * before them, such as {@code quorate.suspect-after=1200ms}. Others are left alone, so that
   * {@link System#getProperties} will do.
   *
   * @param properties with those that they default to
   * @return a builder
   * @throws IllegalArgumentException as {@link #fromOptions}
   */
  public static Builder fromProperties(Properties properties) {
    return new ConfigReader().properties(properties).builder();
  }

  /**
   * Starts a configuration from environment variables: the names of {@link #fromOptions} in upper
   * case with {@code QUORATE_} before them and {@code _} for {@code -}, such as {@code
   * QUORATE_SUSPECT_AFTER=1200ms}. Others are left alone, and so are those that only look like
   * ours: {@code QUORATE_JAVA_OPTS}, and what a container platform sets for a service of that name,
   * such as {@code QUORATE_PORT} and {@code QUORATE_SERVICE_HOST}.
   *
   * @param environment such as {@link System#getenv()}
   * @return a builder
   * @throws IllegalArgumentException as {@link #fromOptions}
   */
  public static Builder fromEnvironment(Map<String, String> environment) {
    return new ConfigReader().environment(environment).builder();
  }

  /**
   * Starts a configuration from properties that all servers may share, and from what the
   * environment of this one says instead.
   *
   * @param properties as for {@link #fromProperties(Properties)}
   * @param environment as for {@link #fromEnvironment}; wins, name by name
   * @return a builder
   * @throws IllegalArgumentException as {@link #fromOptions}
   */
  public static Builder fromProperties(Properties properties, Map<String, String> environment) {
    return new ConfigReader().properties(properties).environment(environment).builder();
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

  /** Collects a {@link LeaderElectionConfig}. Not safe for use by several threads. */
  public static final class Builder {
    private final ServerId self;
    private EnsembleConfig ensemble = EnsembleConfig.majority(List.of());
    private String ensembleName = DEFAULT_ENSEMBLE_NAME;
    private final List<HostPort> bind = new ArrayList<>();
    private final List<HostPort> advertise = new ArrayList<>();
    private @Nullable ElectionProvider algorithm;
    private @Nullable TransportProvider transport;
    private @Nullable TransportLimits limits;
    private @Nullable ElectionTimings timings;
    private Supplier<Position> position = () -> Position.START;
    private InitialForm initialMessage = InitialForm.BY_ADDRESSES;
    private Resolver resolver = Resolver.system();
    private @Nullable Integer priority;
    private boolean wan;
    private boolean electionOnly;
    private @Nullable LeaseTimings lease;
    private boolean fastFailover;
    private @Nullable EpochStoreProvider epochStore;
    private @Nullable Path data;

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
     * Chooses all durations for servers in one data centre: {@link ElectionTimings#lan}, {@link
     * LeaseTimings#lan} and {@link TransportLimits#defaults}. That is so unless {@link #wan} is
     * called. What is set by itself wins, before or after this.
     *
     * @return this
     */
    public Builder lan() {
      wan = false;
      return this;
    }

    /**
     * Chooses all durations for servers in several regions: {@link ElectionTimings#wan}, {@link
     * LeaseTimings#wan} and {@link TransportLimits#wan}. What is set by itself wins, before or
     * after this.
     *
     * @return this
     */
    public Builder wan() {
      wan = true;
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
     * Sets how much we want to lead.
     *
     * @param value larger is sooner; {@value #DEFAULT_PRIORITY} for a voter unless set, 0: never
     * @return this
     */
    public Builder priority(int value) {
      priority = value;
      return this;
    }

    /**
     * Makes us a witness: a voter that never leads. The same as priority 0.
     *
     * @return this
     */
    public Builder witness() {
      return priority(0);
    }

    /**
     * Turns the epoch promise and the lease off. For ensembles with ZooKeeper servers: nobody is
     * ever confirmed as leader, and two servers can think that they lead at one instant.
     *
     * @return this
     */
    public Builder electionOnly() {
      electionOnly = true;
      return this;
    }

    /**
     * Sets how long a leadership lasts without word from a majority.
     *
     * @param durations all of them
     * @return this
     */
    public Builder lease(LeaseTimings durations) {
      lease = durations;
      return this;
    }

    /**
     * Turns {@link PromiseConfig#fastFailover} on.
     *
     * @return this
     */
    public Builder fastFailover() {
      fastFailover = true;
      return this;
    }

    /**
     * Sets where files can be kept: what this server promised, unless {@link #epochStore} says
     * otherwise. Made at the start if it is not there.
     *
     * @param directory for this server alone, on a disk that outlives the process
     * @return this
     */
    public Builder data(Path directory) {
      data = directory;
      return this;
    }

    /**
     * Sets what remembers our promises; {@code files} unless set.
     *
     * @param provider what opens it; {@code EpochStoreProvider.named("memory")} if tokens need not
     *     outlive the process
     * @return this
     */
    public Builder epochStore(EpochStoreProvider provider) {
      epochStore = provider;
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
          limits != null ? limits : wan ? TransportLimits.wan() : TransportLimits.defaults(),
          timings != null ? timings : wan ? ElectionTimings.wan() : ElectionTimings.lan(),
          position,
          initialMessage,
          resolver,
          priority != null ? priority : defaultPriority(),
          promise());
    }

    private int defaultPriority() {
      return ensemble.participants().contains(self) ? DEFAULT_PRIORITY : 0;
    }

    private Optional<PromiseConfig> promise() {
      if (electionOnly) {
        ConfigChecks.checkUnused("a lease", lease != null);
        ConfigChecks.checkUnused("fast fail-over", fastFailover);
        ConfigChecks.checkUnused("an epoch store", epochStore != null);
        ConfigChecks.checkUnused("a data directory", data != null);
        return Optional.empty();
      }
      LeaseTimings durations =
          lease != null ? lease : wan ? LeaseTimings.wan() : LeaseTimings.lan();
      return Optional.of(
          new PromiseConfig(
              durations, fastFailover, Optional.ofNullable(epochStore), Optional.ofNullable(data)));
    }
  }
}
