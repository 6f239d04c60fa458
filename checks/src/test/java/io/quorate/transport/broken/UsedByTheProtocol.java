package io.quorate.transport.broken;

import io.quorate.protocol.broken.KnowsTheTransport;
import java.util.List;

/** Breaks a rule on purpose, with the class that it uses: they use each other. */
public record UsedByTheProtocol(List<KnowsTheTransport> below) {
  /** The first one. */
  public KnowsTheTransport first() {
    return below.getFirst();
  }
}
