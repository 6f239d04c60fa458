package io.quorate.election;

import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.util.Optional;
import java.util.Set;

/**
 * What a server knows at one instant. Immutable, all fields of the same instant.
 *
 * @param self who we are
 * @param state what we do
 * @param leader who leads, in our opinion; empty while looking
 * @param round the number of the present or the last election
 * @param epoch the leader's epoch; 0 while looking
 * @param confirmed whether a majority promised that epoch to the leader; never with an election
 *     only
 * @param reachableVoters the voters with a link that is up, ourselves included if we vote
 * @param failure why this server takes no part any more; empty while it does
 */
public record LeaderView(
    ServerId self,
    ServerState state,
    Optional<ServerId> leader,
    long round,
    long epoch,
    boolean confirmed,
    Set<ServerId> reachableVoters,
    Optional<String> failure) {

  /** Copies the set. */
  public LeaderView {
    reachableVoters = Set.copyOf(reachableVoters);
  }
}
