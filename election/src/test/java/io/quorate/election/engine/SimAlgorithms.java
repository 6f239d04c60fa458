package io.quorate.election.engine;

import io.quorate.election.core.FastLeaderElection;
import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.Event;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The algorithms of a simulation. Most of them are wrong: they may cost liveness, never safety. */
final class SimAlgorithms {
  private static final int MAX_WAIT_MILLIS = 300;
  private static final int CHANGES_MIND_ONE_IN = 8;
  private static final int LOOKS_ONE_IN = 20;
  private static final double THROWS = 0.05;
  private static final double FAILS = 0.15;

  private SimAlgorithms() {}

  static ElectionAlgorithm create(
      SimSetup.AlgorithmKind kind, ElectionContext context, Random random) {
    return switch (kind) {
      case FAST -> new FastLeaderElection(context);
      case THROWING -> throwing(new FastLeaderElection(context), THROWS, random);
      case FAILING -> throwing(new FastLeaderElection(context), FAILS, random);
      case RANDOM -> new Rogue(context, false, random);
      case SELFISH -> new Rogue(context, true, random);
    };
  }

  private static ElectionAlgorithm throwing(ElectionAlgorithm inner, double rate, Random random) {
    return event -> {
      if (random.nextDouble() < rate) {
        throw new IllegalStateException("simulated");
      }
      return inner.on(event);
    };
  }

  /** Nominates whomever it likes at each event, often the same, and wakes itself to do so. */
  private static final class Rogue implements ElectionAlgorithm {
    private final ElectionContext context;
    private final boolean selfish;
    private final Random random;
    private ServerId chosen;
    private long round;

    Rogue(ElectionContext context, boolean selfish, Random random) {
      this.context = context;
      this.selfish = selfish;
      this.random = random;
      this.chosen = context.self();
    }

    @Override
    public List<Action> on(Event event) {
      var voters = List.copyOf(context.voters().voters());
      if (!selfish && random.nextInt(CHANGES_MIND_ONE_IN) == 0) {
        chosen = voters.get(random.nextInt(voters.size()));
      }
      round++;
      return List.of(
          new Action.SetTimer("again", Duration.ofMillis(1 + random.nextInt(MAX_WAIT_MILLIS))),
          random.nextInt(LOOKS_ONE_IN) == 0
              ? new Action.Looking(round)
              : new Action.Nominate(new Vote(chosen, 0, 0), round));
    }
  }
}
