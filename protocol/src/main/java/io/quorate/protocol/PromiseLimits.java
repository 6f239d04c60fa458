package io.quorate.protocol;

import java.time.Duration;
import java.util.Optional;

/**
 * What the fields of the promise's frames are held to, by who makes a record and by who reads one:
 * so each record that can be made can be read. Each method returns the first fault, if there is
 * one, without a value of the peer in it.
 */
final class PromiseLimits {

  private static final Optional<String> NONE = Optional.empty();
  private static final Optional<String> LOW_EPOCH =
      Optional.of("epochs that are proposed start at 1");
  private static final Optional<String> NEGATIVE_SEQUENCE = Optional.of("sequences start at 0");
  private static final Optional<String> NO_GRANT = Optional.of("a grant is longer than nothing");
  private static final Optional<String> NEGATIVE_PROMISE =
      Optional.of("a promised epoch is at least 0, for none");
  private static final Optional<String> NEGATIVE_BOND =
      Optional.of("nobody is bound for less than nothing");
  private static final Optional<String> LONG_BOND =
      Optional.of("nobody is bound for longer than " + Proposal.MAX_GRANT);
  private static final Optional<String> NO_SUCCESSOR =
      Optional.of("a successor is a member or nobody");

  private PromiseLimits() {}

  /** Of a proposal or a heartbeat. */
  static Optional<String> request(long epoch, long sequence, Duration grant) {
    if (answer(epoch, sequence).isPresent()) {
      return answer(epoch, sequence);
    }
    return grant.isPositive() ? notTooLong(grant) : NO_GRANT;
  }

  /** Of an acknowledgement. */
  static Optional<String> answer(long epoch, long sequence) {
    if (epoch < 1) {
      return LOW_EPOCH;
    }
    return sequence < 0 ? NEGATIVE_SEQUENCE : NONE;
  }

  static Optional<String> refusal(
      long epoch, long sequence, long promisedEpoch, Duration boundFor) {
    if (answer(epoch, sequence).isPresent()) {
      return answer(epoch, sequence);
    }
    if (promisedEpoch < 0) {
      return NEGATIVE_PROMISE;
    }
    return boundFor.isNegative() ? NEGATIVE_BOND : notTooLong(boundFor);
  }

  static Optional<String> surrender(long epoch, ServerId successor) {
    if (epoch < 1) {
      return LOW_EPOCH;
    }
    return successor.isMember() || successor.equals(ServerId.NONE) ? NONE : NO_SUCCESSOR;
  }

  /** Throws the fault, if there is one. */
  static void check(Optional<String> fault) {
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
  }

  private static Optional<String> notTooLong(Duration time) {
    return time.compareTo(Proposal.MAX_GRANT) <= 0 ? NONE : LONG_BOND;
  }
}
