package io.quorate.testkit.exhaustive;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.Event;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.util.List;
import java.util.TreeSet;

/** Nominates the largest id of those that it is linked with, itself included, and says nothing. */
final class Bully implements ElectionAlgorithm {
  private final TreeSet<ServerId> linked = new TreeSet<>();
  private ServerId chosen = ServerId.NONE;

  Bully(ServerId self) {
    linked.add(self);
  }

  @Override
  public List<Action> on(Event event) {
    return switch (event) {
      case Event.Look _ -> {
        chosen = ServerId.NONE;
        yield choose();
      }
      case Event.LinkUp(ServerId peer) -> {
        linked.add(peer);
        yield choose();
      }
      case Event.LinkDown(ServerId peer) -> {
        linked.remove(peer);
        yield choose();
      }
      case Event.Heard _,
          Event.Unreachable _,
          Event.Recognized _,
          Event.TimerFired _,
          Event.NominationFailed _,
          Event.Eligible _,
          Event.Led _,
          Event.Reconfigured _ ->
          List.of();
    };
  }

  private List<Action> choose() {
    if (chosen.equals(linked.last())) {
      return List.of();
    }
    chosen = linked.last();
    return List.of(new Action.Nominate(new Vote(chosen, 0, 0), 1));
  }
}
