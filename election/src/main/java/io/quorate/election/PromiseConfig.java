package io.quorate.election;

import io.quorate.election.spi.EpochStoreProvider;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How leaders are confirmed: the durations of the lease, and where a voter remembers what it
 * promised. Immutable. A configuration that lacks it is an election only.
 *
 * @param timings how long a leadership lasts without word from a majority
 * @param fastFailover whether a voter is free of its promise already once it has itself seen the
 *     leader's connection closed and a new dial to it refused. The next leader then need not wait
 *     for the lease to end; two may overlap if the old one lives on although nobody can dial it
 * @param store what keeps the promises; empty: {@code files} if there is a data directory, else
 *     nothing does, which an observer may do
 * @param data the directory that the store may use, for this server alone; need not exist
 */
public record PromiseConfig(
    LeaseTimings timings,
    boolean fastFailover,
    Optional<EpochStoreProvider> store,
    Optional<Path> data) {

  /** The name of the store that keeps promises in files of the data directory. */
  static final String FILES = "files";

  /** The name of the store that forgets its promises with the process. */
  static final String MEMORY = "memory";

  /**
   * Checks and completes.
   *
   * @throws IllegalArgumentException if the store and the data directory do not go together
   */
  public PromiseConfig {
    if (store.isEmpty() && data.isPresent()) {
      store = Optional.of(EpochStoreProvider.named(FILES));
    }
    String name = store.map(EpochStoreProvider::name).orElse("");
    if (name.equals(FILES) && data.isEmpty()) {
      throw new IllegalArgumentException("the epoch store 'files' needs a data directory");
    }
    if (name.equals(MEMORY) && data.isPresent()) {
      throw new IllegalArgumentException(
          "the epoch store 'memory' keeps nothing in a data directory: leave out one of them");
    }
  }

  /** Returns the same for a server that promises nothing. */
  PromiseConfig withoutStore() {
    return new PromiseConfig(timings, fastFailover, Optional.empty(), Optional.empty());
  }
}
