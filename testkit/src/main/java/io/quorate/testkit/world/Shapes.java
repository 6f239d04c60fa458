package io.quorate.testkit.world;

import io.quorate.protocol.ServerId;
import io.quorate.testkit.world.Script.Rest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Who reaches whom: partitions of a whole ensemble. */
final class Shapes {

  private final World world;

  Shapes(World world) {
    this.world = world;
  }

  private long lease() {
    return world.setup.lease();
  }

  /** Cuts it off from all, which they are told. */
  void isolate(ServerId server, long lasts) {
    world.ids().forEach(other -> world.network.block(server, other, lasts));
  }

  /** Makes the shape of a fault; returns whether there are servers enough for it. */
  boolean make(PlannedFault planned, ServerId server, SplittableRandom random) {
    List<ServerId> ids = new ArrayList<>(world.ids());
    if (ids.size() < 2) {
      return false;
    }
    long lasts = planned.lasts();
    long found = random.nextLong(2 * lease());
    Collections.shuffle(ids, random);
    int half = ids.size() / 2;
    switch (planned.fault()) {
      case ISOLATED_SERVER -> isolate(server, lasts);
      case MUTE_SERVER ->
          ids.forEach(id -> world.network.mute(server, id, List.of(server), found, lasts));
      case DEAF_SERVER ->
          ids.forEach(id -> world.network.mute(server, id, List.of(id), found, lasts));
      case CLEAN_SPLIT -> pairs(ids, half, half, (a, b) -> world.network.block(a, b, lasts));
      case SILENT_SPLIT ->
          pairs(ids, half, half, (a, b) -> world.network.mute(a, b, List.of(a, b), found, lasts));
      case ONE_WAY_SPLIT ->
          pairs(ids, half, half, (a, b) -> world.network.mute(a, b, List.of(a), found, lasts));
      case BRIDGE -> apart(ids, 1, lasts);
      case PARTIAL_SPLIT -> apart(ids, Math.max(1, ids.size() / 3), lasts);
      case RING -> neighbours(ids, true, lasts);
      case CHAIN -> neighbours(ids, false, lasts);
      case HUB ->
          ids.forEach(
              a ->
                  ids.forEach(
                      b -> {
                        if (!a.equals(server) && !b.equals(server)) {
                          world.network.block(a, b, lasts);
                        }
                      }));
      default -> throw new IllegalArgumentException("no shape: " + planned);
    }
    return true;
  }

  /** What is done between two servers. */
  private interface Pair {
    void of(ServerId one, ServerId other);
  }

  /** Each of the first ones with each of those from an index on. */
  private static void pairs(List<ServerId> ids, int first, int from, Pair action) {
    for (ServerId one : ids.subList(0, first)) {
      for (ServerId other : ids.subList(from, ids.size())) {
        action.of(one, other);
      }
    }
  }

  /** Two sides that both reach those between. */
  private void apart(List<ServerId> ids, int between, long lasts) {
    int side = (ids.size() - between) / 2;
    pairs(ids, side, side + between, (a, b) -> world.network.block(a, b, lasts));
  }

  private void neighbours(List<ServerId> ids, boolean closed, long lasts) {
    int n = ids.size();
    for (int i = 0; i < n; i++) {
      for (int j = i + 2; j < n; j++) {
        boolean ends = i == 0 && j == n - 1;
        if (!closed || !ends) {
          world.network.block(ids.get(i), ids.get(j), lasts);
        }
      }
    }
  }

  // ---- for good ----

  void breakForGood(Machine server, Rest rest) {
    switch (rest) {
      case GONE -> {
        server.breakForGood();
        if (world.tasks.nextBoolean()) {
          server.crash();
        }
        world.ids().forEach(other -> world.network.block(server.id, other, Long.MAX_VALUE));
      }
      case HALF_CONNECTED -> {
        server.makeWell();
        for (ServerId other : world.ids()) {
          if (world.tasks.nextBoolean()) {
            world.network.heal(server.id, other);
          } else {
            world.network.block(server.id, other, Long.MAX_VALUE);
          }
        }
      }
      case FLAPPING -> {
        server.makeWell();
        world.ids().forEach(other -> flap(server.id, other));
      }
    }
  }

  /** A link comes up and breaks, or falls silent in one direction, for ever. */
  private void flap(ServerId one, ServerId other) {
    world.network.heal(one, other);
    long works = world.upTo(world.tasks, 3 * lease());
    long fails = world.upTo(world.tasks, 2 * lease());
    world.time.after(
        works,
        () -> {
          switch (world.tasks.nextInt(3)) {
            case 0 -> world.network.block(one, other, fails);
            case 1 -> world.network.mute(one, other, List.of(one), fails / 2, fails);
            default -> world.network.mute(one, other, List.of(other), fails / 2, fails);
          }
        });
    world.time.after(works + fails, () -> flap(one, other));
  }
}
