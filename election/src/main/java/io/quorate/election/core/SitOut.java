package io.quorate.election.core;

import io.quorate.election.ElectionTimings;
import java.time.Duration;

/**
 * The time for which a nominee that could not lead lets others try: twice as long with each failure
 * until there is a leader who can, since two that take turns would otherwise be back in time to be
 * elected again, each while the other fails.
 */
final class SitOut {
  static final String SIT_OUT = "sitOut";

  private final Duration confirmWait;
  private final Outbox out;
  private final Candidacy candidacy;
  private final Backoff backoff;
  private Duration time = Duration.ZERO;

  SitOut(ElectionTimings timings, Outbox out, Candidacy candidacy) {
    this.confirmWait = timings.confirmWait();
    this.out = out;
    this.candidacy = candidacy;
    this.backoff = new Backoff(timings.sitOutMin(), timings.sitOutMax());
  }

  /** Returns how long it takes. */
  Duration begin() {
    time = backoff.next();
    candidacy.sitOut(true);
    out.start(SIT_OUT, time);
    return time;
  }

  void end() {
    out.stop(SIT_OUT);
    candidacy.sitOut(false);
  }

  /** Somebody leads, or we did: what failed before counts no more. */
  void reset() {
    backoff.reset();
  }

  /**
   * Where nobody is seen to make way for, returns whether to end it at once. One that is not short
   * goes on until those must have looked who still wait for another that cannot lead.
   */
  boolean isInVain() {
    if (!out.isRunning(SIT_OUT)) {
      return false;
    }
    if (time.compareTo(confirmWait) > 0) {
      time = confirmWait;
      out.start(SIT_OUT, time);
    }
    return time.compareTo(confirmWait) < 0;
  }
}
