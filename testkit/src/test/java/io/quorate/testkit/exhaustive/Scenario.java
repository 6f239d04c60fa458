package io.quorate.testkit.exhaustive;

import io.quorate.election.ElectionTimings;
import io.quorate.election.LeaseTimings;
import io.quorate.election.Majority;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.engine.EngineConfig;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.ConfigDigest;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A small world: who is in it, where it begins, and what may happen.
 *
 * @param servers how many, all of them voters with the ids 1 and up
 * @param algorithm who nominates
 * @param begin where it begins
 * @param bounds how often what happens
 * @param replacing whether a message takes the place of one of its kind that has not arrived yet,
 *     as if no link carried anything before it has to
 * @param witness whether the server of the largest id must not lead
 * @param time how much of it passes after the begin: no timer fires later
 * @param flaw what the driver does wrong
 */
record Scenario(
    int servers,
    Algorithm algorithm,
    Begin begin,
    Bounds bounds,
    boolean replacing,
    boolean witness,
    Duration time,
    Flaw flaw) {

  /** Who nominates. */
  enum Algorithm {
    /** Fast leader election. */
    FAST,
    /** {@link Bully}. */
    BULLY
  }

  /** Where a world begins. */
  enum Begin {
    /** All have just started, and all links have come up. */
    STARTED,
    /** One leads, and all follow it. */
    LED,
    /** The server of the largest id leads, and the first server has no link yet. */
    LED_WITHOUT_THE_FIRST
  }

  /** The heartbeat is as slow and the clocks are as equal as can be, so that little has room. */
  static final LeaseTimings LEASE =
      new LeaseTimings(Duration.ofMillis(400), Duration.ofMillis(200), Duration.ofMillis(500), 0);

  /** Rarer than what the lease does, so that most of a path is about that. */
  static final ElectionTimings ELECTION =
      new ElectionTimings(
          Duration.ofMillis(300),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  /** More than any path takes. */
  private static final Duration FOREVER = Duration.ofDays(1);

  private static final int SOME_PORT = 1000;
  private static final ConfigDigest DIGEST = new ConfigDigest("00");
  private static final ElectionProvider FAST_PROVIDER = ElectionProvider.named("fast");

  static Scenario of(int servers, Algorithm algorithm, Begin begin) {
    return new Scenario(
        servers, algorithm, begin, Bounds.ONE_OF_EACH, false, false, FOREVER, Flaw.NONE);
  }

  Scenario with(Bounds other) {
    return new Scenario(servers, algorithm, begin, other, replacing, witness, time, flaw);
  }

  Scenario with(Flaw other) {
    return new Scenario(servers, algorithm, begin, bounds, replacing, witness, time, other);
  }

  Scenario with(Duration other) {
    return new Scenario(servers, algorithm, begin, bounds, replacing, witness, other, flaw);
  }

  Scenario withReplacing() {
    return new Scenario(servers, algorithm, begin, bounds, true, witness, time, flaw);
  }

  Scenario withWitness() {
    return new Scenario(servers, algorithm, begin, bounds, replacing, true, time, flaw);
  }

  static ServerId id(int server) {
    return ServerId.of(server + 1L);
  }

  static int index(ServerId id) {
    return (int) id.value() - 1;
  }

  QuorumVerifier voters() {
    var ids = new TreeSet<ServerId>();
    IntStream.range(0, servers).forEach(server -> ids.add(id(server)));
    return new Majority(ids);
  }

  private int priority(ServerId id) {
    return witness && index(id) == servers - 1 ? 0 : 1;
  }

  boolean mayLead(ServerId id) {
    return voters().weight(id) > 0 && priority(id) > 0;
  }

  ElectionContext context(int server) {
    List<Member> members =
        IntStream.range(0, servers)
            .mapToObj(
                it ->
                    Member.of(
                        id(it),
                        Member.Role.PARTICIPANT,
                        List.of(new HostPort("memory", SOME_PORT + it))))
            .toList();
    ConfigText text = ConfigText.of(EnsembleConfig.majority(members));
    QuorumVerifier counted =
        flaw == Flaw.COUNTS_ITSELF ? new Majority(Set.of(id(server))) : voters();
    return new ElectionContext(id(server), counted, ELECTION, text);
  }

  EngineConfig config(ElectionContext context, long instance, Optional<EpochState> stored) {
    return new EngineConfig(
        context,
        "small",
        DIGEST,
        priority(context.self()),
        Optional.of(new EngineConfig.Promise(LEASE, false, instance, stored)));
  }

  ElectionAlgorithm algorithm(ElectionContext context) {
    return switch (algorithm) {
      case FAST -> FAST_PROVIDER.create(context);
      case BULLY -> new Bully(context.self());
    };
  }
}
