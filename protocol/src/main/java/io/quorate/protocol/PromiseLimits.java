package io.quorate.protocol;

import java.time.Duration;
import java.util.Optional;

/**
 * What the fields of the promise's frames are held to, by who makes a record and by who reads one:
 * so each record that can be made can be read. Each method returns the first fault, if there is
 * one, without a value of the peer in it.
 */
final class PromiseLimits {

  private PromiseLimits() {}

  /** Of a proposal or a heartbeat. */
  static Optional<String> request(long epoch, long sequence, Duration grant) {
    return answer(epoch, sequence)
        .or(() -> unless(grant.isPositive(), "a grant is longer than nothing"))
        .or(() -> notTooLong(grant));
  }

  /** Of an acknowledgement. */
  static Optional<String> answer(long epoch, long sequence) {
    return proposed(epoch).or(() -> unless(sequence >= 0, "sequences start at 0"));
  }

  static Optional<String> refusal(
      long epoch, long sequence, long promisedEpoch, Duration boundFor) {
    return answer(epoch, sequence)
        .or(() -> unless(promisedEpoch >= 0, "a promised epoch is at least 0, for none"))
        .or(() -> unless(!boundFor.isNegative(), "nobody is bound for less than nothing"))
        .or(() -> notTooLong(boundFor));
  }

  static Optional<String> surrender(long epoch, ServerId successor) {
    boolean fit = successor.isMember() || successor.equals(ServerId.NONE);
    return proposed(epoch).or(() -> unless(fit, "a successor is a member or nobody"));
  }

  /** Throws the fault, if there is one. */
  static void check(Optional<String> fault) {
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
  }

  private static Optional<String> proposed(long epoch) {
    return unless(epoch >= 1, "epochs that are proposed start at 1");
  }

  private static Optional<String> notTooLong(Duration time) {
    boolean fit = time.compareTo(Proposal.MAX_GRANT) <= 0;
    return unless(fit, "nobody is bound for longer than " + Proposal.MAX_GRANT);
  }

  private static Optional<String> unless(boolean fit, String fault) {
    return fit ? Optional.empty() : Optional.of(fault);
  }
}
