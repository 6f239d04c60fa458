package io.quorate.faults.failover;

import java.time.Duration;
import java.util.List;

/** What befalls the leader, and what is to be reached then with the preset {@code lan}. */
enum Failure {
  /** SIGTERM: it hands off. */
  TERMINATED("SIGTERM", "median 20"),

  /** SIGKILL: its lease must end first. */
  KILLED("SIGKILL", "all 1050: lease + 50"),

  /** SIGKILL, and voters trust a refused connection. */
  KILLED_FAST("SIGKILL, fastFailover", "median 25"),

  /** SIGSTOP, and SIGCONT once somebody else leads: only its silence tells. */
  STOPPED("SIGSTOP", "all 1250: suspectAfter + 50"),

  /** All packets from and to its host are dropped, until somebody else leads; as below. */
  CUT_OFF("host cut off", "all 1250: suspectAfter + 50"),

  /** It receives and sends nothing. */
  MUTE("leader sends nothing", "all 1250: suspectAfter + 50"),

  /**
   * It sends and receives nothing: it binds the others until its own lease ends. Then they hear so,
   * or the last grant ends.
   */
  DEAF("leader receives nothing", "all 2060: lease + grant + 50");

  /** The lease of the preset with its drift: a voter keeps quiet so long after it was killed. */
  static final Duration GRANT = Duration.ofMillis(1010);

  private final String title;
  private final String bound;

  Failure(String title, String bound) {
    this.title = title;
    this.bound = bound;
  }

  String title() {
    return title;
  }

  /** Returns whether it takes a network that fails. */
  boolean isOfTheNetwork() {
    return switch (this) {
      case CUT_OFF, MUTE, DEAF -> true;
      case TERMINATED, KILLED, KILLED_FAST, STOPPED -> false;
    };
  }

  /** Returns what is to be reached, in milliseconds, for a table. */
  String bound() {
    return bound;
  }

  /** Returns what all servers are started with besides. */
  List<String> options() {
    return this == KILLED_FAST ? List.of("--fast-failover") : List.of();
  }

  /** Returns whether nobody may lead before a leader's lease is over that did not give it up. */
  boolean leasesLast() {
    return this != KILLED_FAST;
  }
}
