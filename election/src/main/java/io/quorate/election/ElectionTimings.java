package io.quorate.election;

import java.time.Duration;

/**
 * How long an election waits for what. Immutable.
 *
 * @param finalizeWait from a quorum to the decision, unless every reachable voter agrees before
 * @param resendMin from the last news to saying our vote again; doubles
 * @param resendMax the longest wait between two such messages
 * @param confirmWait how long a leader may be without a quorum that follows it, or a follower
 *     without word that its leader leads, before it looks again
 * @param sitOutMin how long a nominee that could not lead lets others try; doubles
 * @param sitOutMax the longest time to sit out
 */
public record ElectionTimings(
    Duration finalizeWait,
    Duration resendMin,
    Duration resendMax,
    Duration confirmWait,
    Duration sitOutMin,
    Duration sitOutMax) {

  /**
   * Checks the durations.
   *
   * @throws IllegalArgumentException if one is not positive, or a minimum exceeds its maximum
   */
  public ElectionTimings {
    requirePositive("finalizeWait", finalizeWait);
    requirePositive("resendMin", resendMin);
    requirePositive("resendMax", resendMax);
    requirePositive("confirmWait", confirmWait);
    requirePositive("sitOutMin", sitOutMin);
    requirePositive("sitOutMax", sitOutMax);
    requireOrdered("resend", resendMin, resendMax);
    requireOrdered("sitOut", sitOutMin, sitOutMax);
  }

  /**
   * Returns times that suit a local network and real ZooKeeper servers beside ours.
   *
   * @return the defaults
   */
  public static ElectionTimings lan() {
    return new ElectionTimings(
        Duration.ofMillis(200),
        Duration.ofMillis(200),
        Duration.ofSeconds(2),
        Duration.ofSeconds(2),
        Duration.ofMillis(500),
        Duration.ofSeconds(30));
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }

  private static void requireOrdered(String name, Duration min, Duration max) {
    if (min.compareTo(max) > 0) {
      throw new IllegalArgumentException(name + "Min " + min + " exceeds its maximum " + max);
    }
  }
}
