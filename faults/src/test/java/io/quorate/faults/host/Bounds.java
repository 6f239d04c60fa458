package io.quorate.faults.host;

import io.quorate.election.ElectionTimings;
import io.quorate.election.LeaseTimings;
import io.quorate.transport.TransportLimits;
import java.time.Duration;

/**
 * Within what something has to happen with the preset {@code lan}, taken from its times. The
 * machine may be busy, so each has a margin; what it takes on a quiet one is in the report.
 */
final class Bounds {

  private static final ElectionTimings ELECTION = ElectionTimings.lan();
  private static final LeaseTimings LEASE = LeaseTimings.lan();
  private static final TransportLimits LINKS = TransportLimits.defaults();

  /** For processors that others use, too. */
  private static final Duration MARGIN = Duration.ofSeconds(3);

  /** A silent leader is suspected; then votes are told, perhaps once more, and waited for. */
  static final Duration SUCCESSOR =
      LEASE
          .suspectAfter()
          .plus(LEASE.grant())
          .plus(ELECTION.resendMax())
          .plus(ELECTION.finalizeWait())
          .plus(MARGIN);

  /**
   * Where not everybody hears everybody, the best candidate may be one that cannot lead. It, or
   * those who wait for it, give up after that long, and it sits out.
   */
  static final Duration SUCCESSOR_AFTER_A_FAILURE =
      SUCCESSOR.plus(LEASE.suspectAfter().multipliedBy(3)).plus(ELECTION.sitOutMin());

  /**
   * Where few reach a quorum and links carry nothing, each of the others may be the better
   * candidate as far as anybody knows: it is chosen in vain once.
   */
  static Duration successorOf(int servers) {
    Duration inVain = ELECTION.confirmWait().plus(ELECTION.finalizeWait());
    return SUCCESSOR.plus(inVain.multipliedBy(servers - 1));
  }

  /** A link over which nothing comes is noticed, and dialled anew. */
  static final Duration SILENT_LINK_RENEWED =
      longer(ELECTION.answerWithin(), LEASE.suspectAfter().multipliedBy(2))
          .plus(LINKS.connectTimeout())
          .plus(LINKS.dialBackoffMax());

  /** A leader falls silent, and so are the links between those that it leaves. */
  static final Duration SUCCESSOR_OVER_SILENT_LINKS = SUCCESSOR.plus(SILENT_LINK_RENEWED);

  /**
   * Once the network is well: a dial that began before fails, and the next is waited for; a link
   * that fell silent at the last moment is noticed; the leader is heard or, if it is one that has
   * lost its quorum, another is elected.
   */
  static final Duration BACK = SILENT_LINK_RENEWED.plus(SUCCESSOR);

  /** An idle link that is forgotten is found by keepalive, and then dialled. */
  static final Duration KEEPALIVE =
      LINKS
          .keepAliveIdle()
          .plus(LINKS.keepAliveInterval().multipliedBy(LINKS.keepAliveCount()))
          .plus(LINKS.connectTimeout())
          .plus(MARGIN);

  /** How long a fault lasts that costs nobody the leader: several times what would cost it. */
  static final Duration WHILE = LEASE.suspectAfter().multipliedBy(3);

  private Bounds() {}

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
