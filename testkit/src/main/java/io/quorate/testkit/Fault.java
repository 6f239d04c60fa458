package io.quorate.testkit;

/** What a simulation does to an ensemble. Each is counted by its name, in camel case. */
public enum Fault {
  // ---- messages: none of it breaks a connection ----

  /** Some messages of a link are lost. */
  LOSS,
  /** Some messages of a link arrive twice. */
  DUPLICATION,
  /** Messages of a link overtake each other. */
  REORDERING,
  /** Every message of a link takes the same long time. */
  CONSTANT_DELAY,
  /** Messages of a link take an exponentially distributed time. */
  EXPONENTIAL_DELAY,
  /** A few messages of a link take very long. */
  HEAVY_TAILED_DELAY,
  /** Nothing of a link arrives for a while, and then all at once. */
  CLOGGED_LINK,
  /** A copy of a message arrives once more after up to ten leases. */
  LATE_MESSAGE,
  /** One kind of message does not come through on a link. */
  CUT_MESSAGE_KIND,

  // ---- connections ----

  /** A connection breaks. */
  RESET,
  /** Another connection takes the place of one. */
  REPLACED_CONNECTION,
  /** One end believes in a connection that the other has lost. */
  HALF_OPEN_CONNECTION,
  /** One direction of a link is silent until that is found out. */
  ONE_WAY_CUT,
  /** Both directions of a link are silent until that is found out. */
  SILENT_CUT,
  /** Two servers are kept apart and told so. */
  BLOCKED_LINK,
  /** A link comes and goes. */
  FLAPPING_LINK,

  // ---- shapes ----

  /** One server is cut off from all. */
  ISOLATED_SERVER,
  /** One server hears the others, who do not hear it. */
  MUTE_SERVER,
  /** One server is heard by the others, whom it does not hear. */
  DEAF_SERVER,
  /** The leader is cut off; when another leads, that one too. */
  LEADER_AFTER_LEADER_ISOLATED,
  /** Two halves are kept apart and told so. */
  CLEAN_SPLIT,
  /** Two halves do not hear each other until that is found out. */
  SILENT_SPLIT,
  /** One half does not hear the other. */
  ONE_WAY_SPLIT,
  /** Two halves that both reach some servers in between. */
  PARTIAL_SPLIT,
  /** Each server reaches its two neighbours only. */
  RING,
  /** Two halves that are linked by one server. */
  BRIDGE,
  /** Each server reaches the one before it and the one after it; the ends one only. */
  CHAIN,
  /** One server reaches all, the others only that one. */
  HUB,

  // ---- processes ----

  /** A process is killed and comes back after a while; what was not synced may be lost. */
  CRASH,
  /** A process is killed and comes back at once. */
  QUICK_RESTART,
  /** A process is killed while it writes. */
  CRASH_DURING_WRITE,
  /** A process is killed again and again. */
  RESTART_STORM,
  /** One process after the other is closed and comes back. */
  ROLLING_RESTART,
  /** All processes are killed at once. */
  POWER_FAILURE,
  /** A process is closed and comes back. */
  CLOSED_SERVER,
  /** A process stands still for up to three leases. */
  PAUSE,
  /** A process stands still for up to ten leases. */
  LONG_PAUSE,
  /** A process stands still just after its application has seen that its term is valid. */
  PAUSE_AFTER_CHECK,

  // ---- clocks ----

  /** Two clocks differ by as much as is promised. */
  DRIFT_AT_THE_BOUND,
  /** A clock runs faster or slower than is promised; two terms may be valid at once. */
  DRIFT_BEYOND_THE_BOUND,
  /** A machine is suspended, its monotonic clock too; two terms may be valid at once. */
  SUSPENDED_MACHINE,

  // ---- disks ----

  /** A write fails, and nothing is written. */
  FULL_DISK,
  /** A sync fails, and nobody knows what is written. */
  FAILED_SYNC,
  /** Writes take up to two leases. */
  SLOW_SYNC,
  /** A process is killed while it writes, and leaves a torn temporary file. */
  TORN_WRITE,
  /** A state file of an earlier time is put back: the server refuses to start. */
  OLD_FILE_RESTORED,
  /** A directory is emptied while the others remember. */
  EMPTIED_DIRECTORY,

  // ---- mistakes ----

  /** A server is started as one of another ensemble. */
  WRONG_ENSEMBLE,
  /** A server is started with other members. */
  OTHER_MEMBERS,
  /** The algorithm throws. */
  THROWING_ALGORITHM,
  /** The algorithm nominates anybody. */
  RANDOM_ALGORITHM,
  /** The algorithm nominates its own server. */
  SELFISH_ALGORITHM,
  /** The application cannot tell its position. */
  UNKNOWN_POSITION,
  /** A task goes on for up to four leases after its term has ended. */
  SLOW_TASK,

  // ---- what people ask for ----

  /** A leader is told to hand off. */
  HAND_OFF,
  /** A server is told not to lead, and later that it may again. */
  NOT_ELIGIBLE,
  /** An application gives up its term. */
  RESIGNATION,
  /** A server is told to look again. */
  LOOK_AGAIN,
  /** An application asks for a confirmation. */
  CONFIRMATION
}
