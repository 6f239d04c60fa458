package io.quorate.election.engine;

import io.quorate.election.ElectionEvent;
import io.quorate.election.ElectionEvent.StateChange;
import io.quorate.election.LeaderView;
import io.quorate.protocol.ServerId;

/** The event that tells what a view shows. */
public final class StateChanges {
  private StateChanges() {}

  /**
   * Returns the event of a view.
   *
   * @param view what is known
   * @return what to tell
   */
  public static StateChange of(LeaderView view) {
    if (view.failure().isPresent()) {
      return new ElectionEvent.Closed();
    }
    return switch (view.state()) {
      case LOOKING -> new ElectionEvent.Looking(view.round());
      case FOLLOWING -> new ElectionEvent.Following(leader(view), view.epoch(), view.confirmed());
      case LEADING -> new ElectionEvent.Leading(leader(view), view.epoch(), view.confirmed());
      case OBSERVING -> new ElectionEvent.Observing(leader(view), view.epoch(), view.confirmed());
    };
  }

  private static ServerId leader(LeaderView view) {
    return view.leader().orElseThrow(() -> new IllegalStateException("nobody leads: " + view));
  }
}
