package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.ensemble.Told;
import io.quorate.faults.toxic.Ensemble.Leader;
import io.quorate.faults.toxic.Meter.Passage;
import io.quorate.faults.toxic.Toxic.Effect;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One toxic between one server and all its peers, from before it to after it. */
final class Trial {

  /**
   * How long a toxic is there that must not change who leads: longer than a lease and than a
   * follower waits for its leader.
   */
  private static final Duration STAYS = Bounds.LEASE.suspectAfter().plusMillis(100);

  /** Until when it must have shown that a toxic is there: some do it with the next message only. */
  private static final Duration SHOWS_WITHIN = Duration.ofSeconds(5);

  private final Ensemble ensemble;
  private final Toxic toxic;
  private final Side side;
  private final long victim;
  private final Leader before;

  /**
   * What came of it.
   *
   * @param until from the toxic until those that it leaves alone have agreed; empty where the
   *     leader of before had to stay
   * @param back from its end until all have agreed
   * @param links from its end until each pair had its one link
   * @param shown in how many directions, or by how many proxies, the toxic has shown
   */
  record Outcome(Optional<Duration> until, Duration back, Duration links, int shown) {}

  private Trial(Ensemble ensemble, Toxic toxic, Side side, long victim, Leader before) {
    this.ensemble = ensemble;
    this.toxic = toxic;
    this.side = side;
    this.victim = victim;
    this.before = before;
  }

  /** Tries it on the leader, which is to be a given one. */
  static Outcome onLeader(Ensemble ensemble, Toxic toxic, Side side, long leader)
      throws IOException {
    Leader before = ensemble.lead(leader);
    ensemble.awaitOneLinkAPair();
    return new Trial(ensemble, toxic, side, leader, before).run();
  }

  /** Tries it on a follower. */
  static Outcome onFollower(Ensemble ensemble, Toxic toxic, Side side, long leader, long victim)
      throws IOException {
    Leader before = ensemble.lead(leader);
    ensemble.awaitOneLinkAPair();
    return new Trial(ensemble, toxic, side, victim, before).run();
  }

