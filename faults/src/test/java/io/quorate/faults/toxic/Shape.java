package io.quorate.faults.toxic;

import java.util.stream.IntStream;

/** Who hears whom, by places from 0 on. */
enum Shape {
  /** One is linked with the next one only, and the others with each other. */
  ONE_WITH_ONE {
    @Override
    boolean hears(int of, int from, int to) {
      return Math.min(from, to) > 0 || Math.max(from, to) == 1;
    }
  },
  /** Each reaches its two neighbours only. */
  RING {
    @Override
    boolean hears(int of, int from, int to) {
      int apart = Math.abs(from - to);
      return apart == 1 || apart == of - 1;
    }
  },
  /** Two halves that have the one in the middle in common. */
  BRIDGE {
    @Override
    boolean hears(int of, int from, int to) {
      int middle = of / 2;
      return Math.max(from, to) <= middle || Math.min(from, to) >= middle;
    }
  },
  /** Each reaches the one before it and the one after it; the ends one only. */
  CHAIN {
    @Override
    boolean hears(int of, int from, int to) {
      return Math.abs(from - to) == 1;
    }
  },
  /** The first one reaches all, the others only that one. */
  HUB {
    @Override
    boolean hears(int of, int from, int to) {
      return Math.min(from, to) == 0;
    }
  },
  /** The smaller half hears the larger one, which does not hear it. */
  ONE_WAY_SPLIT {
    @Override
    boolean hears(int of, int from, int to) {
      int half = of / 2;
      return from >= half || to < half;
    }
  },
  /** Each is heard by the one after it, and by nobody else: no two hear each other. */
  ONE_WAY_RING {
    @Override
    boolean hears(int of, int from, int to) {
      return Math.floorMod(to - from, of) == 1;
    }
  };

  /**
   * Returns whether one hears another.
   *
   * @param of how many places there are
   * @param from who says something
   * @param to to whom
   */
  abstract boolean hears(int of, int from, int to);

  /** Returns how many hear this one and are heard by it, itself included. */
  int connected(int of, int place) {
    return Math.toIntExact(
        IntStream.range(0, of).filter(other -> areLinked(of, place, other)).count());
  }

  /** Returns whether somebody is linked with a quorum, itself included: who is can lead it. */
  boolean canBeLed(int of) {
    return IntStream.range(0, of).anyMatch(place -> connected(of, place) > of / 2);
  }

  private boolean areLinked(int of, int one, int other) {
    return one == other || (hears(of, one, other) && hears(of, other, one));
  }
}
