package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final long SEED = 1;

  @Test
  void waitsDoubleUpToTheirBoundAndLieInTheUpperHalf() {
    var backoff = backoff(20, 100);
    for (long span : new long[] {20, 40, 80, 100, 100, 100}) {
      assertWithin(span, backoff.next());
    }
  }

  @Test
  void progressStartsAnew() {
    var backoff = backoff(20, 2000);
    for (int i = 0; i < 10; i++) {
      assertTrue(backoff.next() > 0);
    }
    backoff.reset();
    assertWithin(20, backoff.next());
    assertWithin(40, backoff.next());
  }

  @Test
  void waitsOfOneSpanDiffer() {
    var backoff = backoff(1000, 1000);
    var seen = new HashSet<Long>();
    for (int i = 0; i < 100; i++) {
      seen.add(backoff.next());
    }
    assertTrue(seen.size() > 90, () -> "only " + seen.size() + " different waits");
  }

  @Test
  void aBoundBelowTheFirstWaitIsRaisedToIt() {
    var backoff = backoff(50, 10);
    assertWithin(50, backoff.next());
    assertWithin(50, backoff.next());
  }

  @Test
  void noWaitOverflows() {
    var backoff = new Backoff(Duration.ofDays(1), Duration.ofDays(100_000), random());
    for (int i = 0; i < 200; i++) {
      assertTrue(backoff.next() > 0);
    }
    assertEquals(1, new Backoff(Duration.ZERO, Duration.ZERO, random()).next());
  }

  private static void assertWithin(long spanMillis, long nanos) {
    long span = spanMillis * 1_000_000;
    assertTrue(nanos >= span / 2 && nanos <= span, () -> nanos + " ns of " + spanMillis + " ms");
  }

  private static Backoff backoff(long minMillis, long maxMillis) {
    return new Backoff(Duration.ofMillis(minMillis), Duration.ofMillis(maxMillis), random());
  }

  private static SplittableRandom random() {
    return new SplittableRandom(SEED);
  }
}
