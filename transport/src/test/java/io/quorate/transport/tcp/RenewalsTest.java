package io.quorate.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RenewalsTest {

  private static final long MIN = Renewals.MIN.toNanos();
  private static final long MAX = Renewals.MAX.toNanos();

  /** Near the end of what a clock counts, because it may begin anywhere. */
  private long now = Long.MAX_VALUE - MIN;

  private final Renewals renewals = new Renewals(new SplittableRandom(1), now);

  @Test
  void theFirstMayBeAtOnceAndTheOthersWaitLongerAndLonger() {
    assertEquals(now, renewals.notBefore());
    for (long wait = MIN; wait < MAX; wait *= 2) {
      assertWaits(wait);
    }
    assertWaits(MAX);
    assertWaits(MAX);
  }

  @Test
  void afterALongTimeWithoutOneTheWaitsBeginAnew() {
    assertWaits(MIN);
    assertWaits(2 * MIN);
    now = renewals.notBefore() + Renewals.FORGOTTEN.toNanos();
    assertWaits(MIN);
  }

  private void assertWaits(long most) {
    renewals.made(now);
    long wait = renewals.notBefore() - now;
    assertTrue(wait >= most / 2 && wait <= most, () -> wait + " for " + most);
    now = renewals.notBefore();
  }
}
