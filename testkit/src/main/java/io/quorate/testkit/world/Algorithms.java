package io.quorate.testkit.world;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.Event;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** The algorithms of a simulation. Most of them are wrong: they may cost liveness, never safety. */
final class Algorithms {
  private static final int MAX_WAIT_MILLIS = 300;
  private static final int CHANGES_MIND_ONE_IN = 8;
  private static final int LOOKS_ONE_IN = 20;
  private static final double THROWS = 0.05;
  private static final double FAILS = 0.15;

  private Algorithms() {}

  static ElectionAlgorithm create(World world, ElectionContext context) {
    SplittableRandom random = world.algorithms;
    return switch (world.setup.kind()) {
      case GIVEN -> given(world, context);
      case THROWING -> throwing(given(world, context), THROWS, random);
      case FAILING -> throwing(given(world, context), FAILS, random);
      case RANDOM -> new Rogue(context, false, random);
      case SELFISH -> new Rogue(context, true, random);
    };
  }

  private static ElectionAlgorithm given(World world, ElectionContext context) {
    ElectionAlgorithm algorithm = world.tried.algorithms().apply(context);
    return world.tried.checksDeterminism()
        ? twice(world, context.self(), algorithm, world.tried.algorithms().apply(context))
        : algorithm;
  }

  /** Tells two the same; what they answer must be the same. */
  private static ElectionAlgorithm twice(
      World world, ServerId self, ElectionAlgorithm first, ElectionAlgorithm second) {
    return event -> {
      List<Action> answer = first.on(event);
      List<Action> again = second.on(event);
      if (!answer.equals(again)) {
        world.violated(
            new ViolationException(
                "determinism (the same events, the same actions)",
                "server " + self + " at " + event + ": " + answer + ", and another time " + again));
      }
      return answer;
    };
  }

  private static ElectionAlgorithm throwing(
      ElectionAlgorithm inner, double rate, SplittableRandom random) {
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
    private final SplittableRandom random;
    private ServerId chosen;
    private long round;

    Rogue(ElectionContext context, boolean selfish, SplittableRandom random) {
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
