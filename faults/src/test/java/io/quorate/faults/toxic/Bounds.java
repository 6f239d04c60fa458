package io.quorate.faults.toxic;

import io.quorate.election.ElectionTimings;
import io.quorate.election.LeaseTimings;
import io.quorate.transport.TransportLimits;
import java.time.Duration;

/** The times of the servers, and what follows from them. */
final class Bounds {

  /** The preset {@code lan}. */
  static final LeaseTimings LEASE = LeaseTimings.lan();

  /** The longest time that a nominee sits out where only some are connected. */
  private static final Duration SIT_OUT_MAX = Duration.ofSeconds(4);

  /** Of {@code lan}, but for {@link #SIT_OUT_MAX}, which is 30 s there. */
  static final ElectionTimings ELECTION = election(ElectionTimings.lan());

  /** Shorter than the defaults, so that a link that heals is soon up again. */
  static final TransportLimits LIMITS =
      TransportLimits.builder()
          .handshakeTimeout(Duration.ofSeconds(2))
          .connectTimeout(Duration.ofSeconds(1))
          .dialBackoffMax(Duration.ofMillis(250))
          .writeTimeout(Duration.ofSeconds(2))
          .build();

  /** After so many times {@code suspectAfter} a nominee gives up that gets no promises. */
  private static final int NOMINATION_WAIT = 2;

  /** So many times {@code suspectAfter} a server waits for its nominee to lead. */
  private static final int UNCONFIRMED_WAIT = 3;

  /**
   * From the first moment of a fault until those agree on a leader that is valid who are a quorum
   * and connected. They find out ({@code suspectAfter}), their grants end, and then they nominate
   * one who cannot lead, whom some wait for, and who binds others: the one that is cut off may have
   * been better. All of it once; a second one who cannot lead would not be among the connected.
   */
  static final Duration LEADER =
      LEASE
          .suspectAfter()
          .multipliedBy(1 + NOMINATION_WAIT + UNCONFIRMED_WAIT)
          .plus(LEASE.grant().multipliedBy(2))
          .plus(ELECTION.confirmWait());

  /** The same where no server is connected to all: a good candidate may be sitting out, too. */
  static final Duration LEADER_WHERE_SOME_ARE_CONNECTED = LEADER.plus(SIT_OUT_MAX);

  /**
   * From the end of a fault until every pair has its one link: a dial that was under way has to
   * fail, the wait after it to end, and a handshake that hears nothing to be given up.
   */
  static final Duration LINKS =
      LIMITS.connectTimeout().plus(LIMITS.dialBackoffMax()).plus(LIMITS.handshakeTimeout());

  /** From the end of a fault until all agree on a leader that is valid. */
  static final Duration BACK = LINKS.plus(LEADER_WHERE_SOME_ARE_CONNECTED);

  private Bounds() {}

  private static ElectionTimings election(ElectionTimings lan) {
    return new ElectionTimings(
        lan.finalizeWait(),
        lan.resendMin(),
        lan.resendMax(),
        lan.confirmWait(),
        lan.sitOutMin(),
        SIT_OUT_MAX);
  }
}
