package io.quorate.testkit.world;

import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Message;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Surrender;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * To whom each voter is bound, as somebody sees it who hears everything: by each acknowledgement,
 * for the grant that was asked for, from when the request arrived, by the voter's own clock. It
 * outlives the voter's process and its disk. It ends early only by the word of that very life of
 * the server for that epoch or a later one, since it leads one at a time, and with {@code
 * fastFailover} by its death.
 */
final class Bonds {

  /** Requests that are remembered of each two servers; acknowledged are the latest. */
  private static final int MAX_REQUESTS = 64;

  /** Clocks count whole nanoseconds, at rates of whole millionths. */
  private static final long ROUNDING = VirtualTime.MICRO;

  private final World world;
  private final Map<ServerId, Bond> bonds = new HashMap<>();
  private final Map<ServerId, Map<Asked, Long>> requests = new HashMap<>();

  /** What voters have heard of that is given up, perhaps before they read what came earlier. */
  private final Set<GivenUp> givenUp = new HashSet<>();

  private record GivenUp(ServerId voter, ServerId leader, long instance, long epoch) {}

  private record Bond(ServerId to, long instance, long epoch, long until) {
    boolean isTo(ServerId server, long life) {
      return to.equals(server) && instance == life;
    }
  }

  private record Asked(ServerId from, long instance, long sequence) {}

  Bonds(World world) {
    this.world = world;
  }

  /** A message has arrived. */
  void heard(ServerProcess process, ServerId from, Message said) {
    switch (said) {
      case Proposal(long _, long sequence, long instance, Duration grant) ->
          asked(process, new Asked(from, instance, sequence), grant);
      case Heartbeat(long _, long sequence, long instance, Duration grant) ->
          asked(process, new Asked(from, instance, sequence), grant);
      case Surrender(long epoch, long instance, ServerId _) -> {
        givenUp.add(new GivenUp(process.id(), from, instance, epoch));
        Bond bond = bonds.get(process.id());
        if (bond != null && bond.isTo(from, instance) && bond.epoch() <= epoch) {
          bonds.remove(process.id());
        }
      }
      default -> {}
    }
  }

  private void asked(ServerProcess process, Asked request, Duration grant) {
    requests
        .computeIfAbsent(process.id(), _ -> new Requests())
        .put(request, now(process.server) + grant.toNanos());
  }

  private static final class Requests extends LinkedHashMap<Asked, Long> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Asked, Long> eldest) {
      return size() > MAX_REQUESTS;
    }
  }

  private long now(Machine machine) {
    return machine.clock().at(world.time.now());
  }

  /** A voter acknowledges, which binds it. */
  void acknowledged(ServerProcess process, ServerId to, Acknowledgement said) {
    requireFree(process.server, to, said.instance());
    Long until =
        requests
            .getOrDefault(process.id(), Map.of())
            .get(new Asked(to, said.instance(), said.sequence()));
    var leads = new GivenUp(process.id(), to, said.instance(), said.epoch());
    if (until != null && !givenUp.contains(leads)) {
      var next = new Bond(to, said.instance(), said.epoch(), until);
      bonds.merge(process.id(), next, Bonds::longer);
    }
  }

  /** A late request does not make it shorter. */
  private static Bond longer(Bond before, Bond next) {
    boolean shortens = before.isTo(next.to(), next.instance()) && before.until() - next.until() > 0;
    return shortens ? new Bond(next.to(), next.instance(), next.epoch(), before.until()) : next;
  }

  /** Whoever is bound promises nothing to any other, nor to another life of the same. */
  void requireFree(Machine voter, ServerId to, long instance) {
    Bond bond = bonds.get(voter.id);
    world.history.require(
        bond == null || bond.isTo(to, instance) || !binds(voter, bond),
        "bonds (a voter that is bound promises nothing to another)",
        voter.id,
        "to",
        to,
        instance,
        "with",
        bond);
  }

  private boolean binds(Machine voter, Bond bond) {
    boolean lives =
        world.server(bond.to()).life().filter(it -> it.instance == bond.instance()).isPresent();
    return bond.until() - now(voter) > 0 && (lives || !world.setup.fastFailover());
  }

  /** A lease is over before the first of a quorum of voters is free. */
  void requireLonger(ServerProcess leader, long epoch, long validUntil) {
    long end = leader.server.clock().whenItShows(validUntil);
    Set<ServerId> bound = new HashSet<>(Set.of(leader.id()));
    for (ServerId voter : world.setup.voters().voters()) {
      Bond bond = bonds.get(voter);
      if (bond != null
          && bond.isTo(leader.id(), leader.instance)
          && bond.epoch() == epoch
          && world.server(voter).clock().whenItShows(bond.until()) + ROUNDING >= end) {
        bound.add(voter);
      }
    }
    world.history.require(
        Quorums.isQuorum(world.setup.voters(), bound),
        "bonds (a quorum is bound for as long as the lease)",
        leader,
        "until",
        end,
        "of true time, only",
        bound,
        "of",
        bonds);
  }
}
