package io.quorate.election.engine;

import io.quorate.election.LeaseTimings;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.ConfigDigest;
import java.util.Optional;

/**
 * What an {@link Engine} knows from the start. Immutable.
 *
 * @param context what the algorithm knows of its surroundings
 * @param ensembleName the name of our ensemble; servers of another are refused
 * @param digest the fingerprint of our configuration; servers with another are refused
 * @param priority servers of larger priority lead if they can; 0: we never lead
 * @param promise the epoch promise and the lease; empty with an election only
 */
public record EngineConfig(
    ElectionContext context,
    String ensembleName,
    ConfigDigest digest,
    int priority,
    Optional<Promise> promise) {

  /**
   * What the epoch promise and the lease need.
   *
   * @param timings how long they last
   * @param fastFailover whether a voter is free once it has seen its leader's connection closed and
   *     a new dial to it refused
   * @param instance which life of this server this is: never the same twice
   * @param stored what was durable at the start; empty if nothing was ever promised
   */
  public record Promise(
      LeaseTimings timings, boolean fastFailover, long instance, Optional<EpochState> stored) {}
}
