package io.quorate.faults.hostile;

import io.quorate.protocol.ServerState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Frames of an allowed length, none of which says anything: each is to cost nothing but itself. A
 * batch of them is one write.
 */
final class BadFrames {

  private static final int FIRST_OWN_KIND = 0x51000001;
  private static final int OWN_KINDS = 6;
  private static final int RANDOM_FRAMES = 16;

  private final int count;
  private final byte[] batch;

  private BadFrames(List<byte[]> payloads) {
    var bytes = new ByteArrayOutputStream();
    payloads.forEach(payload -> bytes.writeBytes(Words.frame(payload)));
    count = payloads.size();
    batch = bytes.toByteArray();
  }

  /** Makes a batch in which each kind occurs. */
  static BadFrames ofEveryKind(long seed) {
    var payloads = new ArrayList<byte[]>();
    payloads.add(new byte[1]);
    payloads.add(new byte[Integer.BYTES]);
    payloads.add(new byte[27]);
    payloads.add(startingWith(4, 28));
    payloads.add(startingWith(-1, 36));
    payloads.add(startingWith(Integer.MAX_VALUE, 40));
    payloads.add(startingWith(FIRST_OWN_KIND - 1, 44));
    payloads.add(announcingConfig(-1, 0));
    payloads.add(announcingConfig(1, 0));
    payloads.add(announcingConfig(Integer.MAX_VALUE, 16));
    payloads.add(config("server.1=host:1:2:king\nversion=0"));
    payloads.add(config("version=\\uZZZZ"));
    payloads.add(Words.notification(ServerState.LEADING, 1, new byte[] {(byte) 0xC3, 0x28}));
    for (int kind = FIRST_OWN_KIND; kind < FIRST_OWN_KIND + OWN_KINDS; kind++) {
      payloads.add(startingWith(kind, 43));
      payloads.add(startingWith(kind, 44));
      payloads.add(own(kind, 0));
      payloads.add(own(kind, Integer.MAX_VALUE));
    }
    var random = new Random(seed);
    for (int i = 0; i < RANDOM_FRAMES; i++) {
      // Not 0 to 3 in front, which might be a notification after all.
      byte[] payload = startingWith(4 + random.nextInt(1 << 20), 4 + random.nextInt(100));
      for (int at = Integer.BYTES; at < payload.length; at++) {
        payload[at] = (byte) random.nextInt();
      }
      payloads.add(payload);
    }
    return new BadFrames(payloads);
  }

  /** Returns how many frames a batch has. */
  int count() {
    return count;
  }

  /** Returns the bytes to write, lengths included. */
  byte[] batch() {
    return batch.clone();
  }

  private static byte[] startingWith(int kind, int length) {
    return ByteBuffer.allocate(length).putInt(kind).array();
  }

  private static byte[] announcingConfig(int length, int present) {
    byte[] payload = Words.notification(ServerState.LOOKING, 1, new byte[present]);
    return ByteBuffer.wrap(payload).putInt(40, length).array();
  }

  private static byte[] config(String text) {
    return Words.notification(ServerState.FOLLOWING, 1, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Of our own, with the layout's 1 in its place, fields below all limits, and such a body. */
  private static byte[] own(int kind, int bodyLength) {
    return ByteBuffer.allocate(44)
        .putInt(kind)
        .putLong(-1)
        .putLong(-1)
        .putLong(-1)
        .putLong(-1)
        .putInt(1)
        .putInt(bodyLength)
        .array();
  }
}
