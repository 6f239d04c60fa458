package io.quorate.examples.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.Fault;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Violation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CampaignTest {

  private static final long LIMIT_SECONDS = 30;

  private static Outcome outcome(long seed, boolean bad) {
    Optional<Violation> violation =
        bad ? Optional.of(new Violation("S0", "why", seed, "seed\n", "h")) : Optional.empty();
    Map<Fault, Long> faults = Map.of(Fault.LOSS, 2L);
    return new Outcome(
        seed, "seed\n", violation, faults, 1, 1, 1, OptionalLong.empty(), List.of(), "h");
  }

  private static Campaign of(LongFunction<Outcome> simulation, long from, long count) {
    return new Campaign(simulation, new Campaign.Seeds(from, count));
  }

  @Test
  void allSeedsAreAddedUp() throws Exception {
    var result = of(seed -> outcome(seed, false), 5, 100).run(4, _ -> {});
    assertEquals(100, result.report().runs());
    assertEquals(200, result.report().faults().get(Fault.LOSS));
    assertFalse(result.stopped());
  }

  @Test
  void theSmallestSeedIsToldThoughALargerOneWasFasterToGoWrong() throws Exception {
    var larger = new CountDownLatch(1);
    var campaign =
        of(
            seed -> {
              if (seed == 2) {
                larger.countDown();
              } else {
                await(larger);
              }
              return outcome(seed, true);
            },
            1,
            1_000);
    var result = campaign.run(2, _ -> {});
    assertEquals(1, result.smallest().orElseThrow().seed());
    assertEquals(2, result.report().runs());
    assertFalse(result.stopped());
  }

  @Test
  void oneThatIsToldToStopTellsWhatItHas() throws Exception {
    var stopped = new CountDownLatch(1);
    var campaign =
        of(
            seed -> {
              if (seed >= 10) {
                await(stopped);
              }
              return outcome(seed, false);
            },
            1,
            1_000);
    var result =
        campaign.run(
            2,
            _ -> {
              campaign.stop();
              stopped.countDown();
            });
    assertTrue(result.stopped());
    assertEquals(11, result.report().runs());
  }

  @Test
  void aMistakeOfTheSimulationIsNoViolation() {
    var campaign =
        of(
            _ -> {
              throw new IllegalArgumentException("mistake");
            },
            7,
            1);
    var failure = assertThrows(IllegalStateException.class, () -> campaign.run(1, _ -> {}));
    assertTrue(failure.toString().contains("seed 7") && failure.toString().contains("mistake"));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
