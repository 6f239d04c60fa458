package io.quorate.faults.hostile;

import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Vote;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What callers say, friendly or not, as bytes. Those that no codec would write are made by hand.
 */
final class Words {

  /** What an observer without an id of its own introduces itself with: every server lets it in. */
  static final long OBSERVER = Long.MAX_VALUE;

  /** The longest frame that is allowed. */
  static final int MAX_FRAME_BYTES = 512 * 1024;

  private static final long VERSION_1 = -65536;

  private Words() {}

  /** The initial message that is nothing but an id. */
  static byte[] introduction(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }

  /** The initial message with addresses, whatever text is given for them. */
  static byte[] introduction(long id, String addresses) {
    byte[] text = addresses.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + text.length)
        .putLong(VERSION_1)
        .putLong(id)
        .putInt(text.length)
        .put(text)
        .array();
  }

  static byte[] frame(byte[] payload) {
    return ByteBuffer.allocate(Integer.BYTES + payload.length)
        .putInt(payload.length)
        .put(payload)
        .array();
  }

  static byte[] frame(Message message) {
    return frame(MessageCodec.encode(message));
  }

  /** A frame's length alone. */
  static byte[] announcement(int length) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(length).array();
  }

  /** A question that every server answers to whoever does not vote: with its vote, at once. */
  static byte[] question() {
    return frame(
        new Notification(
            ServerState.LOOKING,
            new Vote(ServerId.NONE, Long.MIN_VALUE, Long.MIN_VALUE),
            1,
            Notification.CURRENT_VERSION,
            Optional.empty()));
  }

  /** A well-formed notification of the latest layout with this as its config text. */
  static byte[] notification(ServerState state, long leader, byte[] config) {
    return ByteBuffer.allocate(44 + config.length)
        .putInt(state.wireCode())
        .putLong(leader)
        .putLong(0)
        .putLong(1)
        .putLong(0)
        .putInt(Notification.CURRENT_VERSION)
        .putInt(config.length)
        .put(config)
        .array();
  }
}
