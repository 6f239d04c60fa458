package io.quorate.examples.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.HostPort;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    var settings = settings("--id=1", "--members=1=h:1");
    assertEquals("fast", settings.algorithm());
    assertFalse(settings.json());
    assertFalse(settings.electionOnly());
    assertTrue(settings.bind().isEmpty());
    assertTrue(settings.data().isEmpty());
  }

  @Test
  void aFileCanGiveEverything() throws IOException {
    String config =
        file(
            """
            # The names are those of the options.
            id=4
            members=1=a:1|b:1,2=[::1]:2
            observers=4=d:4
            bind=0.0.0.0:4
            data=/var/lib/quorate
            algorithm=bully
            election-only=true
            json=true
            """);
    var settings = settings("--config=" + config);
    assertEquals(ServerId.of(4), settings.id());
    assertEquals(
        Set.of(ServerId.of(1), ServerId.of(2)), Set.copyOf(settings.ensemble().participants()));
    assertEquals(Set.of(ServerId.of(4)), Set.copyOf(settings.ensemble().observers()));
    assertEquals(new HostPort("0.0.0.0", 4), settings.bind().orElseThrow());
    assertEquals(Path.of("/var/lib/quorate"), settings.data().orElseThrow());
    assertEquals("bully", settings.algorithm());
    assertTrue(settings.electionOnly());
    assertTrue(settings.json());
  }

  @Test
  void theCommandLineWins() throws IOException {
    String config =
        file("id=1\nmembers=1=a:1,2=b:2\nelection-only=true\njson=true\nalgorithm=bully\n");
    var settings =
        settings(
            "--config=" + config, "--id=2", "--algorithm=fast", "--no-json", "--election-only");
    assertEquals(ServerId.of(2), settings.id());
    assertEquals("fast", settings.algorithm());
    assertFalse(settings.json());
    assertTrue(settings.electionOnly());
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
    var config = settings("--id=1", "--members=1=h:1", "--bind=0.0.0.0:7").toConfig();
    assertEquals(List.of(new HostPort("0.0.0.0", 7)), config.bind());
    assertEquals(List.of(new HostPort("h", 1)), config.advertise());
  }

  @Test
  void aDataDirectoryIsMadeAndLeftEmpty() throws IOException {
    Path data = directory.resolve("a/b");
    DataDirectory.prepare(data);
    try (var entries = Files.list(data)) {
      assertEquals(0, entries.count());
    }
  }

  @Test
  void aDataDirectoryThatIsAFileIsAnError() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThrows(IllegalArgumentException.class, () -> DataDirectory.prepare(file));
  }
}
