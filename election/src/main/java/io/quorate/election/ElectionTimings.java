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

  /** The longest of all waits. */
  public static final Duration MAX_DURATION = Duration.ofDays(365);

  /**
   * Checks the durations.
   *
   * @throws IllegalArgumentException if one is not positive or longer than {@link #MAX_DURATION}, a
   *     minimum exceeds its maximum, or a leader that takes its time to decide would not be waited
   *     for
   */
  public ElectionTimings {
    requireInRange("finalizeWait", finalizeWait);
    requireInRange("resendMin", resendMin);
    requireInRange("resendMax", resendMax);
    requireInRange("confirmWait", confirmWait);
    requireInRange("sitOutMin", sitOutMin);
    requireInRange("sitOutMax", sitOutMax);
    requireOrdered("resend", resendMin, resendMax);
    requireOrdered("sitOut", sitOutMin, sitOutMax);
    if (confirmWait.compareTo(finalizeWait) <= 0) {
      throw new IllegalArgumentException(
          "confirmWait " + confirmWait + " must be longer than finalizeWait " + finalizeWait);
    }
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

  /**
   * Returns times that suit servers in several regions, several hundred milliseconds apart.
   *
   * @return about five times those of {@link #lan}
   */
  public static ElectionTimings wan() {
    return new ElectionTimings(
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        Duration.ofMinutes(1));
  }

  /**
   * Returns how long a peer that is well may take to say something to a server that looks, and says
   * so: it looks itself and says its vote again, or it answers. Whose link is silent for longer is
   * dialled anew; where there is a lease, not before twice its {@code suspectAfter}.
   *
   * @return {@code resendMax} and, as a margin, twice {@code resendMin}
   */
  public Duration answerWithin() {
    return resendMax.plus(resendMin.multipliedBy(2));
  }

  private static void requireInRange(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
    if (value.compareTo(MAX_DURATION) > 0) {
      throw new IllegalArgumentException(name + " " + value + " is longer than " + MAX_DURATION);
    }
  }

  private static void requireOrdered(String name, Duration min, Duration max) {
    if (min.compareTo(max) > 0) {
      throw new IllegalArgumentException(name + "Min " + min + " exceeds its maximum " + max);
    }
  }
}