  private Outcome run() throws IOException {
    int mark = ensemble.history().mark();
    long onset = System.nanoTime();
    Optional<Duration> until;
    int shown;
    long end;
    try {
      begin();
      until = mayLead() ? stays(mark) : others(onset);
      shown = awaitShown();
    } finally {
      end = System.nanoTime();
      ensemble.mesh().heal();
    }
    ensemble.awaitAgreement(ensemble.ids(), Bounds.BACK);
    Duration back = since(end);
    ensemble.awaitOneLinkAPair();
    Duration links = since(end);
    // Who comes back never costs the others their leader.
    if (mayLead()) {
      assertEquals(List.of(), grants(mark), ensemble::tail);
    }
    assertEquals(List.of(), ensemble.violations());
    return new Outcome(until, back, links, shown);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private void begin() throws IOException {
    for (long peer : ensemble.othersThan(victim)) {
      if (toxic == Toxic.DOWN) {
        for (Mesh.Dial dial : shut(peer)) {
          ensemble.mesh().shut(dial);
        }
      } else {
        if (side.isSaid()) {
          ensemble.mesh().poison(toxic.dose(), victim, peer);
        }
        if (side.isHeard()) {
          ensemble.mesh().poison(toxic.dose(), peer, victim);
        }
      }
    }
    ensemble.meter().begin(Toxic.SLOW);
    if (toxic == Toxic.SLOW_CLOSE) {
      closing().forEach(ensemble::softHalt);
    }
  }

  /** Whose connections are closed, so that their end is slow to be seen. */
  private List<Long> closing() {
    return side == Side.HEARS ? ensemble.othersThan(victim) : List.of(victim);
  }

  private List<Mesh.Dial> shut(long peer) {
    var dials = new ArrayList<Mesh.Dial>();
    if (side.isSaid()) {
      dials.add(new Mesh.Dial(victim, peer));
    }
    if (side.isHeard()) {
      dials.add(new Mesh.Dial(peer, victim));
    }
    return dials;
  }

  private boolean isCut(long peer) {
    return switch (toxic) {
      case DOWN -> shut(peer).stream().anyMatch(Mesh.Dial::carriesTheLink);
      case LATENCY,
          LATENCY_BEYOND_THE_LEASE,
          BANDWIDTH,
          SLICER,
          SLOW_CLOSE,
          TIMEOUT,
          TIMEOUT_THAT_CLOSES,
          RESET_PEER,
          LIMIT_DATA ->
          toxic.effect() == Effect.CUTS;
    };
  }

  /** Returns whether the leader of before has its quorum all the time. */
  private boolean mayLead() {
    if (toxic == Toxic.SLOW_CLOSE && closing().contains(before.id())) {
      return false;
    }
    if (victim != before.id()) {
      return ensemble.isQuorum(ensemble.ids().size() - 1);
    }
    long linked = ensemble.othersThan(victim).stream().filter(peer -> !isCut(peer)).count();
    return toxic.effect() != Effect.BREAKS && ensemble.isQuorum(Math.toIntExact(1 + linked));
  }

  private Optional<Duration> stays(int mark) {
    Await.last(STAYS);
    assertEquals(Optional.of(before), ensemble.term(before.id()), ensemble::tail);
    assertEquals(List.of(), grants(mark), ensemble::tail);
    return Optional.empty();
  }

  private List<Told> grants(int mark) {
    return ensemble.history().since(mark).stream()
        .filter(told -> told.what() instanceof Told.Granted)
        .toList();
  }

  /** Those that are left alone are a quorum, each linked with each. */
  private Optional<Duration> others(long onset) {
    List<Long> others = ensemble.othersThan(victim);
    long since = onset;
    if (toxic.effect() == Effect.BREAKS) {
      Await.last(STAYS);
      since = System.nanoTime();
    }
    Leader next =
        Await.until(
            () -> ensemble.agreed(others).filter(this::mayFollow),
            Bounds.LEADER,
            () -> others + " agree on a leader; " + ensemble.tail());
    assertTrue(next.epoch() >= before.epoch(), ensemble::tail);
    return Optional.of(since(since));
  }

  /** Whoever hears nobody, or is heard by nobody, leads nobody. */
  private boolean mayFollow(Leader leader) {
    return toxic.effect() == Effect.BREAKS || leader.id() != victim;
  }

  /**
   * Waits until the toxic has shown on each side where it is, and has not on the other. Servers
   * that have nothing to say to each other do not show anything.
   */
  private int awaitShown() throws IOException {
    if (toxic == Toxic.DOWN) {
      return refused();
    }
    int shown = 0;
    for (boolean said : List.of(true, false)) {
      if (said ? side.isSaid() : side.isHeard()) {
        shown += await(said, toxic::shows, "shows");
        passages(said).forEach(each -> assertFalse(toxic.contradicts(each), each::toString));
      } else {
        await(said, toxic::isAbsent, "is absent");
      }
    }
    return shown;
  }

  private int refused() throws IOException {
    int refused = 0;
    for (long peer : ensemble.othersThan(victim)) {
      for (Mesh.Dial dial : shut(peer)) {
        assertTrue(ensemble.mesh().refuses(dial), dial::toString);
        refused++;
      }
    }
    return refused;
  }

  private int await(boolean said, Predicate<Passage> wanted, String what) {
    return Await.until(
        () ->
            Optional.of(Math.toIntExact(passages(said).stream().filter(wanted).count()))
                .filter(count -> count > 0),
        SHOWS_WITHIN,
        () ->
            "%s %s in what %d %s: %s"
                .formatted(toxic, what, victim, said ? "says" : "hears", passages(said)));
  }

  private List<Passage> passages(boolean said) {
    return ensemble.othersThan(victim).stream()
        .map(peer -> said ? passage(victim, peer) : passage(peer, victim))
        .toList();
  }

  private Passage passage(long from, long to) {
    return ensemble.meter().passage(from, to);
  }
}
