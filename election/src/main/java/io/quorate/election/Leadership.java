package io.quorate.election;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One term of ours: from the instant at which a majority promised it to us until it is revoked.
 * Safe for use by any thread.
 *
 * <p>Ask {@link #isValid} before each effect on the outside, and give {@link #token} to a resource
 * that can compare it: what is on its way when the term ends can only be refused there.
 */
public interface Leadership extends AutoCloseable {

  /**
   * Returns what to show to the resources that this leader writes to.
   *
   * @return the same for the whole term; greater than every earlier term's
   */
  FencingToken token();

  /**
   * Tells whether the term lasts. Costs a read of a field and of the monotonic clock. False from
   * the instant at which the lease ends, also if nobody of us has run since, as after a pause of
   * the process. Once false it stays false.
   *
   * @return whether we lead
   */
  boolean isValid();

  /**
   * Returns how long the term lasts if no voter answers from now on.
   *
   * @return the rest of the lease; zero once the term is over
   */
  Duration remaining();

  /**
   * Asks a majority whether we still lead: true as soon as they have acknowledged something that we
   * said after this call. One round trip; unlike {@link #isValid} it trusts no clock.
   *
   * @param timeout how long to wait at most
   * @return whether they did, and the term still lasts; false if it ends or the time is over
   * @throws InterruptedException if the thread was interrupted
   * @throws IllegalStateException if too many such questions of this term are unanswered
   */
  boolean confirm(Duration timeout) throws InterruptedException;

  /**
   * Returns the end of the term, to come or past.
   *
   * @return completed with the cause once the term is revoked, which can be later than {@link
   *     #isValid} turns false; on a thread of its own, which what depends on it may keep
   */
  CompletionStage<Revocation> revoked();

  /**
   * Gives up the term: it is not valid any more when this returns. Does not wait. Does nothing if
   * the term is over, or the second time.
   */
  @Override
  void close();
}
