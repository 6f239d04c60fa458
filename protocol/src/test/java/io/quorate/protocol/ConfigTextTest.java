package io.quorate.protocol;

import static io.quorate.protocol.Bytes.assertEveryTruncationIsMalformed;
import static io.quorate.protocol.Bytes.hex;
import static io.quorate.protocol.Bytes.malformed;
import static io.quorate.protocol.Bytes.ok;
import static io.quorate.protocol.Bytes.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigTextTest {

  private static final ServerId ONE = ServerId.of(1);
  private static final ServerId TWO = ServerId.of(2);

  private static EnsembleConfig parse(String text) {
    return ok(ConfigText.parse(utf8(text))).config();
  }

  private static Member member(String spec) {
    return parse("server.1=" + spec).members().getOrDefault(ONE, voter(99));
  }

  private static Member voter(long id) {
    return Member.of(
        ServerId.of(id), Member.Role.PARTICIPANT, List.of(new HostPort("h" + id, 3888)));
  }

  @Test
  void aMajorityHasALineAMemberAndItsVersion() {
    String text =
        """
        server.1=127.0.0.1:22801:23801:participant
        server.2=[::1]:22802:23802:observer
        version=1f\
        """;
    EnsembleConfig config = parse(text);
    assertEquals(Set.of(ONE), config.participants());
    assertEquals(Set.of(TWO), config.observers());
    assertEquals(0x1f, config.version());
    assertEquals(Optional.empty(), config.hierarchy());
    assertEquals(text, ConfigText.of(config).toString());
  }

  @Test
  void aHierarchyAddsItsGroupsAndWeights() {
    String text =
        """
        server.1=a:1:2:participant
        server.2=b:1:2:participant
        server.3=c:1:2:participant
        group.0=1
        group.7=2:3
        weight.1=1
        weight.2=5
        weight.3=0
        version=0\
        """;
    EnsembleConfig config = parse(text);
    EnsembleConfig.Hierarchy hierarchy = config.hierarchy().orElseThrow();
    assertEquals(Map.of(0L, Set.of(ONE), 7L, Set.of(TWO, ServerId.of(3))), hierarchy.groups());
    assertEquals(Map.of(ONE, 1L, TWO, 5L, ServerId.of(3), 0L), hierarchy.weights());
    assertEquals(text, ConfigText.of(config).toString());
  }

  @Test
  void aWeightThatIsNotToldIs1() {
    EnsembleConfig config = parse("server.1=a:1:2\ngroup.1=1");
    assertEquals(Map.of(ONE, 1L), config.hierarchy().orElseThrow().weights());
  }

  @ParameterizedTest
  @CsvSource({
    "a:1:2, a:1:2:participant",
    "a:1:2:participant, a:1:2:participant",
    "a:1:2:PARTICIPANT, a:1:2:participant",
    "a:1:2:Observer;2181, a:1:2:observer;0.0.0.0:2181",
    "a:1:2;2181, a:1:2:participant;0.0.0.0:2181",
    "a:1:2:participant;b:2181, a:1:2:participant;b:2181",
    "a:1:2:participant;[::1]:2181, a:1:2:participant;[::1]:2181",
    "a:1:2:participant;b:2181;c:2182, a:1:2:participant;b:2181;c:2182",
    "a:1:2:participant;2181;2182, a:1:2:participant;0.0.0.0:2181;0.0.0.0:2182",
    "a:1:2:participant;;c:2182, a:1:2:participant;;c:2182",
    "a:1:2;, a:1:2:participant",
    "a:1:2|b:3:4, a:1:2|b:3:4:participant",
    "a:1:2|[::1]:3:4:participant;2181, a:1:2|[::1]:3:4:participant;0.0.0.0:2181",
    "a:1:2:participant|b:3:4:participant, a:1:2|b:3:4:participant",
    "[fe80::1%eth0]:1:2, [fe80::1%eth0]:1:2:participant",
    "a:7:7, a:7:7:participant"
  })
  void aSpecIsReadInEveryFormAndWrittenInOne(String spec, String written) {
    // A participant beside it, since observers alone are no ensemble.
    EnsembleConfig config = parse("server.0=z:1:2:participant\nserver.1=" + spec);
    assertEquals(
        "server.0=z:1:2:participant\nserver.1=" + written + "\nversion=0",
        ConfigText.of(config).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a:1",
        "a:1:2:3",
        "a:1:2:leader",
        "a:1:2:participant:x",
        "a:0:2",
        "a:1:65536",
        "a:x:2",
        "a:1:-2",
        "::1:1:2",
        "[::1]",
        "[::1]:1",
        "[a]:1:2",
        "[::1:1:2",
        ":1:2",
        "a b:1:2",
        "a:1:2|",
        "|a:1:2",
        "a:1:2:participant|b:3:4:observer",
        "a:1:2;x",
        "a:1:2;0",
        "a:1:2;:1",
        "a:1:2;b:1;c:2;d:3",
        "a:1:2;b:1:2",
        ";2181",
        "a:1:2:observer"
      })
  void anyOtherSpecIsMalformed(String spec) {
    malformed(ConfigText.parse(utf8("server.1=" + spec + "\nversion=0")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server.1 = a:1:2",
        "server.1:a:1:2",
        "server.1 a:1:2",
        "\r\n\r\n# remark\n! remark\n  server.1=a:1:2  \r\nversion=0",
        "version=0\nserver.1=a:1:2",
        "server.1=a\\:1\\:2",
        "server.1=\\u0061:1:2",
        "serv\\\n  er.1=a:1:\\\n  2",
        "server.1=zzz:9:9\nserver.1=a:1:2",
        "server.01=a:1:2"
      })
  void theRulesOfPropertiesHold(String text) {
    assertEquals("server.1=a:1:2:participant\nversion=0", ConfigText.of(parse(text)).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server.1=\\u00zz:1:2",
        "server.1=a:1:2\\u12",
        "server=a:1:2",
        "server.=a:1:2",
        "server.x=a:1:2",
        "server.-1=a:1:2",
        "server.+1=a:1:2",
        "server.9223372036854775807=a:1:2",
        "server.9223372036854775808=a:1:2",
        "server.1=a:1:2\nserver.01=b:1:2",
        "Server.1=a:1:2",
        "clientPort=2181",
        "version.1=0",
        "just words",
        "=",
        "server.1=a:1:2\ngroup.1=2",
        "server.1=a:1:2\nweight.1=1",
        "server.1=a:1:2\ngroup.1=1\ngroup.2=1",
        "server.1=a:1:2\ngroup.1=1:1",
        "server.1=a:1:2\ngroup.1=1\ngroup.01=2",
        "server.1=a:1:2\ngroup.1=",
        "server.1=a:1:2\ngroup.1=1:",
        "server.1=a:1:2\ngroup.x=1",
        "server.1=a:1:2\ngroup1=1",
        "server.1=a:1:2\ngroup.-1=1",
        "server.1=a:1:2\ngroup.1=1\nweight.1=-1",
        "server.1=a:1:2\ngroup.1=1\nweight.1=x",
        "server.1=a:1:2\ngroup.1=1\nweight.1=2147483648",
        "server.1=a:1:2\ngroup.1=1\nweight.1=1\nweight.01=1",
        "server.1=a:1:2:observer"
      })
  void anyOtherTextIsMalformed(String text) {
    malformed(ConfigText.parse(utf8(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "a, 10",
    "A, 10",
    "100000000, 4294967296",
    "7fffffffffffffff, 9223372036854775807",
    "0000000000000001, 1"
  })
  void aVersionIsHexadecimal(String digits, long version) {
    EnsembleConfig config = parse("version=" + digits);
    assertEquals(version, config.version());
    assertEquals("version=" + Long.toHexString(version), ConfigText.of(config).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "+1", "0x1", "g", "8000000000000000", "1 2", "00000000000000000"})
  void anyOtherVersionIsMalformed(String digits) {
    malformed(ConfigText.parse(utf8("version=" + digits)));
  }

  @Test
  void anEmptyTextIsAnEnsembleOfNobody() {
    EnsembleConfig nobody = parse("");
    assertEquals(0, nobody.version());
    assertEquals(Map.of(), nobody.members());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "23c0af", // overlong /
        "23e080af", // overlong in three bytes
        "23f08080af", // overlong in four bytes
        "23eda080", // a high surrogate
        "23edbfbf", // a low surrogate
        "23eda080edb080", // both, each as three bytes
        "23c3", // cut short
        "23e282", // cut short
        "23f09f98", // cut short
        "2380", // a continuation of nothing
        "23ff",
        "23f4908080" // beyond U+10FFFF
      })
  void whatIsNotUtf8IsMalformedEvenInARemark(String digits) {
    assertEquals("a config text is not UTF-8", malformed(ConfigText.parse(hex(digits))));
  }

  @Test
  void aTruncatedSpecIsMalformedAtEveryOffset() {
    // From the first byte of a key to the election port: shorter than that nothing is whole.
    byte[] spec = utf8("server.1=[fe80::1]:22801:2");
    byte[] first = {spec[0]};
    malformed(ConfigText.parse(first));
    assertEveryTruncationIsMalformed(
        spec, cut -> cut.length > 0 ? ConfigText.parse(cut) : ConfigText.parse(first));
  }

  @Test
  void theLimitsHold() {
    String remark = "#".repeat(ConfigText.MAX_BYTES);
    assertEquals(ConfigText.MAX_BYTES, ok(ConfigText.parse(utf8(remark))).length());
    malformed(ConfigText.parse(utf8(remark + "#")));
    malformed(ConfigText.parse(utf8("\n".repeat(5000))));

    var most = new StringBuilder();
    for (int id = 0; id < EnsembleConfig.MAX_MEMBERS; id++) {
      most.append("server.").append(id).append("=h:1:2\n");
    }
    assertEquals(1024, parse(most.toString()).members().size());
    malformed(ConfigText.parse(utf8(most + "server.1024=h:1:2")));

    String addresses = "h:1:2|".repeat(Member.MAX_ADDRESSES - 1) + "h:1:2";
    assertEquals(16, member(addresses).addresses().size());
    malformed(ConfigText.parse(utf8("server.1=" + addresses + "|h:1:2")));
  }

  @Test
  void aConfigurationThatDoesNotFitAFrameHasNoText() {
    var members = new ArrayList<Member>();
    var address = new HostPort("h".repeat(255), 3888);
    for (int id = 0; id < EnsembleConfig.MAX_MEMBERS; id++) {
      members.add(
          Member.of(ServerId.of(id), Member.Role.PARTICIPANT, List.of(address, address, address)));
    }
    EnsembleConfig config = EnsembleConfig.majority(members);
    assertThrows(IllegalArgumentException.class, () -> ConfigText.of(config));
  }

  @Test
  void textsAreEqualByTheirBytes() {
    ConfigText text = ok(ConfigText.parse(utf8("version=1")));
    ConfigText same = ok(ConfigText.parse(utf8("version=1")));
    ConfigText other = ok(ConfigText.parse(utf8("version=01")));
    assertEquals(text, same);
    assertEquals(text.hashCode(), same.hashCode());
    assertNotEquals(text, other);
    assertEquals(text.config(), other.config());
    assertEquals("version=1", text.toString());
    assertEquals(9, text.length());
  }

  @Test
  void nobodyCanChangeATextFromOutside() {
    byte[] given = utf8("version=1");
    ConfigText text = ok(ConfigText.parse(given));
    given[8] = '2';
    text.bytes()[8] = '3';
    assertArrayEquals(utf8("version=1"), text.bytes());
  }

  @Test
  void noReasonQuotesTheText() {
    for (String text :
        List.of("secret=1", "server.1=secret", "version=secret", "server.secret=a")) {
      assertFalse(malformed(ConfigText.parse(utf8(text))).contains("secret"), text);
    }
  }
}
