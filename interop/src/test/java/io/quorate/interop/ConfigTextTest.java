package io.quorate.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.ConfigText;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.EnsembleConfig.Hierarchy;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.Member.Address;
import io.quorate.protocol.Member.Role;
import io.quorate.protocol.ServerId;
import io.quorate.zookeeper.Layout;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.zookeeper.server.quorum.QuorumPeer.LearnerType;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.flexible.QuorumHierarchical;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;
import org.apache.zookeeper.server.quorum.flexible.QuorumVerifier;
import org.junit.jupiter.api.Test;

/** The ensemble's text: what ZooKeeper writes we read alike, and what we write it reads alike. */
final class ConfigTextTest {
  private static final int ALGORITHM = 3;

  /** Every form of a member that both sides know. */
  private static final EnsembleConfig MAJORITY =
      new EnsembleConfig(
          EnsembleConfig.majority(
                  List.of(
                      member(1, Role.PARTICIPANT, new Address("127.0.0.1", 2888, 3888)),
                      member(
                          2,
                          Role.PARTICIPANT,
                          new Address("127.0.0.1", 2889, 3889),
                          new Address("localhost", 2890, 3890)),
                      withClient(
                          member(3, Role.PARTICIPANT, new Address("::1", 2891, 3891)),
                          new HostPort("127.0.0.1", 2181)),
                      member(7, Role.OBSERVER, new Address("localhost", 2892, 3892))))
              .members(),
          Optional.empty(),
          0x1a2b3c);

  private static final EnsembleConfig HIERARCHY =
      new EnsembleConfig(
          EnsembleConfig.majority(
                  List.of(
                      member(1, Role.PARTICIPANT, new Address("127.0.0.1", 2888, 3888)),
                      member(2, Role.PARTICIPANT, new Address("127.0.0.1", 2889, 3889)),
                      member(3, Role.PARTICIPANT, new Address("127.0.0.1", 2890, 3890))))
              .members(),
          Optional.of(
              new Hierarchy(
                  Map.of(1L, ids(1, 2), 2L, ids(3)),
                  Map.of(ServerId.of(1), 2L, ServerId.of(2), 1L, ServerId.of(3), 0L))),
          0x10);

  @Test
  void zooKeeperReadsTheMajorityThatWeWrite() throws Exception {
    QuorumVerifier theirs = readByZooKeeper(ConfigText.of(MAJORITY).toString());
    assertInstanceOf(QuorumMaj.class, theirs);
    assertEquals(0x1a2b3c, theirs.getVersion());
    assertSameMembers(MAJORITY, theirs);
  }

  @Test
  void weReadTheMajorityThatZooKeeperWrites() throws Exception {
    QuorumVerifier theirs = readByZooKeeper(ConfigText.of(MAJORITY).toString());
    EnsembleConfig ours = readByUs(theirs.toString());
    assertEquals(MAJORITY.version(), ours.version());
    assertEquals(Optional.empty(), ours.hierarchy());
    assertSameMembers(ours, theirs);
    assertEquals(MAJORITY.digest(), readByUs(expandedV6(theirs.toString())).digest());
  }

  @Test
  void zooKeeperReadsTheHierarchyThatWeWrite() throws Exception {
    QuorumVerifier theirs = readByZooKeeper(ConfigText.of(HIERARCHY).toString());
    assertInstanceOf(QuorumHierarchical.class, theirs);
    assertEquals(0x10, theirs.getVersion());
    assertEquals(2, theirs.getWeight(1));
    assertEquals(1, theirs.getWeight(2));
    assertEquals(0, theirs.getWeight(3));
    assertSameMembers(HIERARCHY, theirs);
    var ours = io.quorate.election.QuorumVerifier.of(HIERARCHY);
    for (Set<Long> some : List.of(Set.of(1L), Set.of(2L), Set.of(3L), Set.of(2L, 3L))) {
      assertEquals(theirs.containsQuorum(some), ours.isQuorum(idsOf(some)), some.toString());
    }
  }

  @Test
  void weReadTheHierarchyThatZooKeeperWrites() throws Exception {
    QuorumVerifier theirs = readByZooKeeper(ConfigText.of(HIERARCHY).toString());
    assertEquals(HIERARCHY, readByUs(theirs.toString()));
  }

  @Test
  void runningPeerTellsWhatWeWouldTell() {
    Layout layout = Layout.ofVoters(3).with(4, Role.OBSERVER);
    try (var peer = RealPeer.start(layout, 1)) {
      assertEquals(layout.ours(), readByUs(peer.configText()));
    }
  }

  @Test
  void membersOfOursWithoutAQuorumPortAreReadToo() throws Exception {
    Member member =
        Member.of(ServerId.of(1), Role.PARTICIPANT, List.of(new HostPort("127.0.0.1", 3888)));
    EnsembleConfig config = EnsembleConfig.majority(List.of(member));
    assertSameMembers(config, readByZooKeeper(ConfigText.of(config).toString()));
  }

  private static QuorumVerifier readByZooKeeper(String text) throws Exception {
    var properties = new Properties();
    properties.load(new StringReader(text));
    return QuorumPeerConfig.parseDynamicConfig(properties, ALGORITHM, false, false, null);
  }

  private static EnsembleConfig readByUs(String text) {
    return switch (ConfigText.parse(text.getBytes(UTF_8))) {
      case Decoded.Ok<ConfigText>(ConfigText read) -> read.config();
      case Decoded.Malformed<ConfigText>(String reason) ->
          throw new AssertionError(reason + " in: " + text);
    };
  }

  private static void assertSameMembers(EnsembleConfig ours, QuorumVerifier theirs) {
    assertEquals(theirs.getAllMembers().size(), ours.members().size());
    theirs
        .getAllMembers()
        .forEach(
            (id, their) -> {
              Member our = ours.members().get(ServerId.of(id));
              assertEquals(their.type == LearnerType.OBSERVER, our.role() == Role.OBSERVER);
              assertEquals(hostsOf(their), our.addresses().size());
              for (HostPort address : our.electionAddresses()) {
                assertTrue(
                    their.electionAddr.getAllAddresses().stream()
                        .anyMatch(
                            a ->
                                a.getPort() == address.port()
                                    && sameHost(a.getHostString(), address.host())),
                    address + " is not in " + their);
              }
              if (their.clientAddr != null) {
                assertEquals(their.clientAddr.getPort(), our.client().orElseThrow().port());
              }
            });
  }

  private static int hostsOf(QuorumServer server) {
    return server.electionAddr.getAllAddresses().size();
  }

  /** ZooKeeper writes an IPv6 literal in full. */
  private static boolean sameHost(String theirs, String ours) {
    return theirs.equals(ours) || (theirs + ours).contains("0:0:0:0:0:0:0:1") == ours.contains(":");
  }

  private static String expandedV6(String text) {
    return text.replace("[0:0:0:0:0:0:0:1]", "[::1]");
  }

  private static Member member(long id, Role role, Address... addresses) {
    return new Member(
        ServerId.of(id), List.of(addresses), role, Optional.empty(), Optional.empty());
  }

  private static Member withClient(Member member, HostPort client) {
    return new Member(
        member.id(), member.addresses(), member.role(), Optional.of(client), Optional.empty());
  }

  private static Set<ServerId> ids(long... ids) {
    var set = new java.util.HashSet<ServerId>();
    for (long id : ids) {
      set.add(ServerId.of(id));
    }
    return set;
  }

  private static Set<ServerId> idsOf(Set<Long> ids) {
    return ids(ids.stream().mapToLong(Long::longValue).toArray());
  }
}
