package io.quorate.election.driver;

import io.quorate.election.FencingToken;
import io.quorate.election.Leadership;
import io.quorate.election.Revocation;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A term as a user sees it.
 *
 * @param term which
 * @param confirmations where a majority is asked
 * @param whenClosed gives it up; may be called often
 */
record TermLeadership(Term term, Confirmations confirmations, Runnable whenClosed)
    implements Leadership {

  @Override
  public FencingToken token() {
    return term.token();
  }

  @Override
  public boolean isValid() {
    return term.isValid();
  }

  @Override
  public Duration remaining() {
    return Duration.ofNanos(term.remainingNanos());
  }

  @Override
  public boolean confirm(Duration timeout) throws InterruptedException {
    return term.isValid() && confirmations.ask(term, timeout);
  }

  @Override
  public CompletionStage<Revocation> revoked() {
    return term.revoked();
  }

  @Override
  public void close() {
    whenClosed.run();
  }

  @Override
  public String toString() {
    return token() + ", " + remaining() + " left";
  }
}
