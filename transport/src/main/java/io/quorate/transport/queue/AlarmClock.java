package io.quorate.transport.queue;

/** Does something at a time, on a thread of its own. Safe for use by any thread. */
@FunctionalInterface
public interface AlarmClock {

  /**
   * Sets an alarm. Does not wait.
   *
   * @param deadline by System.nanoTime
   * @param action is run once the deadline has come; does not wait, and takes locks for moments
   *     only
   * @return takes the alarm back, unless the action is running or has run
   */
  Runnable at(long deadline, Runnable action);
}
