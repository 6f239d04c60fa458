package io.quorate.testkit.exhaustive;

import io.quorate.testkit.exhaustive.Scenario.Algorithm;
import io.quorate.testkit.exhaustive.Scenario.Begin;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same, each as far as less than two minutes go. */
@Tag("long")
class LongSmallWorldsTest {

  @ParameterizedTest
  @CsvSource({
    "2, FAST, LED, 10, 1000000",
    "3, FAST, LED, 8, 4900000",
  })
  void noOrderOfEventsBreaksARule(
      int servers, Algorithm algorithm, Begin begin, int depth, int states) {
    SmallWorldsTest.requireSound(Scenario.of(servers, algorithm, begin), depth, states);
  }

  @ParameterizedTest
  @CsvSource({
    "2, ONE_OF_EACH, 3000000",
    "3, NOTHING_FAILS, 8000000",
  })
  void nothingThatMayHappenInTheFirstQuarterOfASecondBreaksARule(
      int servers, String bounds, int states) {
    Scenario scenario =
        Scenario.of(servers, Algorithm.FAST, Begin.STARTED)
            .with("ONE_OF_EACH".equals(bounds) ? Bounds.ONE_OF_EACH : Bounds.NOTHING_FAILS)
            .with(Duration.ofMillis(250));
    SmallWorldsTest.requireSoundToTheEnd(scenario, states);
  }

  @ParameterizedTest
  @CsvSource({
    "STORE_LIES, 3, LED_WITHOUT_THE_FIRST, 9, S1",
    "BINDS_NOBODY, 3, LED, 9, S3",
    "IGNORES_LEASE, 3, LED, 10, S3",
  })
  void aFlawIsFoundByItsShortestPathAndNothingIsFoundWithoutIt(
      Flaw flaw, int servers, Begin begin, int depth, String rule) {
    SmallWorldsTest.requireFound(flaw, servers, begin, depth, rule);
  }
}
