package io.quorate.transport;

import java.time.Duration;

/**
 * The bounds of a transport. Immutable; {@link #builder} starts from the defaults and changes what
 * differs.
 *
 * @param handshakeTimeout from accepting a connection to the end of its initial message
 * @param handshakes connections that may be without a complete initial message at once; beyond, the
 *     oldest is closed
 * @param handshakesPerAddress the same for one remote address
 * @param observers observers without a configured id that may be connected at once
 * @param connectTimeout of one attempt to dial, the look-up of names included
 * @param dialBackoffMin the first wait after a failed attempt; doubles, with jitter
 * @param dialBackoffMax the longest wait
 * @param writeTimeout how long a write may not progress before its link is closed
 * @param keepAliveIdle silence after which the other end is asked whether it lives; at least 1 s
 * @param keepAliveInterval between such questions; at least 1 s
 * @param keepAliveCount unanswered questions after which the link is closed
 * @param sendQueue messages in order that may wait for one peer
 * @param receiveQueue messages of one peer that may wait to be received; beyond, its receive worker
 *     waits, and so does the peer
 * @param closeTimeout how long closing waits for threads to end
 */
public record TransportLimits(
    Duration handshakeTimeout,
    int handshakes,
    int handshakesPerAddress,
    int observers,
    Duration connectTimeout,
    Duration dialBackoffMin,
    Duration dialBackoffMax,
    Duration writeTimeout,
    Duration keepAliveIdle,
    Duration keepAliveInterval,
    int keepAliveCount,
    int sendQueue,
    int receiveQueue,
    Duration closeTimeout) {

  /** The longest time that any of the bounds may be. */
  public static final Duration MAX_DURATION = Duration.ofDays(365);

  private static final Duration SMALLEST_KEEP_ALIVE = Duration.ofSeconds(1);

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if a time is not positive or longer than {@link
   *     #MAX_DURATION}, a count is not positive (of observers: negative), a keepalive time is below
   *     1 s, or the longest wait between dials is shorter than the first
   */
  public TransportLimits {
    check("handshakeTimeout", handshakeTimeout);
    check("connectTimeout", connectTimeout);
    check("dialBackoffMin", dialBackoffMin);
    check("dialBackoffMax", dialBackoffMax);
    check("writeTimeout", writeTimeout);
    check("keepAliveIdle", keepAliveIdle);
    check("keepAliveInterval", keepAliveInterval);
    check("closeTimeout", closeTimeout);
    check("handshakes", handshakes, 1);
    check("handshakesPerAddress", handshakesPerAddress, 1);
    check("observers", observers, 0);
    check("keepAliveCount", keepAliveCount, 1);
    check("sendQueue", sendQueue, 1);
    check("receiveQueue", receiveQueue, 1);
    require(keepAliveIdle.compareTo(SMALLEST_KEEP_ALIVE) >= 0, "keepAliveIdle is below 1 s");
    require(
        keepAliveInterval.compareTo(SMALLEST_KEEP_ALIVE) >= 0, "keepAliveInterval is below 1 s");
    require(
        dialBackoffMax.compareTo(dialBackoffMin) >= 0, "dialBackoffMax is below dialBackoffMin");
  }

  private static void check(String name, Duration value) {
    require(
        value.isPositive() && value.compareTo(MAX_DURATION) <= 0,
        name + " of " + value + " is not positive or longer than " + MAX_DURATION);
  }

  private static void check(String name, int value, int min) {
    require(value >= min, name + " of " + value + " is below " + min);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Returns bounds that suit a local network.
   *
   * @return the defaults
   */
  public static TransportLimits defaults() {
    return new TransportLimits(
        Duration.ofSeconds(5),
        1024,
        512,
        64,
        Duration.ofSeconds(2),
        Duration.ofMillis(20),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        3,
        1024,
        1024,
        Duration.ofSeconds(5));
  }

  /**
   * Returns bounds that suit servers in several regions: as the defaults, but for the waits that a
   * lost packet or two must not end.
   *
   * @return the bounds
   */
  public static TransportLimits wan() {
    return builder()
        .handshakeTimeout(Duration.ofSeconds(10))
        .connectTimeout(Duration.ofSeconds(5))
        .dialBackoffMin(Duration.ofMillis(100))
        .dialBackoffMax(Duration.ofSeconds(5))
        .writeTimeout(Duration.ofSeconds(10))
        .build();
  }

  /**
   * Starts from the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder(defaults());
  }

  /** Collects {@link TransportLimits}. Not safe for use by several threads. */
  public static final class Builder {
    private Duration handshakeTimeout;
    private int handshakes;
    private int handshakesPerAddress;
    private int observers;
    private Duration connectTimeout;
    private Duration dialBackoffMin;
    private Duration dialBackoffMax;
    private Duration writeTimeout;
    private Duration keepAliveIdle;
    private Duration keepAliveInterval;
    private int keepAliveCount;
    private int sendQueue;
    private int receiveQueue;
    private Duration closeTimeout;

    private Builder(TransportLimits from) {
      handshakeTimeout = from.handshakeTimeout;
      handshakes = from.handshakes;
      handshakesPerAddress = from.handshakesPerAddress;
      observers = from.observers;
      connectTimeout = from.connectTimeout;
      dialBackoffMin = from.dialBackoffMin;
      dialBackoffMax = from.dialBackoffMax;
      writeTimeout = from.writeTimeout;
      keepAliveIdle = from.keepAliveIdle;
      keepAliveInterval = from.keepAliveInterval;
      keepAliveCount = from.keepAliveCount;
      sendQueue = from.sendQueue;
      receiveQueue = from.receiveQueue;
      closeTimeout = from.closeTimeout;
    }

    /**
     * Sets {@link TransportLimits#handshakeTimeout}.
     *
     * @param value from accepting a connection to the end of its initial message
     * @return this
     */
    public Builder handshakeTimeout(Duration value) {
      handshakeTimeout = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#handshakes}.
     *
     * @param value connections without a complete initial message at once
     * @return this
     */
    public Builder handshakes(int value) {
      handshakes = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#handshakesPerAddress}.
     *
     * @param value the same for one remote address
     * @return this
     */
    public Builder handshakesPerAddress(int value) {
      handshakesPerAddress = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#observers}.
     *
     * @param value observers without a configured id at once
     * @return this
     */
    public Builder observers(int value) {
      observers = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#connectTimeout}.
     *
     * @param value of one attempt to dial, look-ups included
     * @return this
     */
    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#dialBackoffMin}.
     *
     * @param value the first wait after a failed attempt
     * @return this
     */
    public Builder dialBackoffMin(Duration value) {
      dialBackoffMin = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#dialBackoffMax}.
     *
     * @param value the longest wait after a failed attempt
     * @return this
     */
    public Builder dialBackoffMax(Duration value) {
      dialBackoffMax = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#writeTimeout}.
     *
     * @param value how long a write may not progress
     * @return this
     */
    public Builder writeTimeout(Duration value) {
      writeTimeout = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#keepAliveIdle}.
     *
     * @param value silence after which the other end is asked whether it lives
     * @return this
     */
    public Builder keepAliveIdle(Duration value) {
      keepAliveIdle = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#keepAliveInterval}.
     *
     * @param value between such questions
     * @return this
     */
    public Builder keepAliveInterval(Duration value) {
      keepAliveInterval = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#keepAliveCount}.
     *
     * @param value unanswered questions after which a link is closed
     * @return this
     */
    public Builder keepAliveCount(int value) {
      keepAliveCount = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#sendQueue}.
     *
     * @param value messages in order that may wait for one peer
     * @return this
     */
    public Builder sendQueue(int value) {
      sendQueue = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#receiveQueue}.
     *
     * @param value messages of one peer that may wait to be received
     * @return this
     */
    public Builder receiveQueue(int value) {
      receiveQueue = value;
      return this;
    }

    /**
     * Sets {@link TransportLimits#closeTimeout}.
     *
     * @param value how long closing waits for threads to end
     * @return this
     */
    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    /**
     * Makes the limits.
     *
     * @return them
     * @throws IllegalArgumentException if they make no sense
     */
    public TransportLimits build() {
      return new TransportLimits(
          handshakeTimeout,
          handshakes,
          handshakesPerAddress,
          observers,
          connectTimeout,
          dialBackoffMin,
          dialBackoffMax,
          writeTimeout,
          keepAliveIdle,
          keepAliveInterval,
          keepAliveCount,
          sendQueue,
          receiveQueue,
          closeTimeout);
    }
  }
}
