package io.quorate.election;

import java.time.Duration;

/**
 * How long a leadership lasts without word from a majority, and how soon its loss is noticed.
 * Immutable. All are measured by monotonic clocks, each server by its own.
 *
 * <p>A voter binds itself for {@link #grant()}; the leader counts on {@link #lease} only. The
 * difference is what two clocks may differ by.
 *
 * @param lease how long a leader leads on one acknowledgement of a majority, from sending what they
 *     acknowledged
 * @param heartbeat how often a leader renews its lease; at most half of it
 * @param suspectAfter how long a follower hears nothing before it looks for another leader; more
 *     than {@link #grant()}
 * @param drift how much faster one clock may run than another, as a fraction: 0.01 is 1 %
 */
public record LeaseTimings(
    Duration lease, Duration heartbeat, Duration suspectAfter, double drift) {

  /** The longest lease. */
  public static final Duration MAX_LEASE = Duration.ofMinutes(10);

  /** The longest silence. */
  public static final Duration MAX_SUSPECT_AFTER = Duration.ofHours(1);

  /** Clocks that differ by more are broken. */
  public static final double MAX_DRIFT = 0.5;

  /**
   * Checks the durations.
   *
   * @throws IllegalArgumentException if they make no sense together; the message says in one line
   *     why
   */
  public LeaseTimings {
    requirePositive("lease", lease);
    requirePositive("heartbeat", heartbeat);
    requirePositive("suspectAfter", suspectAfter);
    if (lease.compareTo(MAX_LEASE) > 0) {
      throw new IllegalArgumentException("lease " + lease + " is longer than " + MAX_LEASE);
    }
    if (suspectAfter.compareTo(MAX_SUSPECT_AFTER) > 0) {
      throw new IllegalArgumentException(
          "suspectAfter " + suspectAfter + " is longer than " + MAX_SUSPECT_AFTER);
    }
    if (!(drift >= 0 && drift <= MAX_DRIFT)) {
      throw new IllegalArgumentException("drift must be 0 to " + MAX_DRIFT + ", not " + drift);
    }
    if (heartbeat.compareTo(lease.dividedBy(2)) > 0) {
      throw new IllegalArgumentException(
          "heartbeat " + heartbeat + " is more than half of the lease " + lease);
    }
    Duration grant = grant(lease, drift);
    if (grant.compareTo(suspectAfter) >= 0) {
      throw new IllegalArgumentException(
          "lease * (1 + drift) is "
              + grant
              + " and must be less than suspectAfter "
              + suspectAfter);
    }
  }

  /**
   * Returns times for servers in one data centre.
   *
   * @return a lease of 1 s
   */
  public static LeaseTimings lan() {
    return new LeaseTimings(
        Duration.ofSeconds(1), Duration.ofMillis(150), Duration.ofMillis(1200), 0.01);
  }

  /**
   * Returns times for servers in several regions.
   *
   * @return a lease of 5 s
   */
  public static LeaseTimings wan() {
    return new LeaseTimings(
        Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(6500), 0.01);
  }

  /**
   * Returns how long a voter binds itself by one acknowledgement.
   *
   * @return {@code lease * (1 + drift)}, rounded up to a whole nanosecond
   */
  public Duration grant() {
    return grant(lease, drift);
  }

  private static Duration grant(Duration lease, double drift) {
    return lease.plusNanos((long) Math.ceil(lease.toNanos() * drift));
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
