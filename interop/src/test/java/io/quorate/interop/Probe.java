package io.quorate.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.HostPort;
import io.quorate.zookeeper.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code quorate probe --json} as a process of its own.
 *
 * @param exitCode 0 when the servers agree
 * @param lines what it wrote on standard output, one JSON object each
 * @param log what it wrote on standard error
 */
record Probe(int exitCode, List<String> lines, String log) {
  private static final long PATIENCE_SECONDS = 60;

  /** Asks the servers of a layout, with this much time. */
  static Probe of(Layout layout, String timeout) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--class-path"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of("io.quorate.examples.Main", "probe", "--json", "--timeout", timeout));
    layout.members().values().stream()
        .map(member -> member.electionAddresses().getFirst())
        .map(HostPort::toString)
        .forEach(command::add);
    Process process = new ProcessBuilder(command).start();
    try {
      // Both outputs are a few lines and fit the pipes.
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "probe does not end");
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Probe(process.exitValue(), out.lines().toList(), log);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The line about this server. */
  String about(Layout layout, long id) {
    String address = "\"address\":\"" + layout.member(id).electionAddresses().getFirst() + "\"";
    return lines.stream().filter(line -> line.contains(address)).findFirst().orElse("");
  }

  String verdict() {
    return lines.getLast();
  }
}
