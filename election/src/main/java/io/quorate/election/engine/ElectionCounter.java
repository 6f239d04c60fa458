package io.quorate.election.engine;

/** What an election counts. Counters only grow. */
public enum ElectionCounter {
  /** Elections that began here. */
  ELECTIONS_STARTED,
  /** Elections that came to a result here. */
  ELECTIONS_DECIDED,
  /** Results that the algorithm withdrew, and elections that it began anew. */
  WITHDRAWALS,
  /** Nominations of somebody who cannot lead. */
  NOMINATIONS_REFUSED,
  /** Well-formed notifications that arrived. */
  NOTIFICATIONS_RECEIVED,
  /** Messages that arrived and were neither notifications nor frames of ours. */
  NOTIFICATIONS_MALFORMED,
  /** Notifications given to the transport. */
  NOTIFICATIONS_SENT,
  /** Notifications that the transport had no room or no link for. */
  NOTIFICATIONS_UNSENT,
  /** Odd things that the algorithm ignored: votes by or for strangers above all. */
  VOTES_IGNORED,
  /** Frames of ours by which a peer introduced itself. */
  HELLOS_RECEIVED,
  /** Of those, the ones of another ensemble. */
  ENSEMBLE_MISMATCHES,
  /** Of those, the ones with another configuration. */
  CONFIG_MISMATCHES,
  /** Frames of ours about promises and leases that arrived. */
  FRAMES_RECEIVED,
  /** Terms of ours that began. */
  TERMS_GRANTED,
  /** Terms of ours that ended. */
  TERMS_REVOKED,
  /** Leaders that were silent for too long although their link was up. */
  LEADERS_SUSPECTED,
  /** Times that the epoch store failed; there is no second one in a life. */
  STORE_FAILURES,
  /** Frames of ours of a kind that this version does not know. */
  UNKNOWN_EXTENSIONS,
  /** Times the algorithm threw, or asked for more than it may. */
  ALGORITHM_FAILURES,
  /** Times the application could not tell its position. */
  POSITION_FAILURES,
  /** Warnings, those not told included. */
  WARNINGS,
  /** Warnings that were counted and not told, because there were too many. */
  WARNINGS_SUPPRESSED,
  /** Terms of ours that began. */
  GRANTED,
  /** Terms of ours that ended. */
  REVOKED,
  /** Tasks that threw while their term lasted. */
  TASK_FAILURES,
  /** Tasks and acquired leaderships that had not ended a while after their term. */
  HOLDERS_OVERDUE,
  /** Jumps of the wall clock against the monotonic clock. */
  CLOCK_JUMPS,
  /** Times a listener threw. */
  LISTENER_FAILURES,
  /** Events that a slow listener did not get. */
  EVENTS_CONFLATED
}
