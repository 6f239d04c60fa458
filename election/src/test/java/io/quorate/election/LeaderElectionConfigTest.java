package io.quorate.election;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  private static LeaderElectionConfig.Builder builder() {
    return LeaderElectionConfig.builder(id(1)).ensemble(Ensembles.inMemory(3, 1));
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
    LeaderElectionConfig config = LeaderElectionConfig.builder(id(1)).ensemble(ensemble).build();
    assertEquals(List.of(ANY, HERE), config.bind());
  }

  static List<Arguments> nonsense() {
    return List.of(
        Arguments.of(
            "server 7 is not a member of the ensemble [1, 2, 3, 4]",
            LeaderElectionConfig.builder(id(7)).ensemble(Ensembles.inMemory(3, 1))),
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
  void the_guarantee_in_force_is_one_line() {
    LeaderElectionConfig.Builder builder = builder().transport(TransportProvider.named("memory"));
    assertEquals(
        "server 1 of 3 voters: election only (no epoch promise, no lease), algorithm fast,"
            + " transport memory, plain, quorum 2",
        LeaderElection.guarantee(builder.build()));
    assertTrue(
        LeaderElection.guarantee(
                LeaderElectionConfig.builder(id(4)).ensemble(Ensembles.inMemory(3, 1)).build())
            .startsWith("observer 4 beside 3 voters: election only"));
    assertTrue(
        LeaderElection.guarantee(
                LeaderElectionConfig.builder(id(1)).ensemble(grouped(Map.of())).build())
            .endsWith("quorum by weight in 2 groups"));
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
