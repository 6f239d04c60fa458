package io.quorate.election.driver;

import io.quorate.election.ElectionEvent;
import io.quorate.election.Revocation;
import io.quorate.protocol.ServerId;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * Puts events into words for the log. Not with the {@code toString} of a record: the first call of
 * each costs milliseconds, and it would come just when the next leader is waited for.
 */
final class EventLog {
  private final Logger log;
  private final ServerId self;

  EventLog(Logger log, ServerId self) {
    this.log = log;
    this.self = self;
  }

  void write(ElectionEvent event) {
    switch (event) {
      case ElectionEvent.Warning(String code, String detail) ->
          log.warn("server {}: {}: {}", self, code, detail);
      case ElectionEvent.LinkUp(ServerId peer) -> log.debug("server {}: linked to {}", self, peer);
      case ElectionEvent.LinkDown(ServerId peer, var cause) ->
          log.debug("server {}: no link to {}: {}", self, peer, cause);
      case ElectionEvent.StateChange change -> log.info("server {} {}", self, words(change));
      case ElectionEvent.Elected(ServerId leader, long round, long _, long _) ->
          log.info("server {} elected {} in round {}", self, leader, round);
      case ElectionEvent.Granted(var token) ->
          log.info("server {} is granted epoch {}", self, token.epoch());
      case ElectionEvent.Revoked(var token, Revocation cause) ->
          log.info("server {}: epoch {} is over: {}", self, token.epoch(), words(cause));
      case ElectionEvent.Listening(var address) ->
          log.info("server {} listens at {}", self, address);
    }
  }

  private static String words(ElectionEvent.StateChange change) {
    return switch (change) {
      case ElectionEvent.Looking(long round) -> "looks for a leader, round " + round;
      case ElectionEvent.Following(ServerId leader, long epoch, boolean confirmed) ->
          "follows " + leader + words(epoch, confirmed);
      case ElectionEvent.Leading(ServerId _, long epoch, boolean confirmed) ->
          "leads" + words(epoch, confirmed);
      case ElectionEvent.Observing(ServerId leader, long epoch, boolean confirmed) ->
          "observes " + leader + words(epoch, confirmed);
      case ElectionEvent.Closed() -> "is closed";
    };
  }

  private static String words(long epoch, boolean confirmed) {
    return confirmed ? ", epoch " + epoch : ", which nobody has promised";
  }

  private static String words(Revocation cause) {
    return switch (cause) {
      case Revocation.Resigned() -> "given up by the application";
      case Revocation.HandedOff(ServerId to) -> "handed off to " + to;
      case Revocation.QuorumLost() -> "too few voters were linked";
      case Revocation.LeaseExpired() -> "the lease expired";
      case Revocation.ProcessPaused(Duration pause) -> "the process stood still for " + pause;
      case Revocation.Superseded(long epoch) -> "epoch " + epoch + " has begun";
      case Revocation.TaskFailed(Throwable _) -> "the task failed";
      case Revocation.Closed() -> "closed";
      case Revocation.ServerFailed(String reason) -> reason;
    };
  }
}
