package io.quorate.election.core;

import io.quorate.election.ElectionTimings;
import java.time.Duration;

/**
 * Whether what was decided has come true: the leader says that it leads, or a quorum follows us.
 * Belongs to one decision.
 */
final class Confirmation {
  /**
   * Into how many intervals {@code confirmWait} is cut; at the end of each but the last one asks.
   */
  private static final int INTERVALS = 8;

  private boolean gained;
  private boolean everGained;
  private boolean asking;
  private int asked;

  enum Change {
    UNCHANGED,
    GAINED,
    MISSING
  }

  static Duration interval(ElectionTimings timings) {
    return timings.confirmWait().dividedBy(INTERVALS);
  }

  /** Takes what is true now; a decision starts unconfirmed, which the first call reports. */
  Change update(boolean now) {
    if (now) {
      boolean news = !gained;
      gained = true;
      everGained = true;
      asking = false;
      return news ? Change.GAINED : Change.UNCHANGED;
    }
    boolean news = !asking;
    gained = false;
    if (news) {
      asking = true;
      asked = 0;
    }
    return news ? Change.MISSING : Change.UNCHANGED;
  }

  boolean isGained() {
    return gained;
  }

  boolean mayAskAgain() {
    return ++asked < INTERVALS;
  }

  boolean wasEverGained() {
    return everGained;
  }
}
