package io.quorate.examples.demo;

import io.quorate.election.ElectionEvent;
import io.quorate.protocol.ServerId;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What each server does at the moment, as far as it has told. Belongs to one thread. */
final class Scoreboard {

  /** What a server does. */
  enum Role {
    /** It is not running. */
    DOWN,
    /** It looks for a leader. */
    LOOKS,
    /** It follows. */
    FOLLOWS,
    /** It leads. */
    LEADS
  }

  /**
   * The state of one server.
   *
   * @param role what it does
   * @param led whom it follows, itself if it leads
   */
  record State(Role role, Optional<Led> led) {}

  /**
   * A leader and its epoch.
   *
   * @param leader who
   * @param epoch its fencing token's
   */
  record Led(ServerId leader, long epoch) {
    @Override
    public String toString() {
      return leader + " leads epoch " + epoch;
    }
  }

  private static final State DOWN = new State(Role.DOWN, Optional.empty());
  private static final State LOOKS = new State(Role.LOOKS, Optional.empty());

  private final SortedMap<ServerId, State> states = new TreeMap<>();

  Scoreboard(Set<ServerId> servers) {
    servers.forEach(server -> states.put(server, DOWN));
  }

  /** Takes that a server looks; returns whether it did something else before. */
  boolean looks(ServerId server) {
    return !LOOKS.equals(states.put(server, LOOKS));
  }

  /** Takes a server's event; returns whether it now does something else. */
  boolean update(ServerId server, ElectionEvent event) {
    Optional<State> next =
        switch (event) {
          case ElectionEvent.Looking _ -> Optional.of(LOOKS);
          case ElectionEvent.Leading(ServerId leader, long epoch, boolean _) ->
              Optional.of(new State(Role.LEADS, Optional.of(new Led(leader, epoch))));
          case ElectionEvent.Following(ServerId leader, long epoch, boolean _) ->
              Optional.of(new State(Role.FOLLOWS, Optional.of(new Led(leader, epoch))));
          case ElectionEvent.Observing(ServerId leader, long epoch, boolean _) ->
              Optional.of(new State(Role.FOLLOWS, Optional.of(new Led(leader, epoch))));
          case ElectionEvent.Closed _ -> Optional.of(DOWN);
          case ElectionEvent.Granted _, ElectionEvent.Revoked _ -> Optional.empty();
          case ElectionEvent.Listening _ -> Optional.empty();
          case ElectionEvent.Elected _ -> Optional.empty();
          case ElectionEvent.LinkUp _ -> Optional.empty();
          case ElectionEvent.LinkDown _ -> Optional.empty();
          case ElectionEvent.Warning _ -> Optional.empty();
        };
    return next.isPresent() && !next.get().equals(states.put(server, next.get()));
  }

  /** The states in the order of ids. */
  Collection<State> states() {
    return states.values();
  }

  /** Whom all of these servers follow, if they agree and it is one of them and leads. */
  Optional<Led> agreement(Set<ServerId> servers) {
    var leaders = servers.stream().map(server -> state(server).led()).distinct().toList();
    if (leaders.size() != 1) {
      return Optional.empty();
    }
    return leaders
        .getFirst()
        .filter(led -> servers.contains(led.leader()))
        .filter(led -> state(led.leader()).role() == Role.LEADS);
  }

  private State state(ServerId server) {
    return states.getOrDefault(server, DOWN);
  }
}
