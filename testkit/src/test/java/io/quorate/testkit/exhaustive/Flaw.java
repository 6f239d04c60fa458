package io.quorate.testkit.exhaustive;

/** What is wrong around the engine of each server, so that something can be found. */
enum Flaw {
  /** Nothing. */
  NONE,
  /** The driver says that a write is done which never is. */
  NEVER_WRITES,
  /** The same, and whoever looks at the store while the process runs is deceived as well. */
  STORE_LIES,
  /** A server takes itself for the only voter: of two, half a quorum. */
  COUNTS_ITSELF,
  /** What others ask a voter to promise, and what it grants, binds it for next to no time. */
  BINDS_NOBODY,
  /** A task does not look at its lease: it goes on until the engine revokes the term. */
  IGNORES_LEASE,
  /** The driver says that a task has ended which goes on, as if its term did. */
  LETS_TASKS_RUN
}
