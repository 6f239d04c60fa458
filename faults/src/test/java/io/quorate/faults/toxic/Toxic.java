package io.quorate.faults.toxic;

import io.quorate.faults.toxic.Meter.Passage;
import java.time.Duration;

/**
 * What is done to what passes between two servers, each by the name that Toxiproxy gives it; and
 * how it shows that it was done.
 */
enum Toxic {
  /** 80 ms, 40 more or less. */
  LATENCY(Effect.CARRIES) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) ->
          toxics.latency(name, stream, DELAY.toMillis()).setJitter(JITTER.toMillis());
    }

    @Override
    boolean shows(Passage there) {
      return isSlowerThan(there, DELAY.minus(JITTER));
    }

    @Override
    boolean isAbsent(Passage back) {
      return isFasterThan(back, DELAY.minus(JITTER));
    }
  },
  /** So long that what a leader asks is answered after its lease. */
  LATENCY_BEYOND_THE_LEASE(Effect.CUTS) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) ->
          toxics
              .latency(name, stream, HALF_A_LEASE_AND_MORE.toMillis())
              .setJitter(JITTER.toMillis());
    }

    @Override
    boolean shows(Passage there) {
      return isSlowerThan(there, HALF_A_LEASE_AND_MORE.minus(JITTER));
    }
  },
  /** 1 KB a second, the least that can be asked for: 1 ms a byte. */
  BANDWIDTH(Effect.CARRIES) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) -> toxics.bandwidth(name, stream, 1);
    }

    @Override
    boolean shows(Passage there) {
      return isSlowerThan(there, Duration.ofMillis(there.smallest()));
    }

    @Override
    boolean isAbsent(Passage back) {
      return isFasterThan(back, Duration.ofMillis(back.smallest()));
    }
  },
  /** Frames in pieces of 8 bytes at most, 3 ms between two. */
  SLICER(Effect.CARRIES) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) ->
          toxics.slicer(name, stream, PIECE, PIECE_DELAY.toNanos() / 1000);
    }

    @Override
    boolean shows(Passage there) {
      return isSlowerThan(there, sliced(there));
    }

    @Override
    boolean isAbsent(Passage back) {
      return isFasterThan(back, sliced(back));
    }
  },
  /** A connection that its one end closes seems open to the other for a second. */
  SLOW_CLOSE(Effect.BREAKS) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) -> toxics.slowClose(name, stream, SLOW.toMillis());
    }

    @Override
    boolean shows(Passage there) {
      return there.linksLost() > 0;
    }

    @Override
    boolean contradicts(Passage there) {
      return there.lostEarly() > 0;
    }
  },
  /** A black hole: the connection stays, and nothing gets through. */
  TIMEOUT(Effect.CUTS) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) -> toxics.timeout(name, stream, 0);
    }

    @Override
    boolean shows(Passage there) {
      return there.sent() > 0;
    }

    @Override
    boolean contradicts(Passage there) {
      return there.arrived() > 0;
    }

    @Override
    boolean isAbsent(Passage back) {
      return back.arrived() > 0;
    }
  },
  /** Nothing gets through, and the connection is closed when nothing has come for 300 ms. */
  TIMEOUT_THAT_CLOSES(Effect.CUTS) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) -> toxics.timeout(name, stream, CLOSES_AFTER.toMillis());
    }

    @Override
    boolean shows(Passage there) {
      return there.linksLost() > 0;
    }

    @Override
    boolean contradicts(Passage there) {
      return there.arrived() > 0;
    }
  },
  /** The connection is reset as soon as something is said. */
  RESET_PEER(Effect.CUTS) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) -> toxics.resetPeer(name, stream, 0);
    }

    @Override
    boolean shows(Passage there) {
      return there.linksLost() > 0;
    }

    @Override
    boolean contradicts(Passage there) {
      return there.arrived() > 0;
    }
  },
  /** The connection is closed, in the middle of a frame mostly, after 500 bytes. */
  LIMIT_DATA(Effect.BREAKS) {
    @Override
    Mesh.Dose dose() {
      return (toxics, name, stream) -> toxics.limitData(name, stream, LIMIT_BYTES);
    }

    @Override
    boolean shows(Passage there) {
      return there.linksLost() > 0 && there.arrived() > 0;
    }

    @Override
    boolean contradicts(Passage there) {
      return there.mostPerLink() > LIMIT_BYTES;
    }
  },
  /** The proxy is down: its connections end, and dials are refused. */
  DOWN(Effect.CUTS) {
    @Override
    Mesh.Dose dose() {
      throw new IllegalStateException("a proxy that is down has no streams");
    }

    @Override
    boolean shows(Passage there) {
      return true; // A dial is tried instead.
    }
  };

  /** What becomes of a pair of servers if this is in one direction between them. */
  enum Effect {
    /** They hear each other, later than usual. */
    CARRIES,
    /** At least one never hears the other in time. */
    CUTS,
    /** They hear each other, and their links break. */
    BREAKS
  }

  static final Duration SLOW = Duration.ofSeconds(1);

  private static final Duration DELAY = Duration.ofMillis(80);
  private static final Duration JITTER = Duration.ofMillis(40);
  private static final Duration HALF_A_LEASE_AND_MORE = Duration.ofMillis(600);
  private static final int PIECE = 8;
  private static final Duration PIECE_DELAY = Duration.ofMillis(3);
  private static final Duration CLOSES_AFTER = Duration.ofMillis(300);
  private static final int LIMIT_BYTES = 500;

  private final Effect effect;

  Toxic(Effect effect) {
    this.effect = effect;
  }

  Effect effect() {
    return effect;
  }

  abstract Mesh.Dose dose();

  /** Returns whether what became of a direction with this in it cannot be without. */
  abstract boolean shows(Passage there);

  /** Returns whether what became of a direction cannot be with this in it. */
  boolean contradicts(Passage there) {
    return false;
  }

  /** Returns whether what became of the other direction shows that this is not in it. */
  boolean isAbsent(Passage back) {
    return true;
  }

  private static boolean isSlowerThan(Passage passage, Duration time) {
    return passage.arrived() > 0 && passage.slowest().compareTo(time) >= 0;
  }

  private static boolean isFasterThan(Passage passage, Duration time) {
    return passage.arrived() > 0 && passage.fastest().compareTo(time) < 0;
  }

  /** Returns how long the smallest frame takes at least: before the first piece nothing waits. */
  private static Duration sliced(Passage passage) {
    int pieces = Math.max(1, passage.smallest() / PIECE);
    return PIECE_DELAY.multipliedBy(pieces - 1);
  }
}
