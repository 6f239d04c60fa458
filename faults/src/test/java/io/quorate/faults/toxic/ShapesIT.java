package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.toxic.ShapeTrial.Plan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three and five servers of which only some hear each other. Where the leader keeps a quorum it
 * stays, and hands off then, so that one is to be found while the network is like this.
 */
@Tag("faults")
@ExtendWith(NeedsToxiproxy.class)
@TestInstance(Lifecycle.PER_CLASS)
final class ShapesIT {

  private final Map<Integer, Ensemble> ensembles = new TreeMap<>();
  private final List<String> table = new ArrayList<>();
  private long turn;

  /**
   * A case.
   *
   * @param servers of which ensemble
   * @param plan what
   */
  record Case(int servers, Plan plan) {
    @Override
    public String toString() {
      return "%d servers, %s, %s, leader at %d"
          .formatted(servers, plan.shape(), plan.toxic(), plan.leaderAt());
    }
  }

  @BeforeAll
  void start(ToxiproxyServer toxiproxy) throws IOException {
    for (int count : List.of(3, 5)) {
      ensembles.put(count, new Ensemble(toxiproxy, count));
    }
  }

  @AfterAll
  void end() throws IOException {
    for (Ensemble ensemble : ensembles.values()) {
      ensemble.close();
    }
    table.forEach(System.out::println);
    for (Ensemble ensemble : ensembles.values()) {
      ensemble.awaitNothingLeft();
    }
  }

  static Stream<Case> shapes() {
    return Stream.of(
            // In three a leader that is linked with one still has its quorum.
            cases(3, Shape.ONE_WITH_ONE, 0),
            cases(3, Shape.CHAIN, 1),
            cases(3, Shape.ONE_WAY_RING, 0),
            cases(5, Shape.ONE_WITH_ONE, 0),
            cases(5, Shape.RING, 0),
            cases(5, Shape.BRIDGE, 0, 2),
            cases(5, Shape.CHAIN, 0, 2),
            cases(5, Shape.HUB, 0, 1),
            cases(5, Shape.ONE_WAY_SPLIT, 0, 2),
            cases(5, Shape.ONE_WAY_RING, 0))
        .flatMap(each -> each);
  }

  private static Stream<Case> cases(int servers, Shape shape, int... leaderAt) {
    return IntStream.of(leaderAt)
        .boxed()
        .flatMap(at -> toxics(shape).map(toxic -> new Case(servers, new Plan(shape, toxic, at))));
  }

  /** A proxy that is down is so for both. */
  private static Stream<Toxic> toxics(Shape shape) {
    return switch (shape) {
      case ONE_WITH_ONE, RING, BRIDGE, CHAIN, HUB -> Stream.of(Toxic.DOWN, Toxic.TIMEOUT);
      case ONE_WAY_SPLIT, ONE_WAY_RING -> Stream.of(Toxic.TIMEOUT);
    };
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void whoHasAQuorumLeadsAndAllAgreeAfterwards(Case each) throws IOException {
    Ensemble ensemble = Objects.requireNonNull(ensembles.get(each.servers()));
    turn++;
    long leader = 1 + turn % each.servers();
    ShapeTrial.Outcome outcome = ShapeTrial.run(ensemble, each.plan(), leader);
    assertTrue(outcome.cut() > 0, each::toString);
    table.add(
        "%s: %d directions cut; %s; all agree after %d ms"
            .formatted(
                each,
                outcome.cut(),
                outcome
                    .until()
                    .map(Duration::toMillis)
                    .map(millis -> "the next one leads after " + millis + " ms")
                    .orElse("nobody can be followed by a quorum"),
                outcome.back().toMillis()));
  }
}
