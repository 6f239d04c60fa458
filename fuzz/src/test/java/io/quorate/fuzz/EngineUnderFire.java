package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.ElectionTimings;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaseTimings;
import io.quorate.election.QuorumVerifier;
import io.quorate.election.engine.ElectionCounter;
import io.quorate.election.engine.Engine;
import io.quorate.election.engine.EngineConfig;
import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.election.engine.Timer;
import io.quorate.election.spi.ElectionContext;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.EpochState;
import io.quorate.election.spi.Position;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.ServerId;
import io.quorate.transport.TransportEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An engine with the real algorithm, and a driver that keeps to the driver's rules: it answers when
 * it is asked, fires what was set and not before it is due. Peers keep to no rules.
 */
final class EngineUnderFire {
  static final String NAME = "quorate";
  static final EnsembleConfig ENSEMBLE = ensemble();

  private static final ServerId OBSERVER = ServerId.of(4);
  private static final int MOST_OUTPUTS = 2000;

  private final Engine engine;
  private final Map<Timer, Long> timers = new LinkedHashMap<>();
  private long now;
  private boolean writing;

  /** A term that was revoked and whose end was not told yet; 0 for none. */
  private long ending;

  /** Makes one of the kinds that the bits choose. */
  EngineUnderFire(int kind) {
    boolean observer = (kind & 1) != 0;
    var context =
        new ElectionContext(
            observer ? OBSERVER : ServerId.of(1),
            QuorumVerifier.of(ENSEMBLE),
            ElectionTimings.lan(),
            ConfigText.of(ENSEMBLE));
    Optional<EpochState> stored =
        (kind & 2) == 0
            ? Optional.empty()
            : Optional.of(
                new EpochState(5, ServerId.of(2), 9, 4, Duration.ofSeconds(1), (kind & 4) != 0));
    var promise =
        new EngineConfig.Promise(
            LeaseTimings.lan(), (kind & 8) != 0, 77, observer ? Optional.empty() : stored);
    var config =
        new EngineConfig(
            context,
            NAME,
            ENSEMBLE.digest(),
            observer ? 0 : 1,
            (kind & 16) == 0 ? Optional.of(promise) : Optional.empty());
    ElectionProvider algorithms = ElectionProvider.named("fast");
    engine = new Engine(config, () -> algorithms.create(context), EngineUnderFire::count);
    give(new Input.Start());
  }

  private static EnsembleConfig ensemble() {
    var members = new ArrayList<Member>();
    for (int id = 1; id <= 4; id++) {
      Member.Role role = id < 4 ? Member.Role.PARTICIPANT : Member.Role.OBSERVER;
      members.add(Member.of(ServerId.of(id), role, List.of(new HostPort("memory", id))));
    }
    return EnsembleConfig.majority(members);
  }

  private static void count(ElectionCounter what) {
    assertFalse(what == ElectionCounter.ALGORITHM_FAILURES, "a peer made the algorithm fail");
  }

  /** Gives an input, and answers what it asks for at once; returns the messages that it sends. */
  List<Output.Transmit> give(Input input) {
    var said = new ArrayList<Output.Transmit>();
    Optional<Input> next = Optional.of(input);
    while (next.isPresent()) {
      List<Output> outputs = engine.on(next.get(), now);
      assertTrue(outputs.size() <= MOST_OUTPUTS, "one input, " + outputs.size() + " outputs");
      next = Optional.empty();
      for (Output output : outputs) {
        perform(output);
        if (output instanceof Output.Transmit one) {
          said.add(one);
        }
        if (output instanceof Output.AskPosition) {
          next = Optional.of(new Input.Positioned(new Position(5, 2)));
        }
      }
    }
    assertTrue(engine.view().self().isMember());
    return said;
  }

  List<Output.Transmit> happen(TransportEvent event) {
    return give(new Input.Happened(event));
  }

  private void perform(Output output) {
    switch (output) {
      case Output.Transmit(ServerId to, Message message) -> {
        assertFalse(to.equals(engine.view().self()));
        assertEquals(message, Said.assertReads(MessageCodec.encode(message)));
      }
      case Output.SetTimer(Timer timer, Duration after) -> {
        assertFalse(after.isNegative(), timer + " in " + after);
        timers.put(timer, now + after.toNanos());
      }
      case Output.CancelTimer(Timer timer) -> timers.remove(timer);
      case Output.Persist _ -> {
        assertFalse(writing, "one write at a time");
        writing = true;
      }
      case Output.Grant(FencingToken token, long validUntil) -> {
        assertTrue(token.epoch() >= 1);
        assertTrue(validUntil - now > 0);
      }
      case Output.Revoke(FencingToken token, var _) -> ending = token.epoch();
      case Output.Stop(String reason) -> throw new AssertionError("it stops: " + reason);
      case Output.Note(String line) -> Expect.oneLine(line);
      case Output.Renew _, Output.Confirmed _, Output.Show _, Output.Tell _ -> {}
      case Output.Blame _, Output.AskPosition _, Output.Left _ -> {}
    }
  }

  /** Lets time pass, without a timer. */
  void sleep(long nanos) {
    now += nanos;
  }

  /** Fires one of the timers that are set, when it is due. */
  void fire(int which) {
    if (!timers.isEmpty()) {
      Timer timer = List.copyOf(timers.keySet()).get(which % timers.size());
      now = Math.max(now, timers.remove(timer));
      give(new Input.TimerFired(timer));
    }
  }

  /** Answers what is still to be answered by the store and by the application's task. */
  void answer() {
    if (writing) {
      writing = false;
      give(new Input.Persisted());
    }
    if (ending != 0) {
      long epoch = ending;
      ending = 0;
      give(new Input.TermEnded(epoch));
    }
  }
}
