package io.quorate.election;

import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.ServerId;
import java.util.Set;

/**
 * How votes are counted: a set of ids in, quorum or not out. A pure value; two of the same content
 * are equal. A server that is unknown has weight 0 and changes nothing.
 */
public sealed interface QuorumVerifier permits Majority, Hierarchical, Joint {

  /**
   * Returns whose votes are heard, those of weight 0 included.
   *
   * @return an immutable set
   */
  Set<ServerId> voters();

  /**
   * Returns what a voter's vote weighs.
   *
   * @param id any id
   * @return 0 for one that cannot be a candidate or is no voter
   */
  long weight(ServerId id);

  /**
   * Tells whether these servers are enough to decide. Any two quorums share a voter.
   *
   * @param ids any ids; those of no voter do not count
   * @return true if so
   */
  boolean isQuorum(Set<ServerId> ids);

  /**
   * Returns how the votes of this ensemble are counted.
   *
   * @param config the ensemble
   * @return a {@link Majority} or a {@link Hierarchical}
   * @throws IllegalArgumentException if its groups are none that a {@link Hierarchical} can have
   */
  static QuorumVerifier of(EnsembleConfig config) {
    return config
        .hierarchy()
        .<QuorumVerifier>map(hierarchy -> Hierarchical.of(config.participants(), hierarchy))
        .orElseGet(() -> new Majority(config.participants()));
  }
}
