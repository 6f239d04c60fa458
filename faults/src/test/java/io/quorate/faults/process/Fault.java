package io.quorate.faults.process;

/** What is done to the servers, by the name under which it is counted. */
enum Fault {
  LEADER_KILLED("SIGKILL of the leader"),
  FOLLOWER_KILLED("SIGKILL of a follower"),
  MAJORITY_KILLED("SIGKILL of all but one"),
  LEADER_STOPPED("SIGSTOP of the leader for up to ten leases"),
  FOLLOWER_STOPPED("SIGSTOP of a follower for up to ten leases"),
  ALL_STOPPED("SIGSTOP of all for up to ten leases"),
  ROLLING_RESTART("SIGTERM of one after the other, each restarted"),
  CLOCKS_APART("clock rates of 0.95 and 1.05, and SIGKILL of the leader"),
  DISK_FULL("a full file system"),
  DISK_READ_ONLY("a file system that becomes read-only"),
  FSYNC_FAILS("a failing fsync"),
  STARVED("a processor that others take");

  private final String title;

  Fault(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
