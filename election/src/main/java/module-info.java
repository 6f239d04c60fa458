import io.quorate.election.core.FastElectionProvider;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.EpochStoreProvider;
import io.quorate.election.store.FileEpochStoreProvider;
import io.quorate.election.store.MemoryEpochStoreProvider;
import io.quorate.transport.spi.TransportProvider;

/**
 * Leader election: the public API, the provider interface, ZooKeeper's fast leader election as a
 * pure state machine, and the one thread that drives it.
 */
@org.jspecify.annotations.NullMarked
module io.quorate.election {
  requires transitive io.quorate.transport;
  requires org.slf4j;

  exports io.quorate.election;
  exports io.quorate.election.engine to
      io.quorate.testkit;
  exports io.quorate.election.spi;

  uses ElectionProvider;
  uses EpochStoreProvider;
  uses TransportProvider;

  provides ElectionProvider with
      FastElectionProvider;
  provides EpochStoreProvider with
      FileEpochStoreProvider,
      MemoryEpochStoreProvider;
}
