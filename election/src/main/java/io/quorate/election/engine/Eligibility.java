package io.quorate.election.engine;

/** What may keep a server from leading, each for its own reason. Not safe for several threads. */
final class Eligibility {
  private boolean unwanted;
  private boolean cooling;
  private boolean busy;
  private boolean deaf;
  private boolean forgetful;
  private boolean leaving;

  /** Whether the application wants us to lead. */
  void wanted(boolean yes) {
    unwanted = !yes;
  }

  /** Whether we let others lead for a while after a term of ours. */
  void cooling(boolean yes) {
    cooling = yes;
  }

  /** Whether a task of a term that is over still runs. */
  void busy(boolean yes) {
    busy = yes;
  }

  /** Whether a peer's dial may be refused, and that may be taken for our death. */
  void deaf(boolean yes) {
    deaf = yes;
  }

  /**
   * Whether we have forgotten what we promised and cannot hear of it: we could not promise
   * ourselves anything.
   */
  void forgetful(boolean yes) {
    forgetful = yes;
  }

  boolean isForgetful() {
    return forgetful;
  }

  /** We are about to end. */
  void leaving() {
    leaving = true;
  }

  boolean isLeaving() {
    return leaving;
  }

  boolean isGiven() {
    return !unwanted && !cooling && !busy && !deaf && !forgetful && !leaving;
  }
}
