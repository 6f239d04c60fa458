package io.quorate.faults.toxic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.faults.ensemble.Told;
import io.quorate.faults.toxic.Ensemble.Leader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** An ensemble of which only some hear each other, from before it to after it. */
final class ShapeTrial {

  /** So long a leader is to last: several of its heartbeats more than its lease. */
  private static final Duration LASTS = Bounds.LEASE.suspectAfter();

  private final Ensemble ensemble;
  private final Plan plan;
  private final long leader;
  private int cut;
  private long swallowed;

  /** How long one that has handed off lets the others try; over before the next trial. */
  private static final Duration COOL_DOWN = Bounds.LEASE.suspectAfter();

  /**
   * What is tried.
   *
   * @param shape who hears whom
   * @param toxic how the others are kept from it: told so, or silently
   * @param leaderAt the place of the leader
   */
  record Plan(Shape shape, Toxic toxic, int leaderAt) {}

  /**
   * What came of it.
   *
   * @param cut how many directions carry nothing
   * @param until from the first moment until somebody led who stayed; empty if nobody can be
   *     followed by a quorum
   * @param back from its end until all have agreed
   */
  record Outcome(int cut, Optional<Duration> until, Duration back) {}

  private ShapeTrial(Ensemble ensemble, Plan plan, long leader) {
    this.ensemble = ensemble;
    this.plan = plan;
    this.leader = leader;
  }

  /** Tries it with a given server as the leader of before. */
  static Outcome run(Ensemble ensemble, Plan plan, long leader) throws IOException {
    Leader before = ensemble.lead(leader);
    ensemble.awaitOneLinkAPair();
    return new ShapeTrial(ensemble, plan, leader).run(before);
  }

  private Outcome run(Leader before) throws IOException {
    int mark = ensemble.history().mark();
    Optional<Duration> until;
    long end;
    try {
      cut();
      ensemble.meter().begin();
      until = shaped(before, mark);
      lookAtWhatIsCut();
    } finally {
      end = System.nanoTime();
      ensemble.mesh().heal();
    }
    ensemble.awaitAgreement(ensemble.ids(), Bounds.BACK);
    Duration back = Duration.ofNanos(System.nanoTime() - end);
    ensemble.awaitOneLinkAPair();
    assertEquals(List.of(), ensemble.violations());
    return new Outcome(cut, until, back);
  }

  private void cut() throws IOException {
    for (long from : ensemble.ids()) {
      for (long to : ensemble.othersThan(from)) {
        if (!hears(from, to)) {
          cut++;
          if (plan.toxic() == Toxic.DOWN) {
            ensemble.mesh().shut(new Mesh.Dial(from, to));
          } else {
            ensemble.mesh().poison(plan.toxic().dose(), from, to);
          }
        }
      }
    }
  }

  private boolean hears(long from, long to) {
    return plan.shape().hears(size(), place(from), place(to));
  }

  private int size() {
    return ensemble.ids().size();
  }

  private int place(long id) {
    return Math.floorMod(Math.toIntExact(id - leader) + plan.leaderAt(), size());
  }

  private boolean hasQuorum(int place) {
    return ensemble.isQuorum(plan.shape().connected(size(), place));
  }

  private Optional<Duration> shaped(Leader before, int mark) {
    long since = System.nanoTime();
    boolean stays = hasQuorum(plan.leaderAt());
    if (stays) {
      Await.last(LASTS);
      assertEquals(Optional.of(before), ensemble.term(before.id()), ensemble::tail);
    } else {
      Await.until(
          () -> Optional.of(before).filter(_ -> ensemble.term(before.id()).isEmpty()),
          LASTS,
          () -> before + " leads nobody; " + ensemble.tail());
    }
    if (!plan.shape().canBeLed(size())) {
      Await.last(LASTS);
      if (stays || IntStream.range(0, size()).noneMatch(this::hasQuorum)) {
        assertEquals(List.of(), grants(mark), ensemble::tail);
      }
      return Optional.empty();
    }
    if (stays) {
      assertEquals(List.of(), grants(mark), ensemble::tail);
      // From now on it is as if there had been no leader when the network took this shape.
      since = System.nanoTime();
      ensemble.server(before.id()).handOff(COOL_DOWN);
    }
    Leader next = awaitOneThatLasts(before);
    assertTrue(hasQuorum(place(next.id())), next::toString);
    return Optional.of(Duration.ofNanos(System.nanoTime() - since).minus(LASTS));
  }

  /** In a term after that of before: who has just lost its quorum may be valid for a while. */
  private Leader awaitOneThatLasts(Leader before) {
    var lasting = new Lasting();
    return Await.until(
        () -> lasting.look().filter(next -> next.epoch() > before.epoch()),
        Bounds.LEADER_WHERE_SOME_ARE_CONNECTED.plus(LASTS),
        () -> "somebody leads and stays; " + ensemble.tail());
  }

  /** Looks for a term that is the same for long enough. */
  private final class Lasting {
    private Optional<Leader> last = Optional.empty();
    private long since;

    Optional<Leader> look() {
      Optional<Leader> now =
          ensemble.ids().stream().flatMap(id -> ensemble.term(id).stream()).findFirst();
      if (!now.equals(last)) {
        last = now;
        since = System.nanoTime();
      }
      return now.filter(_ -> System.nanoTime() - since >= LASTS.toNanos());
    }
  }

  private List<Told> grants(int mark) {
    return ensemble.history().since(mark).stream()
        .filter(told -> told.what() instanceof Told.Granted)
        .toList();
  }

  private void lookAtWhatIsCut() throws IOException {
    for (long from : ensemble.ids()) {
      for (long to : ensemble.othersThan(from)) {
        if (!hears(from, to)) {
          lookAtCut(from, to);
        }
      }
    }
    // Who follows the leader of before all the time has nothing to say to anybody else.
    boolean isCalm = hasQuorum(plan.leaderAt()) && !plan.shape().canBeLed(size());
    if (plan.toxic() == Toxic.TIMEOUT && !isCalm) {
      assertTrue(swallowed > 0, "something is said to those who do not hear it");
    }
  }

  private void lookAtCut(long from, long to) throws IOException {
    Meter.Passage passage = ensemble.meter().passage(from, to);
    assertEquals(0, passage.arrived(), () -> from + " to " + to + ": " + passage);
    swallowed += passage.sent();
    if (plan.toxic() == Toxic.DOWN) {
      assertTrue(ensemble.mesh().refuses(new Mesh.Dial(from, to)), () -> from + " to " + to);
    }
  }
}
