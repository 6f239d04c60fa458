package io.quorate.testkit.exhaustive;

import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.election.spi.EpochState;
import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Message;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The states of single servers by number, and what each does with an input: worked out once, with
 * the real engine. Checks what a server alone can break.
 */
final class Servers {

  /** A message that leaves a server. */
  record Sent(int to, Message message) {}

  /**
   * What a step of one server leads to.
   *
   * @param next its next state
   * @param sent what it sends, in order
   * @param outputs what its engine asked for
   * @param isNews whether something of that concerns all servers
   */
  record Effect(int next, List<Sent> sent, List<Output> outputs, boolean isNews) {}

  /** Inputs have larger numbers than this one. */
  private static final int BEGIN = 0;

  /** An instance is the number of a life, and of a server. */
  private static final long INSTANCES = 100;

  private final Scenario scenario;
  private final Engines engines;
  private final Interner<ServerState> states = new Interner<>();
  private final Interner<Long> times = new Interner<>();
  private final Table known = new Table();
  private final List<Effect> effects = new ArrayList<>();

  Servers(Scenario scenario) {
    this.scenario = scenario;
    this.engines = new Engines(scenario);
  }

  Engines engines() {
    return engines;
  }

  int of(ServerState state) {
    return states.of(state);
  }

  ServerState get(int state) {
    return states.get(state);
  }

  static long instance(ServerState state) {
    return (state.server() + 1) * INSTANCES + state.lives();
  }

  /** A process begins. */
  Effect begin(int state, long now) {
    return effect(
        state,
        BEGIN,
        now,
        () -> {
          ServerState begun = get(state).begun();
          return perform(
              begun, engines.start(begun.server(), instance(begun), begun.disk(), now), now);
        });
  }

  /** A process is given an input that has this number, the same for equal ones. */
  Effect step(int state, Input input, int number, long now) {
    return effect(
        state,
        number + 1,
        now,
        () -> {
          ServerState given = given(get(state), input);
          return perform(given, engines.step(given.engine().orElseThrow(), input, now), now);
        });
  }

  private Effect effect(int state, int input, long now, Supplier<Effect> work) {
    int time = times.of(now);
    int found = known.get(state, input, time);
    if (found >= 0) {
      return effects.get(found);
    }
    Effect made = work.get();
    effects.add(made);
    known.put(state, input, time, effects.size() - 1);
    return made;
  }

  /** What the driver itself does before it hands on an input. */
  private ServerState given(ServerState state, Input input) {
    return switch (input) {
      case Input.TimerFired(var timer) -> state.without(timer);
      case Input.Persisted() -> written(state);
      case Input.TermEnded _ -> state.taskEnded();
      case Input.Start _,
          Input.Happened _,
          Input.Positioned _,
          Input.NoPosition _,
          Input.PersistFailed _,
          Input.LookAgain _,
          Input.GiveUp _,
          Input.HandOff _,
          Input.Eligible _,
          Input.Confirm _,
          Input.Leave _ ->
          state;
    };
  }

  /** What was to be written is durable, or only seems to be. */
  ServerState written(ServerState state) {
    return state.written(
        scenario.flaw() != Flaw.NEVER_WRITES && scenario.flaw() != Flaw.STORE_LIES);
  }

  private Effect perform(ServerState before, Engines.Step step, long now) {
    ServerState state = before.at(step.node());
    var sent = new ArrayList<Sent>();
    var kept = new ArrayList<Output>();
    boolean left = false;
    for (Output output : step.outputs()) {
      state = perform(state, output, now);
      left |= output instanceof Output.Left;
      if (output instanceof Output.Transmit(ServerId to, Message message)) {
        requireDurable(state, to, message);
        sent.add(new Sent(Scenario.index(to), message));
      }
      if (isKept(output)) {
        kept.add(output);
      }
    }
    boolean news = kept.stream().anyMatch(it -> !(it instanceof Output.Transmit));
    return new Effect(of(left ? state.dead() : state), List.copyOf(sent), List.copyOf(kept), news);
  }

  private static boolean isKept(Output output) {
    return switch (output) {
      case Output.Transmit _,
          Output.Persist _,
          Output.Grant _,
          Output.Renew _,
          Output.Revoke _,
          Output.Left _ ->
          true;
      case Output.Show(var view) -> view.leader().isPresent();
      case Output.SetTimer _,
          Output.CancelTimer _,
          Output.Confirmed _,
          Output.Tell _,
          Output.Note _,
          Output.Blame _,
          Output.AskPosition _,
          Output.Stop _ ->
          false;
    };
  }

  private ServerState perform(ServerState state, Output output, long now) {
    return switch (output) {
      case Output.SetTimer(var timer, var after) -> state.with(timer, now + after.toNanos());
      case Output.CancelTimer(var timer) -> state.without(timer);
      case Output.Persist(EpochState next) -> {
        Violation.unless(state.writing().isEmpty(), "one write at a time", next);
        yield state.toWrite(next);
      }
      case Output.Grant(var token, long until) -> {
        boolean free = state.term().isEmpty() && state.ending() == 0;
        Violation.unless(free, "S5 (the last task has ended)", token + " after " + state);
        Violation.unless(until > now, "S3 (a lease that is granted is valid)", token);
        yield state.leading(token.epoch(), until);
      }
      case Output.Renew(long epoch, long until) -> {
        boolean valid = state.leadsAt(now) && state.term().orElseThrow().epoch() == epoch;
        Violation.unless(valid, "S3 (what has run out is not renewed)", epoch + ": " + state);
        yield state.leading(epoch, until);
      }
      case Output.Revoke(var token, var _) -> {
        boolean granted = state.term().map(it -> it.epoch() == token.epoch()).orElse(false);
        Violation.unless(granted, "S5 (what was granted is revoked)", token + ": " + state);
        yield state.revoked(token.epoch(), scenario.flaw() != Flaw.LETS_TASKS_RUN);
      }
      case Output.Stop(String reason) -> throw new Violation("no server stops", reason);
      case Output.Transmit _,
          Output.Confirmed _,
          Output.Show _,
          Output.Tell _,
          Output.Note _,
          Output.Blame _,
          Output.AskPosition _,
          Output.Left _ ->
          state;
    };
  }

  private void requireDurable(ServerState state, ServerId to, Message message) {
    if (message instanceof Acknowledgement(long epoch, long _, long instance)) {
      boolean deceived = scenario.flaw() == Flaw.STORE_LIES;
      Optional<EpochState> store = deceived ? state.disk() : state.safe();
      EpochState durable = store.orElse(EpochState.EMPTY);
      Violation.unless(
          durable.promisedEpoch() == epoch
              && durable.promisedTo().equals(to)
              && durable.promisedInstance() == instance
              && !durable.clean(),
          "durability (acknowledged after it is durable)",
          message + " to " + to + " with " + durable);
      Violation.unless(
          scenario.voters().voters().contains(Scenario.id(state.server())),
          "S4 (only voters acknowledge)",
          message);
    }
  }
}
