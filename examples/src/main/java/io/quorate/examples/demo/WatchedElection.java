package io.quorate.examples.demo;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Another election made visible from within: a listener is told when the server begins to look, and
 * of each vote that it sends then and that differs from the one before. Changes nothing else.
 */
final class WatchedElection implements ElectionProvider {

  private final ElectionProvider watched;
  private final Consumer<Moment.News> listener;

  WatchedElection(ElectionProvider watched, Consumer<Moment.News> listener) {
    this.watched = watched;
    this.listener = listener;
  }

  @Override
  public String name() {
    return watched.name();
  }

  @Override
  public ElectionAlgorithm create(ElectionContext context) {
    ElectionAlgorithm algorithm = watched.create(context);
    var votes = new Votes();
    return event -> {
      var actions = algorithm.on(event);
      actions.forEach(votes::watch);
      return actions;
    };
  }

  /** The votes of one server. Belongs to the thread that drives the algorithm. */
  private final class Votes {
    private Optional<Vote> last = Optional.empty();

    void watch(Action action) {
      switch (action) {
        case Action.Looking(long round) -> {
          last = Optional.empty();
          listener.accept(new Moment.Looks(round));
        }
        case Action.Send send when send.notification().state() == ServerState.LOOKING -> {
          Vote vote = send.notification().vote();
          if (vote.leader().isMember() && !last.equals(Optional.of(vote))) {
            last = Optional.of(vote);
            listener.accept(new Moment.Votes(vote));
          }
        }
        case Action.Send _ -> {}
        case Action.SetTimer _ -> {}
        case Action.CancelTimer _ -> {}
        case Action.Nominate _ -> {}
        case Action.Withdraw _ -> {}
        case Action.Warn _ -> {}
      }
    }
  }
}
