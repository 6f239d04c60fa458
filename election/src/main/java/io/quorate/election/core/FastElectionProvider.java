package io.quorate.election.core;

import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;

/** Provides {@link FastLeaderElection} under the name {@code fast}. */
public final class FastElectionProvider implements ElectionProvider {

  /** Makes the provider; for {@link java.util.ServiceLoader}. */
  public FastElectionProvider() {}

  @Override
  public String name() {
    return "fast";
  }

  @Override
  public ElectionAlgorithm create(ElectionContext context) {
    return new FastLeaderElection(context);
  }
}
