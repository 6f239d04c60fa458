package io.quorate.testkit.world;

import io.quorate.election.Hierarchical;
import io.quorate.election.Joint;
import io.quorate.election.Majority;
import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.ServerId;
import java.util.Collection;
import java.util.Set;

/** What a quorum is, counted without the code that is tried. */
final class Quorums {
  private Quorums() {}

  static boolean isQuorum(QuorumVerifier how, Set<ServerId> ids) {
    return switch (how) {
      case Majority majority -> 2 * weigh(majority, majority.voters(), ids) > all(majority);
      case Hierarchical groups -> {
        long won = 0;
        long counting = 0;
        for (Set<ServerId> group : groups.groups().values()) {
          long weight = weigh(groups, group, group);
          counting += weight > 0 ? 1 : 0;
          won += 2 * weigh(groups, group, ids) > weight ? 1 : 0;
        }
        yield 2 * won > counting;
      }
      case Joint(QuorumVerifier current, QuorumVerifier next) ->
          isQuorum(current, ids) && isQuorum(next, ids);
    };
  }

  private static long all(QuorumVerifier how) {
    return weigh(how, how.voters(), how.voters());
  }

  private static long weigh(QuorumVerifier how, Collection<ServerId> group, Set<ServerId> ids) {
    return group.stream().filter(ids::contains).mapToLong(how::weight).sum();
  }
}
