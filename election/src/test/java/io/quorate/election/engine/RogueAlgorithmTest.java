package io.quorate.election.engine;

import static io.quorate.election.Ensembles.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.spi.Action;
import io.quorate.election.spi.ElectionAlgorithm;
import io.quorate.election.spi.Event;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an algorithm nominates, at most one server leads; {@link EngineBus} watches. */
final class RogueAlgorithmTest {
  private static final String AGAIN = "again";

  /** Ways to be wrong. The whim is the same for all servers and changes now and then. */
  enum Rogue {
    /** Each server nominates itself, so that nobody is promised anything by another. */
    EVERYBODY(0) {
      @Override
      List<Action> decide(ServerId self, ServerId whim, Random random) {
        return List.of(nominate(self));
      }
    },
    /** Each server nominates the next one. */
    RING(0) {
      @Override
      List<Action> decide(ServerId self, ServerId whim, Random random) {
        return List.of(nominate(id(1 + self.value() % 3)));
      }
    },
    /** Whoever the whim favours, and often another one. */
    DICE(100) {
      @Override
      List<Action> decide(ServerId self, ServerId whim, Random random) {
        return List.of(nominate(random.nextInt(3) > 0 ? whim : id(1 + random.nextInt(3))));
      }
    },
    /** Nominates itself and then another one at once, and now and then takes it back. */
    FICKLE(100) {
      @Override
      List<Action> decide(ServerId self, ServerId whim, Random random) {
        return random.nextInt(8) == 0
            ? List.of(nominate(whim), nominate(self), new Action.Withdraw("no"))
            : List.of(nominate(self), nominate(whim));
      }
    },
    /** Follows the whim, or fails. */
    FAILING(100) {
      @Override
      List<Action> decide(ServerId self, ServerId whim, Random random) {
        if (random.nextInt(200) == 0) {
          throw new IllegalStateException("by the test");
        }
        return List.of(nominate(whim));
      }
    };

    /** With less in all runs together they would prove little. */
    private final int fewestTerms;

    Rogue(int fewestTerms) {
      this.fewestTerms = fewestTerms;
    }

    abstract List<Action> decide(ServerId self, ServerId whim, Random random);

    private static Action nominate(ServerId who) {
      return new Action.Nominate(new Vote(who, 0, 0), 1);
    }
  }

  private ServerId whim = id(1);

  /** Decides anew every few milliseconds. */
  private ElectionAlgorithm of(Rogue rogue, ServerId self, Random random) {
    return event -> {
      var actions = new ArrayList<Action>();
      if (event instanceof Event.Look || event instanceof Event.TimerFired) {
        actions.add(new Action.SetTimer(AGAIN, Duration.ofMillis(20 + random.nextInt(400))));
      }
      if (event instanceof Event.TimerFired) {
        actions.addAll(rogue.decide(self, whim, random));
      }
      return actions;
    };
  }

  @ParameterizedTest
  @EnumSource(Rogue.class)
  void a_rogue_algorithm_never_makes_two_leaders(Rogue rogue) {
    int terms = 0;
    for (long seed = 1; seed <= 20; seed++) {
      var random = new Random(seed);
      var bus = new EngineBus(self -> of(rogue, self, random));
      for (int i = 1; i <= 12; i++) {
        whim = id(1 + random.nextInt(3));
        bus.run(Duration.ofMillis(1700));
        ServerId unlucky = bus.leader().orElse(id(1 + i % 3));
        bus.cutOff(unlucky);
        whim = id(1 + random.nextInt(3));
        bus.run(Duration.ofMillis(2300));
        bus.reconnect(unlucky);
      }
      terms += bus.terms();
    }
    assertTrue(terms >= rogue.fewestTerms, "only " + terms + " terms");
  }

  @Test
  void an_algorithm_that_is_right_gets_one_leader_for_good() {
    EngineBus bus =
        new EngineBus(
            _ ->
                event ->
                    event instanceof Event.Recognized
                        ? List.of(new Action.Nominate(new Vote(id(2), 0, 0), 1))
                        : List.of());
    bus.run(Duration.ofSeconds(30));
    assertEquals(1, bus.terms());
    for (int i = 1; i <= 3; i++) {
      assertEquals(List.of(id(2)), bus.view(id(i)).leader().stream().toList());
      assertTrue(bus.view(id(i)).confirmed());
    }
    bus.cutOff(id(2));
    bus.run(Duration.ofSeconds(3));
    assertTrue(bus.leader().isEmpty(), "nobody else is nominated");
    bus.reconnect(id(2));
    bus.run(Duration.ofSeconds(5));
    assertEquals(2, bus.terms());
  }
}
