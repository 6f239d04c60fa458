package io.quorate.testkit.world;

import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.Message;
import io.quorate.protocol.Notification;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.Surrender;
import io.quorate.testkit.Fault;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens to the messages of a link for a while.
 *
 * @param fault which of those that leave the connection up
 * @param until when it ends, in nanoseconds of the true time
 * @param strength how much of it, 0 to 1
 * @param kind the kind of message that is cut
 * @param scale the time by which messages are late, in nanoseconds
 */
record Interference(
    Fault fault, long until, double strength, Class<? extends Message> kind, long scale) {

  static final Interference NONE = new Interference(Fault.LOSS, Long.MIN_VALUE, 0, Hello.class, 0);

  private static final List<Class<? extends Message>> KINDS =
      List.of(
          Notification.class,
          Hello.class,
          Proposal.class,
          Acknowledgement.class,
          Refusal.class,
          Heartbeat.class,
          Surrender.class);

  /** The longest exponential or heavy-tailed delay, in scales. */
  private static final int MAX_SCALES = 20;

  static Interference of(PlannedFault planned, long now, long lease) {
    var random = new SplittableRandom(planned.seed());
    return new Interference(
        planned.fault(),
        now + planned.lasts(),
        random.nextDouble(),
        KINDS.get(random.nextInt(KINDS.size())),
        1 + random.nextLong(lease / 4));
  }

  boolean isOver(long now) {
    return now >= until;
  }

  boolean loses(Message message, SplittableRandom random) {
    return switch (fault) {
      case LOSS -> random.nextDouble() < strength;
      case CUT_MESSAGE_KIND -> kind.isInstance(message);
      default -> false;
    };
  }

  boolean doubles(SplittableRandom random) {
    return fault == Fault.DUPLICATION && random.nextDouble() < strength;
  }

  boolean repeatsLate(SplittableRandom random) {
    return fault == Fault.LATE_MESSAGE && random.nextDouble() < strength / 4;
  }

  boolean keepsOrder() {
    return fault != Fault.REORDERING;
  }

  /** Returns how much longer a message takes, in nanoseconds. */
  long delay(long now, SplittableRandom random) {
    return switch (fault) {
      case CONSTANT_DELAY -> scale;
      case REORDERING -> random.nextLong(scale);
      case EXPONENTIAL_DELAY -> scaled(-Math.log(1 - random.nextDouble()));
      case HEAVY_TAILED_DELAY -> scaled(Math.pow(1 - random.nextDouble(), -1) / 10);
      case CLOGGED_LINK -> Math.max(0, until - now);
      default -> 0;
    };
  }

  private long scaled(double factor) {
    return (long) (scale * Math.min(MAX_SCALES, factor));
  }
}
