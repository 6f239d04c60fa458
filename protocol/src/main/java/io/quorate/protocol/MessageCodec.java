package io.quorate.protocol;

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
   * @param payload the whole of it; stays as it is, and nothing refers to it afterwards
   * @return the message, or why it is to be dropped
   */
  @SuppressWarnings("unchecked") // Immutable: what holds a notification holds a message.
  public Decoded<Message> decode(byte[] payload) {
    if (payload.length < Integer.BYTES) {
      return new Decoded.Malformed<>("a message has at least an int");
    }
    if (ExtensionCodec.isExtension(BigEndian.getInt(payload, 0))) {
      return ExtensionCodec.decode(payload);
    }
    return (Decoded<Message>) (Decoded<?>) notifications.decode(payload);
  }
}
