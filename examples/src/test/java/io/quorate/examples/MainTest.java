package io.quorate.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node",
        "node --id 1",
        "node --members 1=h:1",
        "node --id one --members 1=h:1",
        "node --id -1 --members 1=h:1",
        "node --id 9223372036854775807 --members 1=h:1",
        "node --id 9223372036854775808 --members 1=h:1",
        "node --id 2 --members 1=h:1",
        "node --id 1 --members h:1",
        "node --id 1 --members 1=h",
        "node --id 1 --members 1=h:0",
        "node --id 1 --members 1=h:65536",
        "node --id 1 --members 1=h:x",
        "node --id 1 --members 1=",
        "node --id 1 --members 1=h:1|",
        "node --id 1 --members 1=h:1,",
        "node --id 1 --members 1=h:1,1=h:2",
        "node --id 1 --members 1=h:1,2=h:1",
        "node --id 1 --members 1=h:1,2=0.0.0.0:2",
        "node --id 1 --members 1=h:1 --observers 1=h:2",
        "node --id 1 --members 1=h:1 --observers 2",
        "node --id 1 --members 1=h:1 --bind h",
        "node --id 1 --members 1=h:1 --bind h:0",
        "node --id 1 --members 1=h:1 --algorithm paxos",
        "node --id 1 --members 1=h:1 --algorithm=",
        "node --id 1 --members 1=h:1",
        "node --id 1 --members 1=h:1 --store paper",
        "node --id 1 --members 1=h:1 --store files",
        "node --id 1 --members 1=h:1 --store memory --data d",
        "node --id 1 --members 1=h:1 --election-only --lease 1s",
        "node --id 1 --members 1=h:1 --store memory --lease 1",
        "node --id 1 --members 1=h:1 --store memory --suspect-after 1s",
        "node --id 1 --members 1=h:1 --store memory --preset moon",
        "node --id 1 --members 1=h:1 --store memory --witness --priority 2",
        "node --id 1 --members 1=h:1 --store memory --priority -1",
        "node --id 1 --members 1=h:1 --store memory --report-validity 0",
        "node --id 1 --members 1=h:1 --election-only --report-validity 5ms",
        "singleton extra",
        "singleton worker",
        "node --id 1 --members 1=h:1 --config /nowhere/quorate.properties",
        "node --id 1 --id 2 --members 1=h:1",
        "node --id 1 --members 1=h:1 --json=maybe",
        "node --id 1 --members 1=h:1 extra",
      })
  void wrongArgumentsOfANodeCostOneLineAndExitCode2(String line) {
    assertWrong(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "lead",
        "--unknown",
        "demo --servers two",
        "demo --servers 2",
        "demo --servers 16",
        "demo --servers",
        "demo extra",
        "singleton extra",
        "singleton worker",
        "probe",
        "probe host",
        "probe :1",
        "probe host:0",
        "probe host:port",
        "probe [::1:1",
        "probe h:1 --timeout 0",
        "probe h:1 --timeout -1",
        "probe h:1 --timeout 1h",
        "probe h:1 --timeout 1e999999999",
        "probe h:1 --timeout",
        "simulate extra",
        "simulate --seeds 0",
        "simulate --seeds many",
        "simulate --seeds 10000001",
        "simulate --from 9223372036854775807",
        "simulate --servers 0",
        "simulate --servers 8",
        "simulate --algorithm paxos",
        "simulate --replay",
        "simulate --replay 1 --seeds 2",
        "simulate --replay 1 --script f",
        "simulate --script /nowhere/script.txt",
        "simulate --script /dev/zero",
        "simulate --script f --servers 3",
      })
  void wrongArgumentsCostOneLineAndExitCode2(String line) {
    assertWrong(line);
  }

  private static void assertWrong(String line) {
    var run = CommandRun.of(line.isEmpty() ? new String[0] : line.split(" "));
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errLines().size(), run.err());
    assertTrue(run.err().startsWith("quorate"), run.err());
  }

  @Test
  void anArgumentOfSeveralLinesIsToldInOne() {
    var run = CommandRun.of("probe", "first\nsecond\u001b[31m");
    assertEquals(2, run.exitCode());
    assertEquals(1, run.errLines().size(), run.err());
    assertTrue(run.err().indexOf('\u001b') < 0);
  }

  @Test
  void aPlaceThatHoldsNoPromisesIsAFailureOfOneLine() {
    var run = CommandRun.of("node", "--id=1", "--members=1=h:1", "--data=/dev/null/data");
    assertEquals(1, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errLines().size(), run.err());
    assertTrue(run.err().startsWith("quorate node: "), run.err());
  }

  @Test
  void theNamesOfTheElectionsAreToldWhereOneIsUnknown() {
    var run = CommandRun.of("node", "--id", "1", "--members", "1=h:1", "--algorithm", "paxos");
    assertTrue(run.err().contains("bully") && run.err().contains("fast"), run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "demo --help",
        "node --help",
        "probe --help",
        "simulate --help",
        "singleton --help",
        "--version"
      })
  void askingForHelpIsNoMistake(String line) {
    var run = CommandRun.of(line.split(" "));
    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("quorate"), run.out());
    assertEquals("", run.err());
  }
}
