package io.quorate.protocol;

import static io.quorate.protocol.Bytes.ok;
import static io.quorate.protocol.Bytes.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnsembleConfigTest {

  private static final ServerId ONE = ServerId.of(1);
  private static final ServerId TWO = ServerId.of(2);
  private static final Member FIRST = member(1, Member.Role.PARTICIPANT);
  private static final Member SECOND = member(2, Member.Role.OBSERVER);

  private static Member member(long id, Member.Role role) {
    return Member.of(ServerId.of(id), role, List.of(new HostPort("h" + id, 3888)));
  }

  private static ConfigDigest digestOf(String text) {
    return ok(ConfigText.parse(utf8(text))).config().digest();
  }

  @Test
  void aMajorityIsItsMembersInTheOrderOfTheirIds() {
    EnsembleConfig config = EnsembleConfig.majority(List.of(SECOND, FIRST));
    assertEquals(List.of(ONE, TWO), new ArrayList<>(config.members().keySet()));
    assertEquals(Set.of(ONE), config.participants());
    assertEquals(Set.of(TWO), config.observers());
    assertEquals(0, config.version());
    assertEquals(Optional.empty(), config.hierarchy());
  }

  @Test
  void aMemberByItsElectionAddressHasNoQuorumPort() {
    assertEquals(List.of(new Member.Address("h1", Member.NO_QUORUM_PORT, 3888)), FIRST.addresses());
    assertEquals(List.of(new HostPort("h1", 3888)), FIRST.electionAddresses());
  }

  @Test
  void whatContradictsItselfIsRefused() {
    var wrongKey = new TreeMap<>(Map.of(TWO, FIRST));
    var observersAlone = new TreeMap<>(Map.of(TWO, SECOND));
    var good = new TreeMap<>(Map.of(ONE, FIRST));
    var elsewhere = hierarchy(Map.of(0L, Set.of(TWO)), Map.of());
    Optional<EnsembleConfig.Hierarchy> none = Optional.empty();
    assertRefused(() -> new EnsembleConfig(wrongKey, none, 0));
    assertRefused(() -> new EnsembleConfig(observersAlone, none, 0));
    assertRefused(() -> new EnsembleConfig(good, none, -1));
    assertRefused(() -> new EnsembleConfig(good, elsewhere, 0));
    assertRefused(() -> EnsembleConfig.majority(List.of(FIRST, FIRST)));
  }

  @Test
  void aHierarchyThatContradictsItselfIsRefused() {
    assertRefused(() -> hierarchy(Map.of(), Map.of()));
    assertRefused(() -> hierarchy(Map.of(0L, Set.of()), Map.of()));
    assertRefused(() -> hierarchy(Map.of(-1L, Set.of(ONE)), Map.of()));
    assertRefused(() -> hierarchy(Map.of(0L, Set.of(ONE), 1L, Set.of(ONE)), Map.of()));
    assertRefused(() -> hierarchy(Map.of(0L, Set.of(ServerId.of(-1))), Map.of()));
    assertRefused(() -> hierarchy(Map.of(0L, Set.of(ONE)), Map.of(ONE, -1L)));
    assertRefused(() -> hierarchy(Map.of(0L, Set.of(ONE)), Map.of(ONE, 1L << 31)));
  }

  @Test
  void aMemberNeedsAnIdAndAnAddress() {
    List<HostPort> addresses = FIRST.electionAddresses();
    assertRefused(() -> Member.of(ServerId.of(-1), Member.Role.PARTICIPANT, addresses));
    assertRefused(() -> Member.of(ServerId.OBSERVER, Member.Role.OBSERVER, addresses));
    assertRefused(() -> Member.of(ONE, Member.Role.PARTICIPANT, List.of()));
    assertRefused(() -> new Member.Address("", 1, 2));
    assertRefused(() -> new Member.Address("a", 0, 2));
    assertRefused(() -> new Member.Address("a", 1, 65536));
  }

  private static Optional<EnsembleConfig.Hierarchy> hierarchy(
      Map<Long, Set<ServerId>> groups, Map<ServerId, Long> weights) {
    return Optional.of(new EnsembleConfig.Hierarchy(groups, weights));
  }

  private static void assertRefused(Runnable making) {
    assertThrows(IllegalArgumentException.class, making::run);
  }

  @Test
  void nobodyCanChangeAConfigurationFromOutside() {
    var members = new TreeMap<ServerId, Member>(Comparator.reverseOrder());
    members.put(ONE, FIRST);
    members.put(TWO, SECOND);
    var group = new HashSet<>(Set.of(ONE));
    var groups = new HashMap<Long, Set<ServerId>>(Map.of(0L, group));
    var config = new EnsembleConfig(members, hierarchy(groups, new HashMap<>()), 0);
    members.clear();
    group.clear();
    groups.clear();
    assertEquals(List.of(ONE, TWO), new ArrayList<>(config.members().keySet()));
    EnsembleConfig.Hierarchy hierarchy = config.hierarchy().orElseThrow();
    assertEquals(Map.of(0L, Set.of(ONE)), hierarchy.groups());
    assertThrows(UnsupportedOperationException.class, () -> config.members().clear());
    assertThrows(UnsupportedOperationException.class, () -> hierarchy.groups().clear());
    assertThrows(UnsupportedOperationException.class, () -> hierarchy.weights().clear());
    assertThrows(UnsupportedOperationException.class, () -> config.participants().clear());
  }

  /** The expected values are sha256sum's, of the text that {@link ConfigDigest} describes. */
  @Test
  void theDigestIsTheSha256OfTheCanonicalText() {
    // server.1=a:3:participant and server.2=[::1]:5|b:6:observer, a newline after each.
    assertEquals(
        "ebc986d0ef38687849304ce68a1ebcefabdacc9014f3fa2358aa2011dac34991",
        digestOf("server.2=b:4:6|[::1]:4:5:observer\nserver.1=a:2:3;2181\nversion=7").hex());
    // Two participants with election port 3, group.0=1:2, weight.1=1, weight.2=2.
    assertEquals(
        "9a69e44d1084b3d9c2d687d09f18c45ed737f617517fa5928676e19a9fbac74e",
        digestOf("server.1=a:2:3\nserver.2=b:2:3\ngroup.0=2:1\nweight.2=2").hex());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version=9\nserver.2=b:2:3\nserver.1=a:2:3",
        "server.1=a:9:3\nserver.2=b:9:3",
        "server.1=a:2:3;2181\nserver.2=b:2:3:participant;;c:2182"
      })
  void whatDoesNotMatterToAnElectionDoesNotChangeTheDigest(String text) {
    assertEquals(digestOf("server.1=a:2:3\nserver.2=b:2:3\nversion=0"), digestOf(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server.1=a:2:3",
        "server.1=a:2:3\nserver.2=b:2:4",
        "server.1=a:2:3\nserver.2=B:2:3",
        "server.1=a:2:3\nserver.3=b:2:3",
        "server.1=a:2:3\nserver.2=b:2:3:observer",
        "server.1=a:2:3\nserver.2=b:2:3|c:2:3",
        "server.1=a:2:3\nserver.2=b:2:3\ngroup.1=1:2",
        ""
      })
  void whatMattersDoes(String text) {
    assertNotEquals(digestOf("server.1=a:2:3\nserver.2=b:2:3"), digestOf(text));
  }

  @Test
  void aDigestIsWholeBytesInLowerCase() {
    assertEquals(64, digestOf("").hex().length());
    assertEquals("0aff", ConfigDigest.ofBytes(new byte[] {10, -1}).toString());
    assertRefused(() -> new ConfigDigest("a"));
    assertRefused(() -> new ConfigDigest("AA"));
    assertRefused(() -> new ConfigDigest("zz"));
    assertRefused(() -> new ConfigDigest("aa".repeat(65)));
  }
}
