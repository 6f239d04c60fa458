package io.quorate.election.spi;

import io.quorate.election.ElectionTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.util.Optional;

/**
 * What an algorithm knows of its surroundings. Immutable.
 *
 * @param self our id, or {@link ServerId#OBSERVER}
 * @param voters how votes are counted; the set of voters may lack us
 * @param timings how long to wait for what
 * @param config the ensemble's text, which our notifications carry
 */
public record ElectionContext(
    ServerId self, QuorumVerifier voters, ElectionTimings timings, ConfigText config) {

  /**
   * Makes a notification of ours.
   *
   * @param state what we do
   * @param vote whom we vote for or follow
   * @param round our round
   * @return it, in the present format
   */
  public Notification notification(ServerState state, Vote vote, long round) {
    return new Notification(state, vote, round, Notification.CURRENT_VERSION, Optional.of(config));
  }
}
