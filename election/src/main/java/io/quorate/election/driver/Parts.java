package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderView;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.election.spi.EpochStore;
import io.quorate.election.spi.Position;
import io.quorate.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a driver drives and what it does it with.
 *
 * @param engine only this driver's
 * @param first what the engine shows at the start
 * @param transport open; the driver's own from now on
 * @param store where promises are kept, the driver's own from now on; empty with an election only
 * @param voters who can lead
 * @param standing what every listener is told
 * @param position asked how far our history goes
 * @param answerWithin how long a peer may be silent from which something is to come
 * @param closeTimeout how long to wait for what at the end
 * @param nanoTime a monotonic clock in nanoseconds
 * @param wallMillis the wall clock in milliseconds
 */
record Parts(
    Step engine,
    LeaderView first,
    Transport transport,
    Optional<EpochStore> store,
    QuorumVerifier voters,
    List<ElectionEvent.Warning> standing,
    Supplier<Position> position,
    Duration answerWithin,
    Duration closeTimeout,
    LongSupplier nanoTime,
    LongSupplier wallMillis) {

  /** The engine, as the thread sees it. */
  @FunctionalInterface
  interface Step {
    List<Output> on(Input input, long now);
  }
}
