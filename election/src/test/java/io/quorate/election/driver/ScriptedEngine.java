package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.LeaderView;
import io.quorate.election.Revocation;
import io.quorate.election.engine.Input;
import io.quorate.election.engine.Output;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An engine that says what the test has written, and otherwise what every engine has to say: a term
 * that is given up, or handed off, or whose server leaves, is revoked, and a server has left when
 * its term has ended.
 */
final class ScriptedEngine implements Parts.Step {
  static final ServerId SELF = ServerId.of(1);

  /** Longer than any test lasts on the clock of the test. */
  static final long LEASE = 1_000_000_000_000_000L;

  final List<Input> heard = new CopyOnWriteArrayList<>();
  private final BlockingQueue<List<Output>> script = new LinkedBlockingQueue<>();
  private final ScriptedTransport transport;
  private Optional<FencingToken> leading = Optional.empty();
  private long notEnded;
  private boolean leaves;

  ScriptedEngine(ScriptedTransport transport) {
    this.transport = transport;
  }

  /** These are the outputs at one of the next inputs. */
  void say(Output... outputs) {
    script.add(List.of(outputs));
    transport.wakeup();
  }

  void grant(long epoch, long now) {
    FencingToken token = token(epoch);
    say(
        new Output.Grant(token, now + LEASE),
        new Output.Show(leading(epoch)),
        new Output.Tell(new ElectionEvent.Granted(token)),
        new Output.Tell(new ElectionEvent.Leading(SELF, epoch, true)));
  }

  void revoke(long epoch, Revocation cause) {
    say(revocation(token(epoch), cause).toArray(Output[]::new));
  }

  @Override
  public List<Output> on(Input input, long now) {
    heard.add(input);
    return switch (input) {
      case Input.Happened _ -> remember(Optional.ofNullable(script.poll()).orElse(List.of()));
      case Input.GiveUp(long epoch, Revocation why) ->
          leading.filter(token -> token.epoch() == epoch).isPresent() ? end(why) : List.of();
      case Input.HandOff(var to, var _) -> end(new Revocation.HandedOff(to.orElse(ServerId.NONE)));
      case Input.Leave() -> {
        leaves = true;
        yield leading.isPresent() || notEnded > 0
            ? end(new Revocation.Closed())
            : List.of(new Output.Left());
      }
      case Input.TermEnded _ -> {
        notEnded--;
        yield leaves && notEnded == 0 ? List.of(new Output.Left()) : List.of();
      }
      case Input.Confirm(var _, long request) -> List.of(new Output.Confirmed(request));
      case Input.Start _,
          Input.TimerFired _,
          Input.Positioned _,
          Input.NoPosition _,
          Input.Persisted _,
          Input.PersistFailed _,
          Input.LookAgain _,
          Input.Eligible _ ->
          List.of();
    };
  }

  private List<Output> end(Revocation why) {
    return leading.isPresent() ? remember(revocation(leading.get(), why)) : List.of();
  }

  private List<Output> remember(List<Output> outputs) {
    for (Output output : outputs) {
      if (output instanceof Output.Grant(FencingToken token, var _)) {
        leading = Optional.of(token);
      } else if (output instanceof Output.Revoke) {
        leading = Optional.empty();
        notEnded++;
      }
    }
    return outputs;
  }

  private static List<Output> revocation(FencingToken token, Revocation cause) {
    return List.of(
        new Output.Revoke(token, cause),
        new Output.Show(looking()),
        new Output.Tell(new ElectionEvent.Revoked(token, cause)),
        new Output.Tell(new ElectionEvent.Looking(0)));
  }

  static FencingToken token(long epoch) {
    return new FencingToken(epoch, SELF);
  }

  static LeaderView looking() {
    return new LeaderView(
        SELF, ServerState.LOOKING, Optional.empty(), 0, 0, false, Set.of(), Optional.empty());
  }

  private static LeaderView leading(long epoch) {
    return new LeaderView(
        SELF, ServerState.LEADING, Optional.of(SELF), 0, epoch, true, Set.of(), Optional.empty());
  }
}
