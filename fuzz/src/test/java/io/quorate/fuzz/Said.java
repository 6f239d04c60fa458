package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import io.quorate.protocol.Notification;
import java.nio.ByteBuffer;

/** A payload that was decoded, and checked to be the same when it is said again. */
final class Said {
  private static final int MOST_ALLOCATED = 4 << 20;
  private static final int FORMAT_VERSION_OFFSET = 36;
  private static final int LEAST_BYTES_OF_OURS = 44;

  private Said() {}

  static Decoded<Message> of(byte[] payload) {
    var codec = new MessageCodec();
    byte[] before = payload.clone();
    Decoded<Message> decoded =
        Expect.reasonIfNone(Expect.allocating(MOST_ALLOCATED, () -> codec.decode(payload)));
    assertArrayEquals(before, payload);
    if (decoded instanceof Decoded.Ok<Message>(Message message)) {
      byte[] once = MessageCodec.encode(message);
      Message again = assertReads(once);
      if (!(message instanceof Notification)) {
        assertEquals(message, again);
        assertIgnoredByZooKeeper(once);
      }
      assertArrayEquals(once, MessageCodec.encode(again));
    }
    return decoded;
  }

  /** What was encoded is read. */
  static Message assertReads(byte[] payload) {
    return switch (new MessageCodec().decode(payload)) {
      case Decoded.Ok<Message>(Message message) -> message;
      case Decoded.Malformed<Message>(String reason) -> throw new AssertionError(reason);
    };
  }

  /** As it knows no state of that number, and reads no configuration below version 2. */
  private static void assertIgnoredByZooKeeper(byte[] payload) {
    assertTrue(payload.length >= LEAST_BYTES_OF_OURS);
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    assertTrue(bytes.getInt() > 3);
    assertEquals(1, bytes.getInt(FORMAT_VERSION_OFFSET));
  }
}
