package io.quorate.election;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.spi.EpochStoreProvider;
import io.quorate.election.spi.Position;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerId;
import io.quorate.transport.Peer;
import io.quorate.transport.TransportConfig;
import io.quorate.transport.TransportConfig.InitialForm;
import io.quorate.transport.TransportLimits;
import io.quorate.transport.spi.TransportProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class LeaderElectionConfigTest {
  private static final HostPort HERE = new HostPort("here", 1);
  private static final HostPort THERE = new HostPort("there", 2);
  private static final HostPort ANY = new HostPort("0.0.0.0", 3);
  private static final Path DATA = Path.of("data");
  private static final EpochStoreProvider MEMORY = EpochStoreProvider.named("memory");

  private static LeaderElectionConfig.Builder builder() {
    return undecided(1).electionOnly();
  }

  /** Says neither where promises are kept nor that there are none. */
  private static LeaderElectionConfig.Builder undecided(long id) {
    return LeaderElectionConfig.builder(id(id)).ensemble(Ensembles.inMemory(3, 1));
  }

  @Test
  void everything_but_the_ensemble_has_a_default() {
    LeaderElectionConfig config = builder().build();
    assertEquals("quorate", config.ensembleName());
    assertEquals("fast", config.algorithm().name());
    assertEquals("tcp", config.transport().name());
    assertEquals(TransportLimits.defaults(), config.limits());
    assertEquals(ElectionTimings.lan(), config.timings());
    assertEquals(Position.START, config.position().get());
    assertEquals(InitialForm.BY_ADDRESSES, config.initialMessage());
    assertEquals(List.of(new HostPort("memory", 1001)), config.bind());
    assertEquals(config.bind(), config.advertise());
  }

  @Test
  void a_server_may_listen_elsewhere_than_it_tells() {
    LeaderElectionConfig config = builder().bind(List.of(ANY)).build();
    assertEquals(List.of(ANY), config.bind());
    assertEquals(List.of(new HostPort("memory", 1001)), config.advertise());
    assertEquals(List.of(THERE), builder().advertise(List.of(THERE)).build().advertise());
  }

  @Test
  void an_observer_without_an_id_listens_nowhere_unless_told_to() {
    LeaderElectionConfig.Builder observer =
        LeaderElectionConfig.builder(ServerId.OBSERVER).ensemble(Ensembles.inMemory(3, 0));
    assertEquals(List.of(), observer.build().bind());
    assertEquals(List.of(HERE), observer.bind(List.of(HERE)).build().advertise());
  }

  @Test
  void the_peers_of_the_transport_are_all_the_other_members() {
    TransportConfig transport = builder().build().transportConfig();
    assertEquals(List.of(id(2), id(3), id(4)), transport.peers().stream().map(Peer::id).toList());
    assertEquals(id(1), transport.self());
  }

  @Test
  void a_server_may_listen_at_every_address_that_its_own_entry_names() {
    EnsembleConfig ensemble =
        EnsembleConfig.majority(List.of(voter(1, ANY, HERE), voter(2, THERE)));
    LeaderElectionConfig config =
        LeaderElectionConfig.builder(id(1)).ensemble(ensemble).electionOnly().build();
    assertEquals(List.of(ANY, HERE), config.bind());
  }

  static List<Arguments> nonsense() {
    return List.of(
        Arguments.of(
            "server 7 is not a member of the ensemble [1, 2, 3, 4]",
            LeaderElectionConfig.builder(id(7)).ensemble(Ensembles.inMemory(3, 1))),
        Arguments.of("the priority -1 is negative", builder().priority(-1)),
        Arguments.of("an observer never leads: its priority is 0, not 2", undecided(4).priority(2)),
        Arguments.of(
            "election only does without a lease: leave out one of them",
            builder().lease(LeaseTimings.lan())),
        Arguments.of(
            "election only does without fast fail-over: leave out one of them",
            builder().fastFailover()),
        Arguments.of(
            "election only does without an epoch store: leave out one of them",
            builder().epochStore(MEMORY)),
        Arguments.of(
            "election only does without a data directory: leave out one of them",
            builder().data(DATA)),
        Arguments.of(
            "the epoch store 'files' needs a data directory",
            undecided(1).epochStore(EpochStoreProvider.named("files"))),
        Arguments.of(
            "the epoch store 'memory' keeps nothing in a data directory: leave out one of them",
            undecided(1).epochStore(MEMORY).data(DATA)),
        Arguments.of("the ensemble has no voter", LeaderElectionConfig.builder(id(1))),
        Arguments.of(
            "the ensemble's name must have 1 to 255 bytes and a letter",
            builder().ensembleName(" ")),
        Arguments.of(
            "the ensemble's name must have 1 to 255 bytes and a letter",
            builder().ensembleName("ä".repeat(128))),
        Arguments.of("the ensemble's name has a control character", builder().ensembleName("a\nb")),
        Arguments.of(
            "servers 1 and 2 have the same address here:1",
            LeaderElectionConfig.builder(id(1))
                .ensemble(EnsembleConfig.majority(List.of(voter(1, HERE), voter(2, HERE))))),
        Arguments.of(
            "server 2 cannot be dialled at the wildcard address 0.0.0.0:3",
            LeaderElectionConfig.builder(id(1))
                .ensemble(EnsembleConfig.majority(List.of(voter(1, HERE), voter(2, ANY))))),
        Arguments.of(
            "no quorum is possible: every vote has weight 0",
            LeaderElectionConfig.builder(id(1)).ensemble(weightless())));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsense_is_refused_at_once_with_the_reason_in_one_line(
      String reason, LeaderElectionConfig.Builder builder) {
    var refusal = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(reason, refusal.getMessage());
  }

  @Test
  void a_member_without_an_address_is_refused() {
    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> Member.of(id(2), Role.PARTICIPANT, List.of()));
    assertTrue(refusal.toString().contains("addresses"), refusal.toString());
  }

  @Test
  void a_voter_says_where_it_remembers_its_promises() {
    var refusal = assertThrows(IllegalArgumentException.class, () -> undecided(1).build());
    assertEquals(
        "voter 1 must remember what it promises: give it a data directory, or the epoch store"
            + " 'memory' (tokens are not durable then), or say election only",
        refusal.getMessage());
    PromiseConfig files = undecided(1).data(DATA).build().promise().orElseThrow();
    assertEquals("files", files.store().orElseThrow().name());
    assertEquals(Optional.of(DATA), files.data());
    PromiseConfig memory = undecided(1).epochStore(MEMORY).build().promise().orElseThrow();
    assertEquals(Optional.of(MEMORY), memory.store());
    assertEquals(Optional.empty(), undecided(1).electionOnly().build().promise());
  }

  @Test
  void an_observer_remembers_nothing_and_never_leads() {
    LeaderElectionConfig config = undecided(4).data(DATA).build();
    assertEquals(0, config.priority());
    PromiseConfig promise = config.promise().orElseThrow();
    assertEquals(Optional.empty(), promise.store());
    assertEquals(Optional.empty(), promise.data());
  }

  @Test
  void a_voter_wants_to_lead_unless_it_is_a_witness() {
    assertEquals(1, builder().build().priority());
    assertEquals(9, builder().priority(9).build().priority());
    assertEquals(0, builder().witness().build().priority());
  }

  @Test
  void a_preset_sets_all_durations_but_those_set_by_themselves() {
    LeaderElectionConfig wan = undecided(1).data(DATA).wan().build();
    assertEquals(ElectionTimings.wan(), wan.timings());
    assertEquals(TransportLimits.wan(), wan.limits());
    assertEquals(LeaseTimings.wan(), wan.promise().orElseThrow().timings());
    LeaderElectionConfig own =
        undecided(1)
            .data(DATA)
            .lease(LeaseTimings.lan())
            .timings(ElectionTimings.lan())
            .limits(TransportLimits.defaults())
            .wan()
            .build();
    LeaderElectionConfig lan = undecided(1).data(DATA).wan().lan().build();
    assertEquals(lan.timings(), own.timings());
    assertEquals(lan.limits(), own.limits());
    assertEquals(lan.promise().orElseThrow().timings(), own.promise().orElseThrow().timings());
  }

  @Test
  void the_guarantee_in_force_is_one_line() {
    LeaderElectionConfig.Builder builder = builder().transport(TransportProvider.named("memory"));
    assertEquals(
        "server 1, voter of priority 1 among 3 voters: election only (no epoch promise, no lease),"
            + " algorithm fast, transport memory, plain, quorum 2",
        Guarantee.of(builder.build()));
    assertEquals(
        "server 1, voter of priority 3 among 3 voters: epoch promise, lease 1000 ms, drift 0.01,"
            + " fast fail-over on, tokens durable (files in data), algorithm fast, transport tcp,"
            + " plain, quorum 2",
        Guarantee.of(undecided(1).data(DATA).priority(3).fastFailover().build()));
    assertEquals(
        "server 2, witness among 3 voters: epoch promise, lease 5000 ms, drift 0.01, fast fail-over"
            + " off, tokens NOT durable (memory): they repeat after a restart, algorithm fast,"
            + " transport tcp, plain, quorum 2",
        Guarantee.of(undecided(2).epochStore(MEMORY).wan().witness().build()));
    assertEquals(
        "server 4, observer beside 3 voters: epoch promise, lease 1000 ms, drift 0.01, fast"
            + " fail-over off, tokens kept by the voters, algorithm fast, transport tcp, plain,"
            + " quorum 2",
        Guarantee.of(undecided(4).build()));
    assertTrue(
        Guarantee.of(
                LeaderElectionConfig.builder(ServerId.OBSERVER)
                    .ensemble(grouped(Map.of()))
                    .electionOnly()
                    .build())
            .matches("server without an id, observer beside 2 .*, quorum by weight in 2 groups"));
  }

  private static EnsembleConfig weightless() {
    return grouped(Map.of(id(1), 0L, id(2), 0L));
  }

  private static EnsembleConfig grouped(Map<ServerId, Long> weights) {
    EnsembleConfig plain = Ensembles.inMemory(2, 0);
    Map<Long, Set<ServerId>> groups = Map.of(1L, Set.of(id(1)), 2L, Set.of(id(2)));
    return new EnsembleConfig(
        new TreeMap<>(plain.members()),
        Optional.of(new EnsembleConfig.Hierarchy(groups, weights)),
        0);
  }

  private static Member voter(long id, HostPort... addresses) {
    return Member.of(id(id), Role.PARTICIPANT, List.of(addresses));
  }
}
