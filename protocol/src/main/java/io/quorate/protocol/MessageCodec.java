package io.quorate.protocol;

import java.nio.ByteBuffer;

/**
 * The payload of a frame to a message and back. The first int tells which: 0 to 3 is the state in a
 * {@link Notification}, from 0x51000001 up it is the kind of a frame of ours.
 *
 * <p>An instance belongs to one thread: it remembers configurations, see {@link NotificationCodec}.
 */
public final class MessageCodec {

  private final NotificationCodec notifications = new NotificationCodec();

  /** Makes one that remembers nothing yet. */
  public MessageCodec() {}

  /**
   * Returns the payload of a frame for a message.
   *
   * @param message what to send
   * @return the bytes, without the frame's length
   */
  public static byte[] encode(Message message) {
    return switch (message) {
      case Notification notification -> NotificationCodec.encode(notification);
      case Hello hello -> ExtensionCodec.encode(hello);
      case Proposal proposal -> PromiseCodec.encode(proposal);
      case Acknowledgement acknowledgement -> PromiseCodec.encode(acknowledgement);
      case Refusal refusal -> PromiseCodec.encode(refusal);
      case Heartbeat heartbeat -> PromiseCodec.encode(heartbeat);
      case Surrender surrender -> PromiseCodec.encode(surrender);
      case UnknownExtension unknown -> ExtensionCodec.encode(unknown);
    };
  }

  /**
   * Reads the payload of a frame.
   *
   * @param payload the bytes between position and limit, which stay where they are; nothing refers
   *     to them afterwards
   * @return the message, or why it is to be dropped
   */
  public Decoded<Message> decode(ByteBuffer payload) {
    if (payload.remaining() < Integer.BYTES) {
      return new Decoded.Malformed<>("a message has at least an int");
    }
    if (ExtensionCodec.isExtension(payload.duplicate().getInt())) {
      return ExtensionCodec.decode(payload);
    }
    return switch (notifications.decode(payload)) {
      case Decoded.Ok<Notification>(Notification notification) -> new Decoded.Ok<>(notification);
      case Decoded.Malformed<Notification>(String reason) -> new Decoded.Malformed<>(reason);
    };
  }
}
