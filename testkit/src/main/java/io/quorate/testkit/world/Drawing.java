package io.quorate.testkit.world;

import io.quorate.protocol.ServerId;
import io.quorate.testkit.Fault;
import io.quorate.testkit.world.Script.Rest;
import io.quorate.testkit.world.Setup.AlgorithmKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Draws the script of a seed. Each purpose has its own numbers, so that none shifts another. */
final class Drawing {

  /** Faults that need an algorithm of their own: they are part of the ensemble. */
  private static final Set<Fault> OF_THE_ALGORITHM =
      EnumSet.of(Fault.THROWING_ALGORITHM, Fault.RANDOM_ALGORITHM, Fault.SELFISH_ALGORITHM);

  /** Faults that break the word on which one valid leadership at a time depends. */
  private static final Set<Fault> BREAK_THE_WORD =
      EnumSet.of(Fault.DRIFT_BEYOND_THE_BOUND, Fault.SUSPENDED_MACHINE);

  private static final List<Rest> ENDS = List.of(Rest.values());

  private static final int MAX_SPELLS = 3;
  private static final int MAX_FAULTS_OF_A_SPELL = 30;
  private static final int CALM_ONE_IN = 20;
  private static final int WRONG_ALGORITHM_ONE_IN = 5;
  private static final int BROKEN_WORD_ONE_IN = 10;
  private static final int FAST_FAILOVER_ONE_IN = 4;
  private static final int CHANGING_ONE_IN = 8;

  private final SplittableRandom ofTheSetup;
  private final SplittableRandom ofTheFaults;
  private final SplittableRandom ofTheEnd;
  private final SplittableRandom ofTheChange;
  private final long seed;

  private Drawing(long seed) {
    this.seed = seed;
    var purposes = new SplittableRandom(seed);
    this.ofTheSetup = purposes.split();
    this.ofTheFaults = purposes.split();
    this.ofTheEnd = purposes.split();
    this.ofTheChange = purposes.split();
  }

  /**
   * Draws a script.
   *
   * @param seed which
   * @param voters how many; 0: that is drawn too
   */
  static Script script(long seed, int voters) {
    return new Drawing(seed).draw(voters);
  }

  private Script draw(int voters) {
    int count = voters > 0 ? voters : 1 + ofTheSetup.nextInt(Setup.MAX_VOTERS);
    AlgorithmKind kind =
        ofTheSetup.nextInt(WRONG_ALGORITHM_ONE_IN) > 0
            ? AlgorithmKind.GIVEN
            : switch (ofTheSetup.nextInt(3)) {
              case 0 -> AlgorithmKind.THROWING;
              case 1 -> AlgorithmKind.RANDOM;
              default -> AlgorithmKind.SELFISH;
            };
    Setup setup = Setup.draw(ofTheSetup, kind, count);
    if (ofTheSetup.nextInt(FAST_FAILOVER_ONE_IN) == 0) {
      setup = setup.withFastFailover();
    }
    boolean mayChange = count >= Setup.FEWEST_CHANGING && !setup.isGrouped();
    if (mayChange && ofTheChange.nextInt(CHANGING_ONE_IN) == 0) {
      setup = setup.changing();
    }
    Rest rest = ENDS.get(ofTheEnd.nextInt(ENDS.size()));
    if (rest != Rest.GONE) {
      setup = setup.withoutPreference();
    }
    var faults = new ArrayList<PlannedFault>();
    long end = spells(setup, faults);
    faults.sort(Comparator.comparingLong(PlannedFault::at));
    return new Script(seed, setup, List.copyOf(faults), end, drawQuorum(setup), rest);
  }

  /** Adds spells of faults of different kinds, one after the other; returns when they end. */
  private long spells(Setup setup, List<PlannedFault> faults) {
    long from = 0;
    boolean brokenWord = ofTheFaults.nextInt(BROKEN_WORD_ONE_IN) == 0;
    if (ofTheFaults.nextInt(CALM_ONE_IN) == 0) {
      return 5 * setup.lease();
    }
    for (int i = 1 + ofTheFaults.nextInt(MAX_SPELLS); i > 0; i--) {
      long lasts = (5 + ofTheFaults.nextInt(10)) * setup.lease();
      List<Fault> kinds = kinds(brokenWord);
      for (int n = ofTheFaults.nextInt(MAX_FAULTS_OF_A_SPELL); n > 0; n--) {
        long at = from + ofTheFaults.nextLong(lasts);
        faults.add(fault(setup, micros(at), kinds.get(ofTheFaults.nextInt(kinds.size()))));
      }
      from += lasts;
    }
    return micros(from);
  }

  /** Each spell has its own few kinds, or all. */
  private List<Fault> kinds(boolean brokenWord) {
    Set<Fault> all = EnumSet.allOf(Fault.class);
    all.removeAll(OF_THE_ALGORITHM);
    if (!brokenWord) {
      all.removeAll(BREAK_THE_WORD);
    }
    var kinds = new ArrayList<>(all);
    Collections.shuffle(kinds, ofTheFaults);
    return ofTheFaults.nextInt(3) == 0
        ? kinds
        : kinds.subList(0, 1 + ofTheFaults.nextInt(kinds.size() / 3));
  }

  private PlannedFault fault(Setup setup, long at, Fault fault) {
    List<ServerId> ids = List.copyOf(setup.priorities().keySet());
    Optional<ServerId> target =
        ofTheFaults.nextBoolean()
            ? Optional.empty()
            : Optional.of(ids.get(ofTheFaults.nextInt(ids.size())));
    ServerId other = ids.get(ofTheFaults.nextInt(ids.size()));
    long most = (ofTheFaults.nextInt(4) == 0 ? 10 : 3) * setup.lease();
    long lasts = micros(ofTheFaults.nextLong(most));
    return new PlannedFault(at, fault, target, other, lasts, ofTheFaults.nextInt());
  }

  private static long micros(long nanos) {
    return nanos / VirtualTime.MICRO * VirtualTime.MICRO;
  }

  /** Voters that are a quorum and one of which may lead, perhaps more, and any observer. */
  private Set<ServerId> drawQuorum(Setup setup) {
    var order = new ArrayList<>(setup.priorities().keySet());
    Collections.shuffle(order, ofTheEnd);
    var well = new TreeSet<ServerId>();
    for (ServerId id : order) {
      boolean enough = setup.voters().isQuorum(well) && well.stream().anyMatch(setup::mayLead);
      if (!enough || ofTheEnd.nextInt(4) == 0) {
        well.add(id);
      }
    }
    return well;
  }
}
