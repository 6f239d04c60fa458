package io.quorate.examples.cli;

import io.quorate.election.Revocation;
import io.quorate.protocol.ServerId;

/** Why a term ended, for a person. */
public final class Causes {

  private Causes() {}

  /** Returns the cause as the end of a sentence, in one line. */
  public static String words(Revocation cause) {
    return switch (cause) {
      case Revocation.Resigned() -> "it resigned";
      case Revocation.HandedOff(ServerId to) when to.equals(ServerId.NONE) -> "handed off";
      case Revocation.HandedOff(ServerId to) -> "handed off to " + to;
      case Revocation.QuorumLost() -> "too few voters had a link to it";
      case Revocation.LeaseExpired() -> "its lease ran out";
      case Revocation.ProcessPaused(var pause) ->
          "its process stood still for " + pause.toMillis() + " ms";
      case Revocation.Superseded(long epoch) -> "another leads epoch " + epoch;
      case Revocation.TaskFailed(Throwable failure) ->
          "its task failed: " + OneLine.of(failure.toString());
      case Revocation.Closed() -> "it was closed";
      case Revocation.ServerFailed(String reason) -> "it failed: " + OneLine.of(reason);
    };
  }
}
