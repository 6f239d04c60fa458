package io.quorate.election.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.election.LeaderView;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LeaderWatchTest {
  private static final long MS = 1_000_000;

  /** The clock has any origin. */
  private static final long START = -5 * MS;

  private final LeaderWatch watch = new LeaderWatch(view(0), START);

  @Test
  void time_without_a_leader_goes_on_until_there_is_one() {
    assertEquals(counts(0, 0, 7), watch.snapshot(START + 7 * MS));
    watch.shown(view(2), START + 10 * MS);
    assertEquals(counts(0, 1, 10), watch.snapshot(START + 50 * MS));
    watch.shown(view(0), START + 60 * MS);
    assertEquals(counts(0, 1, 15), watch.snapshot(START + 65 * MS));
  }

  @Test
  void a_leader_that_comes_back_is_no_change_and_another_one_is() {
    watch.shown(view(2), START);
    watch.shown(view(0), START);
    watch.shown(view(2), START);
    assertEquals(counts(0, 1, 0), watch.snapshot(START));
    watch.shown(view(1), START);
    assertEquals(counts(1, 2, 0), watch.snapshot(START));
    watch.shown(view(2), START);
    assertEquals(counts(0, 3, 0), watch.snapshot(START));
  }

  private static Map<String, Long> counts(long leading, long changes, long millis) {
    return Map.of("leading", leading, "leaderChanges", changes, "millisWithoutLeader", millis);
  }

  /** What server 1 shows under this leader; 0: nobody. */
  private static LeaderView view(long leader) {
    ServerState state =
        leader == 0
            ? ServerState.LOOKING
            : leader == 1 ? ServerState.LEADING : ServerState.FOLLOWING;
    Optional<ServerId> who = leader == 0 ? Optional.empty() : Optional.of(ServerId.of(leader));
    return new LeaderView(ServerId.of(1), state, who, 1, 0, false, Set.of(), Optional.empty());
  }
}
