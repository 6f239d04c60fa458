package io.quorate.election;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigReaderTest {
  private static final String MEMBERS = "1=a:1|b:1, 2=[::1]:2,3=c:3";

  private static Map<String, String> options(String... more) {
    var options = new HashMap<>(Map.of("id", "1", "members", MEMBERS, "data", "/var/quorate"));
    for (String entry : more) {
      int equals = entry.indexOf('=');
      options.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return options;
  }

  private static LeaderElectionConfig read(String... more) {
    return LeaderElectionConfig.fromOptions(options(more)).build();
  }

  private static LeaseTimings lease(String... more) {
    return read(more).promise().orElseThrow().timings();
  }

  private static Properties properties(Map<String, String> options) {
    var properties = new Properties();
    options.forEach((name, value) -> properties.setProperty("quorate." + name, value));
    return properties;
  }

  @Test
  void an_id_the_members_and_a_data_directory_are_enough() {
    LeaderElectionConfig config = read();
    assertEquals(id(1), config.self());
    assertEquals(Set.of(id(1), id(2), id(3)), config.ensemble().participants());
    assertEquals(List.of(new HostPort("a", 1), new HostPort("b", 1)), config.bind());
    assertEquals("files", config.promise().orElseThrow().store().orElseThrow().name());
    assertEquals(Path.of("/var/quorate"), config.promise().orElseThrow().data().orElseThrow());
    assertEquals(LeaderElectionConfig.DEFAULT_PRIORITY, config.priority());
    assertEquals(LeaseTimings.lan(), lease());
  }

  @Test
  void everything_that_has_a_name_can_be_read() {
    var options =
        options(
            "observers=4=d:4,5=e:5",
            "bind=0.0.0.0:7|[::]:7",
            "advertise=outside:7",
            "lease=2s",
            "heartbeat=500ms",
            "suspect-after=PT3S",
            "drift=0.02",
            "fast-failover=true",
            "priority=7",
            "ensemble=orders",
            "algorithm=fast",
            "transport=memory",
            "witness=false",
            "election-only=false",
            "preset=lan",
            "store=files");
    assertEquals(Set.copyOf(ConfigReader.NAMES), options.keySet());
    LeaderElectionConfig config = LeaderElectionConfig.fromOptions(options).build();
    assertEquals(Set.of(id(4), id(5)), config.ensemble().observers());
    assertEquals(List.of(new HostPort("0.0.0.0", 7), new HostPort("::", 7)), config.bind());
    assertEquals(List.of(new HostPort("outside", 7)), config.advertise());
    PromiseConfig promise = config.promise().orElseThrow();
    assertEquals(
        new LeaseTimings(
            Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofSeconds(3), 0.02),
        promise.timings());
    assertTrue(promise.fastFailover());
    assertEquals(7, config.priority());
    assertEquals("orders", config.ensembleName());
    assertEquals("memory", config.transport().name());
  }

  @Test
  void election_only_needs_no_data_directory() {
    var options = options("election-only=true");
    options.remove("data");
    assertTrue(LeaderElectionConfig.fromOptions(options).build().promise().isEmpty());
  }

  @Test
  void a_witness_is_a_voter_that_never_leads() {
    assertEquals(0, read("witness=true").priority());
  }

  @Test
  void an_observer_needs_neither_an_id_nor_a_store() {
    var options = options("id=observer");
    options.remove("data");
    LeaderElectionConfig config = LeaderElectionConfig.fromOptions(options).build();
    assertEquals(ServerId.OBSERVER, config.self());
    assertEquals(0, config.priority());
  }

  @Test
  void a_preset_can_be_changed_in_part() {
    LeaderElectionConfig wan = read("preset=wan", "suspect-after=10s");
    assertEquals(TransportLimits.wan(), wan.limits());
    assertEquals(ElectionTimings.wan(), wan.timings());
    assertEquals(Duration.ofSeconds(5), lease("preset=wan", "suspect-after=10s").lease());
    assertEquals(Duration.ofSeconds(10), lease("preset=wan", "suspect-after=10s").suspectAfter());
  }

  @Test
  void properties_have_a_prefix_and_others_are_left_alone() {
    Properties shared = properties(options());
    var properties = new Properties(shared);
    properties.setProperty("quorate.suspect-after", "1300ms");
    properties.setProperty("quorateur.colour", "red");
    LeaderElectionConfig config = LeaderElectionConfig.fromProperties(properties).build();
    assertEquals(Duration.ofMillis(1300), config.promise().orElseThrow().timings().suspectAfter());
  }

  @Test
  void a_property_that_is_no_text_is_an_error() {
    Properties properties = properties(options());
    properties.put("quorate.lease", Duration.ofSeconds(1));
    assertError(
        "'quorate.lease': the value is no text",
        () -> LeaderElectionConfig.fromProperties(properties));
  }

  @Test
  void environment_variables_are_in_upper_case() {
    var environment =
        Map.of(
            "QUORATE_ID", "2",
            "QUORATE_MEMBERS", MEMBERS,
            "QUORATE_STORE", "memory",
            "QUORATE_SUSPECT_AFTER", "1300ms",
            "PATH", "/bin");
    LeaderElectionConfig config = LeaderElectionConfig.fromEnvironment(environment).build();
    assertEquals(id(2), config.self());
    PromiseConfig promise = config.promise().orElseThrow();
    assertEquals("memory", promise.store().orElseThrow().name());
    assertEquals(Duration.ofMillis(1300), promise.timings().suspectAfter());
  }

  @Test
  void variables_that_only_look_like_ours_are_left_alone() {
    var environment = new HashMap<String, String>();
    options().forEach((name, value) -> environment.put("QUORATE_" + upper(name), value));
    for (String foreign :
        List.of(
            "JAVA_OPTS",
            "PORT",
            "PORT_3888_TCP_ADDR",
            "SERVICE_HOST",
            "NODES_SERVICE_PORT_ELECTION",
            "NODES_PORT")) {
      environment.put("QUORATE_" + foreign, "");
    }
    assertEquals(id(1), LeaderElectionConfig.fromEnvironment(environment).build().self());
  }

  @Test
  void every_name_can_be_a_variable() {
    for (String name : ConfigReader.NAMES) {
      assertError(
          "QUORATE_" + upper(name) + " is empty",
          () -> LeaderElectionConfig.fromEnvironment(Map.of("QUORATE_" + upper(name), " ")));
    }
  }

  @Test
  void the_environment_wins_over_the_properties() {
    var config =
        LeaderElectionConfig.fromProperties(
                properties(options("priority=3")), Map.of("QUORATE_ID", "2"))
            .build();
    assertEquals(id(2), config.self());
    assertEquals(3, config.priority());
  }

  @ParameterizedTest
  @CsvSource({"1200ms, 1200", "1s, 1000", "5m, 300000", "1h, 3600000", "PT1.2S, 1200"})
  void a_duration_has_a_unit(String text, long millis) {
    assertEquals(Duration.ofMillis(millis), ConfigValues.duration(text));
  }

  static List<Arguments> mistakes() {
    String durations = " is no duration such as 1200ms, 1s, 5m, 1h or PT1.2S";
    return List.of(
        Arguments.of("lease: '1.5s'" + durations, "lease=1.5s"),
        Arguments.of("heartbeat: '-1s'" + durations, "heartbeat=-1s"),
        Arguments.of("lease: '1'" + durations, "lease=1"),
        Arguments.of("drift: '1%' is no fraction such as 0.01", "drift=1%"),
        Arguments.of("drift must be 0 to 0.5, not 0.6", "drift=0.6"),
        Arguments.of("priority: 'high' is not a number from 0 to 2147483647", "priority=high"),
        Arguments.of("the priority -1 is negative", "priority=-1"),
        Arguments.of("witness: 'yes' is neither true nor false", "witness=yes"),
        Arguments.of("preset: 'man' is neither lan nor wan", "preset=man"),
        Arguments.of("ensemble is empty", "ensemble= "),
        Arguments.of("two members have the id 1", "members=1=a:1,1=b:1"),
        Arguments.of("two members have the id 3", "observers=3=d:4"),
        Arguments.of("server 9 is not a member of the ensemble [1, 2, 3]", "id=9"),
        Arguments.of(
            "id: '-1' is not a server id, a number from 0 to 9223372036854775806", "id=-1"),
        Arguments.of("members: 'a:1' is not id=host:port or id=host:port|host:port", "members=a:1"),
        Arguments.of("bind: 'here': an address is host:port or [ipv6]:port", "bind=h:1|here"),
        Arguments.of("data: 'a b' is no path", "data=a\0b"),
        Arguments.of(
            "lease * (1 + drift) is PT5.05S and must be less than suspectAfter PT1.2S",
            "preset=wan suspect-after=1200ms"),
        Arguments.of("heartbeat PT1S is more than half of the lease PT1S", "preset=wan lease=1s"),
        Arguments.of(
            "witness and priority say the same or contradict each other",
            "witness=true priority=1"),
        Arguments.of(
            "election only does without a data directory: leave out one of them",
            "election-only=true"),
        Arguments.of("'leese' is unknown; did you mean lease?", "leese=1s"),
        Arguments.of("'suspectafter' is unknown; did you mean suspect-after?", "suspectafter=1s"),
        Arguments.of(
            "'colour' is unknown; there are " + String.join(", ", ConfigReader.NAMES),
            "colour=red"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_told_in_one_line(String reason, String settings) {
    assertError(reason, () -> read(settings.split(" (?=[a-z])", -1)));
  }

  @Test
  void a_mistake_is_told_by_the_name_that_was_used() {
    Properties properties = properties(options());
    assertError(
        "QUORATE_LEASE: 'long' is no duration such as 1200ms, 1s, 5m, 1h or PT1.2S",
        () -> LeaderElectionConfig.fromProperties(properties, Map.of("QUORATE_LEASE", "long")));
    assertError(
        "'QUORATE_SUSPECTAFTER' is unknown; did you mean QUORATE_SUSPECT_AFTER?",
        () -> LeaderElectionConfig.fromEnvironment(Map.of("QUORATE_SUSPECTAFTER", "1s")));
    assertError(
        "quorate.id or QUORATE_ID is missing",
        () -> LeaderElectionConfig.fromProperties(new Properties(), Map.of()));
  }

  @Test
  void a_wrong_value_is_shown_without_what_would_break_the_line() {
    String shown = ConfigValues.quoted("a\r\nb" + "c".repeat(1000));
    assertFalse(shown.chars().anyMatch(Character::isISOControl));
    assertTrue(shown.endsWith("ccc...'"), shown);
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static void assertError(String reason, Executable executable) {
    var error = assertThrows(IllegalArgumentException.class, executable);
    assertEquals(reason, error.getMessage());
  }
}
