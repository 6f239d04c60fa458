package io.quorate.election;

/**
 * A listener that is being told events. Safe for use by any thread, the listener's own included.
 */
public interface Subscription extends AutoCloseable {

  /**
   * Stops the telling. Does not wait: a call of the listener that is under way goes on, even if it
   * has yet to reach the listener's own code; no other one follows it. A second call does nothing.
   */
  @Override
  void close();
}
