package io.quorate.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.LeaseTimings;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class NodeSettingsTest {

  @TempDir Path directory;

  private static NodeSettings settings(String... args) {
    var command = new NodeCommand();
    new CommandLine(command).parseArgs(args);
    return NodeSettings.of(command.values());
  }

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("quorate.properties"), text).toString();
  }

  @Test
  void whatIsNotGivenHasADefault() {
    var settings = settings("--id=1", "--members=1=h:1", "--data=d");
    assertFalse(settings.json());
    assertTrue(settings.reportValidity().isEmpty());
    var config = settings.config();
    assertEquals("fast", config.algorithm().name());
    assertEquals("tcp", config.transport().name());
    assertEquals(1, config.priority());
    var promise = config.promise().orElseThrow();
    assertEquals(LeaseTimings.lan(), promise.timings());
    assertFalse(promise.fastFailover());
    assertEquals("files", promise.store().orElseThrow().name());
  }

  @Test
  void everyOptionCanBeGivenOnTheCommandLineAndInAFile() throws IOException {
    var lines =
        List.of(
            "id=2",
            "members=1=a:1|b:1,2=[::1]:2",
            "observers=4=d:4",
            "bind=0.0.0.0:4",
            "advertise=e:5",
            "data=" + directory,
            "store=files",
            "preset=wan",
            "lease=3s",
            "heartbeat=500ms",
            "suspect-after=4s",
            "drift=0.02",
            "priority=5",
            "ensemble=orders",
            "algorithm=bully",
            "transport=tcp",
            "report-validity=5ms");
    var flags = List.of("fast-failover", "json");
    var args = new ArrayList<String>();
    lines.forEach(line -> args.add("--" + line));
    flags.forEach(flag -> args.add("--" + flag));
    var text = new StringBuilder("# The names are those of the options.\n");
    lines.forEach(line -> text.append(line).append('\n'));
    flags.forEach(flag -> text.append(flag).append("=true\n"));
    for (NodeSettings settings :
        List.of(settings(args.toArray(String[]::new)), settings("--config=" + file(text + "")))) {
      assertTrue(settings.json());
      assertEquals(Optional.of(Duration.ofMillis(5)), settings.reportValidity());
      var config = settings.config();
      assertEquals(ServerId.of(2), config.self());
      assertEquals(
          Set.of(ServerId.of(1), ServerId.of(2)), Set.copyOf(config.ensemble().participants()));
      assertEquals(Set.of(ServerId.of(4)), Set.copyOf(config.ensemble().observers()));
      assertEquals(List.of(new HostPort("0.0.0.0", 4)), config.bind());
      assertEquals(List.of(new HostPort("e", 5)), config.advertise());
      assertEquals("bully", config.algorithm().name());
      assertEquals("orders", config.ensembleName());
      assertEquals(5, config.priority());
      var promise = config.promise().orElseThrow();
      assertTrue(promise.fastFailover());
      assertEquals(Optional.of(directory), promise.data());
      assertEquals(
          new LeaseTimings(
              Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofSeconds(4), 0.02),
          promise.timings());
    }
  }

  @Test
  void theCommandLineWins() throws IOException {
    String config =
        file("id=1\nmembers=1=a:1,2=b:2\nelection-only=true\njson=true\nalgorithm=bully\n");
    var settings =
        settings(
            "--config=" + config,
            "--id=2",
            "--algorithm=fast",
            "--no-json",
            "--no-election-only",
            "--witness",
            "--store=memory");
    assertEquals(ServerId.of(2), settings.config().self());
    assertEquals("fast", settings.config().algorithm().name());
    assertEquals(0, settings.config().priority());
    assertFalse(settings.json());
    assertTrue(settings.config().promise().isPresent());
  }

  @Test
  void onlyWhoMayLeadCanReportIt() {
    var alone = Map.of("id", "1", "members", "1=h:1", "election-only", "true");
    var values = new HashMap<>(alone);
    values.put("report-validity", "5ms");
    var e = assertThrows(IllegalArgumentException.class, () -> NodeSettings.of(values));
    assertTrue(String.valueOf(e.getMessage()).startsWith("report-validity: "), e.getMessage());
  }

  @Test
  void whatAFileNamesAndNobodyKnowsIsAnError() throws IOException {
    String config = file("id=1\nmembers=1=a:1\ncolour=red\n");
    var e = assertThrows(IllegalArgumentException.class, () -> settings("--config=" + config));
    assertTrue(String.valueOf(e.getMessage()).contains("'colour' is unknown"), e.getMessage());
  }

  @Test
  void aFileThatIsNoPropertiesFileIsAnError() throws IOException {
    String broken = file("id=\\u12");
    assertThrows(IllegalArgumentException.class, () -> settings("--config=" + broken));
    Path latin = Files.write(directory.resolve("latin"), new byte[] {'i', 'd', '=', (byte) 0xe9});
    assertThrows(IllegalArgumentException.class, () -> settings("--config=" + latin));
    assertThrows(IllegalArgumentException.class, () -> settings("--config=" + directory));
    Path large = directory.resolve("large");
    Files.write(large, new byte[(int) SettingsFile.MAX_BYTES + 1]);
    assertThrows(IllegalArgumentException.class, () -> settings("--config=" + large));
  }

  @Test
  void aBooleanIsTrueOrFalse() {
    var values = Map.of("id", "1", "members", "1=h:1", "json", "yes");
    var e = assertThrows(IllegalArgumentException.class, () -> NodeSettings.of(values));
    assertEquals("json: 'yes' is neither true nor false", e.getMessage());
  }

  @Test
  void aBindAddressLeavesTheAdvertisedOneAsItIs() {
    var config = settings("--id=1", "--members=1=h:1", "--bind=0.0.0.0:7", "--data=d").config();
    assertEquals(List.of(new HostPort("0.0.0.0", 7)), config.bind());
    assertEquals(List.of(new HostPort("h", 1)), config.advertise());
  }
}
