package io.quorate.faults.toxic;

import io.quorate.election.ElectionEvent;
import io.quorate.election.FencingToken;
import io.quorate.election.Leadership;
import io.quorate.election.Revocation;
import io.quorate.faults.ensemble.History;
import io.quorate.faults.ensemble.Told;
import io.quorate.protocol.ServerId;
import java.time.Duration;

/**
 * What one life of a server of this JVM tells, into the history, as {@code quorate node} would.
 *
 * @param server whose
 * @param life which of all lives
 * @param startedAt by the monotonic clock
 * @param history where it goes
 */
record News(long server, int life, long startedAt, History history) {

  /** How often a leader says that it is valid. */
  private static final Duration REPORTS_EVERY = Duration.ofMillis(5);

  void tell(ElectionEvent event) {
    add(System.nanoTime(), what(event));
  }

  /** The task of a leader: says that it leads for as long as it does. */
  void lead(Leadership leadership) throws InterruptedException {
    boolean valid = true;
    while (valid) {
      // In this order: whoever reads it knows that the term was valid at that time.
      long nanos = System.nanoTime();
      Duration remaining = leadership.remaining();
      valid = leadership.isValid();
      if (valid) {
        add(nanos, new Told.Valid(leadership.token().epoch(), remaining.toNanos()));
        Thread.sleep(REPORTS_EVERY);
      }
    }
  }

  private void add(long nanos, Told.What what) {
    history.add(new Told(server, life, nanos, what), startedAt);
  }

  static Told.What what(ElectionEvent event) {
    return switch (event) {
      case ElectionEvent.Listening _ -> new Told.Listening();
      case ElectionEvent.Looking _ -> new Told.Looking();
      case ElectionEvent.Following(ServerId leader, long epoch, boolean confirmed) ->
          new Told.Knows(leader.value(), epoch, confirmed);
      case ElectionEvent.Leading(ServerId leader, long epoch, boolean confirmed) ->
          new Told.Knows(leader.value(), epoch, confirmed);
      case ElectionEvent.Observing(ServerId leader, long epoch, boolean confirmed) ->
          new Told.Knows(leader.value(), epoch, confirmed);
      case ElectionEvent.Granted(FencingToken token) -> new Told.Granted(token.epoch());
      case ElectionEvent.Revoked(FencingToken token, Revocation cause) ->
          new Told.Revoked(token.epoch(), name(cause));
      // Whom, says more than that it was.
      case ElectionEvent.Elected _,
          ElectionEvent.LinkUp _,
          ElectionEvent.LinkDown _,
          ElectionEvent.Warning _,
          ElectionEvent.Closed _ ->
          new Told.Other(event.toString());
    };
  }

  private static String name(Revocation cause) {
    return switch (cause) {
      case Revocation.Resigned _ -> "resigned";
      case Revocation.HandedOff _ -> "handedOff";
      case Revocation.QuorumLost _ -> "quorumLost";
      case Revocation.LeaseExpired _ -> "leaseExpired";
      case Revocation.ProcessPaused _ -> "processPaused";
      case Revocation.Superseded _ -> "superseded";
      case Revocation.TaskFailed _ -> "taskFailed";
      case Revocation.Closed _ -> "closed";
      case Revocation.ServerFailed _ -> "serverFailed";
    };
  }
}
