package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.ensemble.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SIGKILL to the leader while strangers flood all servers, and while they do not, in turns. What is
 * measured is printed: the flood takes the processors of this machine from everybody.
 */
@Tag("faults")
final class FloodedFailoverIT {

  private static final int PAIRS = 4;

  /** After SIGKILL a voter promises nothing for a lease, and another time would be taken. */
  private static final Duration FULL_VOTER = Duration.ofMillis(1010 + 150);

  /** How long the strangers flood before the leader is killed. */
  private static final Duration BEFORE = Duration.ofMillis(500);

  /** What is beyond doubt too much, on a machine that others use, too. */
  private static final double MOST_MILLIS = 10_000;

  @Test
  void theNextLeaderIsFoundInAFlood() throws Exception {
    var quiet = new ArrayList<Double>();
    var flooded = new ArrayList<Double>();
    try (var siege = new Siege()) {
      for (int pair = 0; pair < PAIRS; pair++) {
        quiet.add(failover(siege));
        awaitFullVoters(siege);
        try (var crowds = Crowds.all(siege.addresses().values())) {
          Siege.pause(BEFORE);
          flooded.add(failover(siege));
          System.out.println("flood: " + crowds.tally());
          for (String what : List.of("silent connections", "unknown ids", "bad frames")) {
            assertTrue(crowds.tally().of(what) > 0, what);
          }
        }
      }
      System.out.printf(
          "fail-over by SIGKILL, ms: quiet %s, median %.0f; flooded %s, median %.0f: %+.1f %%%n",
          rounded(quiet),
          median(quiet),
          rounded(flooded),
          median(flooded),
          100 * (median(flooded) / median(quiet) - 1));
      assertTrue(median(flooded) < MOST_MILLIS);
      assertEquals(List.of(), siege.violations());
    }
  }

  private static double failover(Siege siege) throws IOException, InterruptedException {
    awaitFullVoters(siege);
    Told.Knows old = siege.leader();
    int mark = siege.servers().history().mark();
    long start = System.nanoTime();
    siege.servers().process(old.leader()).kill();
    long granted = siege.awaitGrantAfter(mark, old.epoch());
    siege.servers().awaitExit(old.leader());
    siege.servers().startAll();
    var _ = siege.leader();
    return (granted - start) / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  private static void awaitFullVoters(Siege siege) throws InterruptedException {
    var _ = siege.leader();
    for (long id : siege.servers().ids()) {
      Optional<Long> since = siege.servers().process(id).listeningSince();
      Duration left = FULL_VOTER.minusNanos(System.nanoTime() - since.orElseThrow());
      if (left.isPositive()) {
        Siege.pause(left);
      }
    }
  }

  private static double median(List<Double> times) {
    List<Double> sorted = times.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  private static List<Long> rounded(List<Double> times) {
    return times.stream().map(Math::round).toList();
  }
}
