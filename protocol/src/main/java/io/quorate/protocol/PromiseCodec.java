package io.quorate.protocol;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The frames by which voters promise an epoch, and a leader keeps it: what they put into the fields
 * that {@link ExtensionCodec} draws.
 *
 * <pre>
 *                    kind        4  epoch   12  sequence   20  a                28  b
 *   Proposal         0x51000002     1..        0..            instance, any        grant
 *   Acknowledgement  0x51000003     1..        0..            instance, any        0
 *   Refusal          0x51000004     1..        0..            promised epoch, 0..  bound for
 *   Heartbeat        0x51000005     1..        0..            instance, any        grant
 *   Surrender        0x51000006     1..        0              instance, any        successor
 *
 *   grant      nanoseconds, 1 to those of an hour
 *   bound for  nanoseconds, 0 to those of an hour
 *   successor  a member's id, 0..2^63-2, or -2^63 for nobody
 * </pre>
 *
 * None has a body. A body of a newer version is ignored, and so is what stands where a 0 is drawn.
 */
final class PromiseCodec {

  private PromiseCodec() {}

  static byte[] encode(Proposal said) {
    return ExtensionCodec.withoutBody(
        ExtensionCodec.PROPOSAL,
        said.epoch(),
        said.sequence(),
        said.instance(),
        said.grant().toNanos());
  }

  static byte[] encode(Acknowledgement said) {
    return ExtensionCodec.withoutBody(
        ExtensionCodec.ACKNOWLEDGEMENT, said.epoch(), said.sequence(), said.instance(), 0);
  }

  static byte[] encode(Refusal said) {
    return ExtensionCodec.withoutBody(
        ExtensionCodec.REFUSAL,
        said.epoch(),
        said.sequence(),
        said.promisedEpoch(),
        said.boundFor().toNanos());
  }

  static byte[] encode(Heartbeat said) {
    return ExtensionCodec.withoutBody(
        ExtensionCodec.HEARTBEAT,
        said.epoch(),
        said.sequence(),
        said.instance(),
        said.grant().toNanos());
  }

  static byte[] encode(Surrender said) {
    return ExtensionCodec.withoutBody(
        ExtensionCodec.SURRENDER, said.epoch(), 0, said.instance(), said.successor().value());
  }

  static Decoded<Message> decodeProposal(long epoch, long sequence, long a, long b) {
    Duration grant = Duration.ofNanos(b);
    return unless(
        PromiseLimits.request(epoch, sequence, grant),
        () -> new Proposal(epoch, sequence, a, grant));
  }

  static Decoded<Message> decodeAcknowledgement(long epoch, long sequence, long a) {
    return unless(
        PromiseLimits.answer(epoch, sequence), () -> new Acknowledgement(epoch, sequence, a));
  }

  static Decoded<Message> decodeRefusal(long epoch, long sequence, long a, long b) {
    Duration boundFor = Duration.ofNanos(b);
    return unless(
        PromiseLimits.refusal(epoch, sequence, a, boundFor),
        () -> new Refusal(epoch, sequence, a, boundFor));
  }

  static Decoded<Message> decodeHeartbeat(long epoch, long sequence, long a, long b) {
    Duration grant = Duration.ofNanos(b);
    return unless(
        PromiseLimits.request(epoch, sequence, grant),
        () -> new Heartbeat(epoch, sequence, a, grant));
  }

  static Decoded<Message> decodeSurrender(long epoch, long a, long b) {
    ServerId successor = ServerId.of(b);
    return unless(
        PromiseLimits.surrender(epoch, successor), () -> new Surrender(epoch, a, successor));
  }

  private static Decoded<Message> unless(Optional<String> fault, Supplier<Message> message) {
    if (fault.isPresent()) {
      return new Decoded.Malformed<>(fault.get());
    }
    return new Decoded.Ok<>(message.get());
  }
}
