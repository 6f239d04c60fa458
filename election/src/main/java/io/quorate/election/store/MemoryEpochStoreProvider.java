package io.quorate.election.store;

import io.quorate.election.spi.EpochStore;
import io.quorate.election.spi.EpochStoreProvider;

/**
 * Provides {@link MemoryEpochStore} under the name {@code memory}: an empty one at each opening.
 */
public final class MemoryEpochStoreProvider implements EpochStoreProvider {

  /** Makes the provider; for {@link java.util.ServiceLoader}. */
  public MemoryEpochStoreProvider() {}

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public EpochStore open(Place place) {
    return new MemoryEpochStore();
  }
}
