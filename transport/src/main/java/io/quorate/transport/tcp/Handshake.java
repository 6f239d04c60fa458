package io.quorate.transport.tcp;

import io.quorate.protocol.ServerId;
import java.util.Set;

/**
 * Who keeps which connection: of the two directions between a pair of servers, the one that the
 * larger id dialled. Pure.
 *
 * @param self our id, or {@link ServerId#OBSERVER}, which is larger than any
 * @param known the configured peers
 * @param maxObservers observers without a configured id that may be connected at once
 */
record Handshake(ServerId self, Set<ServerId> known, int maxObservers) {

  /** What to do with a connection. */
  sealed interface Verdict {

    /** It is the link, from now on. */
    record Keep() implements Verdict {}

    /** It is the link of an observer that needs a name. */
    record KeepObserver() implements Verdict {}

    /** It came from a smaller id and asks for our dial, which then is the link. */
    record CallBack() implements Verdict {}

    /** It went to a larger id and has asked for a call. */
    record GiveUp() implements Verdict {}

    /** It is not welcome. */
    record Refuse(Reason reason) implements Verdict {}
  }

  /** Why a connection is refused. */
  enum Reason {
    /** It says that it is us. */
    OWN_ID,
    /** Nobody configured its id. */
    UNKNOWN_ID,
    /** No room for another observer. */
    TOO_MANY_OBSERVERS
  }

  Handshake {
    known = Set.copyOf(known);
  }

  /** Judges a connection that we dialled, once our initial message is written. */
  Verdict dialled(ServerId remote) {
    return self.compareTo(remote) > 0 ? new Verdict.Keep() : new Verdict.GiveUp();
  }

  /**
   * Judges a connection that came in, once its initial message is complete.
   *
   * @param sid what it introduced itself with
   * @param observers how many observers without a configured id are connected
   */
  Verdict cameIn(ServerId sid, int observers) {
    if (sid.equals(ServerId.OBSERVER)) {
      return observers < maxObservers
          ? new Verdict.KeepObserver()
          : new Verdict.Refuse(Reason.TOO_MANY_OBSERVERS);
    }
    if (sid.equals(self)) {
      return new Verdict.Refuse(Reason.OWN_ID);
    }
    if (!known.contains(sid)) {
      return new Verdict.Refuse(Reason.UNKNOWN_ID);
    }
    // Whoever calls a server without an id of its own has given it a name smaller than its own id.
    boolean larger = sid.compareTo(self) > 0 || self.equals(ServerId.OBSERVER);
    return larger ? new Verdict.Keep() : new Verdict.CallBack();
  }
}
