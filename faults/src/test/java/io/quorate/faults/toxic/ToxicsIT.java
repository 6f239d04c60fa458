package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
 * Three and five servers, each of which dials each other one through a proxy of its own, and every
 * toxic of Toxiproxy in what one of them says, in what it hears, and in both. All cases share two
 * ensembles that run, so that each begins with what the ones before have left.
 */
@Tag("faults")
@ExtendWith(NeedsToxiproxy.class)
@TestInstance(Lifecycle.PER_CLASS)
final class ToxicsIT {

  private final Map<Integer, Ensemble> ensembles = new TreeMap<>();
  private final Map<Toxic, Integer> shown = new EnumMap<>(Toxic.class);
  private final List<String> table = new ArrayList<>();
  private long turn;

  /**
   * A case.
   *
   * @param servers of which ensemble
   * @param toxic what
   * @param side in what the server says or hears
   */
  record Case(int servers, Toxic toxic, Side side) {
    @Override
    public String toString() {
      return "%d servers, %s, %s".formatted(servers, toxic, side);
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
    System.out.println("toxics shown, in directions and proxies: " + shown);
    for (Ensemble ensemble : ensembles.values()) {
      ensemble.awaitNothingLeft();
    }
  }

  static Stream<Case> onLeaders() {
    return Stream.of(3, 5).flatMap(ToxicsIT::cases);
  }

  static Stream<Case> onFollowers() {
    return cases(3);
  }

  private static Stream<Case> cases(int servers) {
    return Stream.of(Toxic.values())
        .flatMap(toxic -> sides(toxic).stream().map(side -> new Case(servers, toxic, side)));
  }

  private static List<Side> sides(Toxic toxic) {
    return switch (toxic) {
      // In one direction the answers still come in time.
      case LATENCY_BEYOND_THE_LEASE -> List.of(Side.BOTH);
      // One side of it is as one side of the other black hole.
      case TIMEOUT_THAT_CLOSES -> List.of(Side.BOTH);
      case LATENCY, BANDWIDTH, SLICER, SLOW_CLOSE, TIMEOUT, RESET_PEER, LIMIT_DATA, DOWN ->
          List.of(Side.values());
    };
  }

  @ParameterizedTest
  @MethodSource("onLeaders")
  void aLeaderWithItLeadsOnOrTheOthersFindOneAndItComesBack(Case each) throws IOException {
    Ensemble ensemble = ensemble(each);
    long leader = nextOf(ensemble);
    note("leader", each, leader, Trial.onLeader(ensemble, each.toxic(), each.side(), leader));
  }

  @ParameterizedTest
  @MethodSource("onFollowers")
  void aFollowerWithItCostsNobodyTheLeaderAndComesBack(Case each) throws IOException {
    Ensemble ensemble = ensemble(each);
    long leader = nextOf(ensemble);
    long victim = 1 + leader % ensemble.ids().size();
    note(
        "follower",
        each,
        victim,
        Trial.onFollower(ensemble, each.toxic(), each.side(), leader, victim));
  }

  private Ensemble ensemble(Case each) {
    return Objects.requireNonNull(ensembles.get(each.servers()));
  }

  /** Each leads in its turn: whose dials carry the links depends on its id. */
  private long nextOf(Ensemble ensemble) {
    turn++;
    return 1 + turn % ensemble.ids().size();
  }

  private void note(String role, Case each, long victim, Trial.Outcome outcome) {
    assertTrue(outcome.shown() > 0, each::toString);
    shown.merge(each.toxic(), outcome.shown(), Integer::sum);
    table.add(
        "%s, %s %d: %s; all agree after %d ms, linked after %d ms"
            .formatted(
                each,
                role,
                victim,
                outcome
                    .until()
                    .map(Duration::toMillis)
                    .map(millis -> "the others agree after " + millis + " ms")
                    .orElse("the leader stays"),
                outcome.back().toMillis(),
                outcome.links().toMillis()));
  }
}
