package io.quorate.election.store;

import io.quorate.election.spi.EpochState;
import io.quorate.protocol.ServerId;
import java.time.Duration;

/** Well-formed files. */
final class FileSamples {

  private FileSamples() {}

  static StateFile state(long generation, long epoch, String name) {
    EpochState state =
        epoch == 0
            ? EpochState.EMPTY
            : new EpochState(epoch, ServerId.of(2), 99, epoch - 1, Duration.ofSeconds(1), false);
    return new StateFile(generation, ServerId.of(1), name, state);
  }
}
