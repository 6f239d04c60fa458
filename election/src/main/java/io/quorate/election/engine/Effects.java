package io.quorate.election.engine;

import io.quorate.election.engine.Timer.OfEngine;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Message;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the promise and the lease ask for. Frames of ours go only to peers that know them; what we
 * say to ourselves is heard at once. Not safe for use by several threads.
 */
final class Effects {
  private final ServerId self;
  private final Links links;
  private final List<Output> out;
  private Consumer<Message> ownEar = _ -> {};

  Effects(ServerId self, Links links, List<Output> out) {
    this.self = self;
    this.links = links;
    this.out = out;
  }

  /** Sets who hears what we say to ourselves. */
  void hearOurselves(Consumer<Message> ear) {
    ownEar = ear;
  }

  void send(ServerId to, Message message) {
    if (to.equals(self)) {
      ownEar.accept(message);
    } else if (links.isRecognized(to)) {
      out.add(new Output.Transmit(to, message));
    }
  }

  void start(OfEngine timer, Duration after) {
    out.add(new Output.SetTimer(timer, after));
  }

  void stop(OfEngine timer) {
    out.add(new Output.CancelTimer(timer));
  }

  void persist(EpochState state) {
    out.add(new Output.Persist(state));
  }

  void add(Output output) {
    out.add(output);
  }
}
