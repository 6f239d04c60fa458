package io.quorate.election.engine;

import io.quorate.election.FencingToken;
import io.quorate.election.Revocation;
import io.quorate.election.spi.Event;
import io.quorate.protocol.ServerId;

/** What an {@link Engine} does for its {@link Tenure}. */
interface Host {
  /** Tells the algorithm, at the end of this step. */
  void feed(Event event);

  /** Makes the algorithm look again. */
  void lookAgain(String reason);

  /** Another server leads, or we do, or nobody is known to. */
  void leaderChanged();

  /** Our term is over. */
  void revoked(FencingToken token, Revocation cause);

  /** As if the link were down, until the peer says something. */
  void suspect(ServerId peer);

  /** {@link Term#isEligible} may have changed. */
  void eligibilityChanged();

  /** Shows something odd. */
  void warn(String code, String detail);
}
