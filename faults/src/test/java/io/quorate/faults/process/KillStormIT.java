package io.quorate.faults.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Processes that are all killed for minutes. {@code -Dstorm.seconds=N} lets it last longer, {@code
 * -Dstorm.seed=N} repeats the moments of a run.
 */
@Tag("long")
final class KillStormIT {

  private static final Path IMAGE = Path.of(property("quorate.image"));
  private static final long SECONDS = Long.parseLong(property("storm.seconds"));

  /** Of a larger ensemble a shorter storm does. */
  private static final int SHARE_OF_FIVE = 3;

  /** After the last restart: start of the processes, a lease of quiet, an election. */
  private static final Duration LEADER_WITHIN = Duration.ofSeconds(10);

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }

  @Test
  void epochsOfThreeServersNeverRepeatAndALeaderStandsAtTheEnd() throws Exception {
    rage(3, SECONDS);
  }

  @Test
  void epochsOfFiveServersNeverRepeatAndALeaderStandsAtTheEnd() throws Exception {
    rage(5, SECONDS / SHARE_OF_FIVE);
  }

  private static void rage(int servers, long seconds) throws Exception {
    long seed = Long.getLong("storm.seed", new Random().nextLong());
    String replay = servers + " servers, -Dstorm.seed=" + seed;
    System.out.println(replay);
    KillStorm.Outcome outcome =
        KillStorm.run(
            IMAGE.resolve("bin/quorate"),
            IMAGE.resolveSibling("storm"),
            servers,
            new KillStorm.Plan(Duration.ofSeconds(seconds), seed),
            LEADER_WITHIN);
    System.out.println(outcome);
    assertEquals(List.of(), outcome.violations(), replay);
    assertTrue(outcome.grants() > 0, replay);
    assertTrue(outcome.lastEpoch() >= outcome.grants(), replay);
  }
}
