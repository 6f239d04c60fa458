package io.quorate.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The frames of ours, kind by kind, with any fields: chance alone would seldom find their kinds.
 */
final class OwnFrameFuzz {
  private static final int FIRST_KIND = 0x51000001;

  /** Hello, proposal, acknowledgement, refusal, heartbeat, surrender, and one that is unknown. */
  private static final int KINDS = 7;

  private static final int HEAD_BYTES = 44;
  private static final int FIELDS = 4;

  /** As the target takes them: what our encoders write, with the number of the kind in front. */
  static Stream<byte[]> seeds() {
    return Seeds.messages()
        .filter(payload -> ByteBuffer.wrap(payload).getInt() >= FIRST_KIND)
        .map(
            payload -> {
              ByteBuffer in = ByteBuffer.wrap(payload);
              byte kind = (byte) ((in.getInt() - FIRST_KIND) % KINDS);
              var fields = new byte[FIELDS * Long.BYTES];
              in.get(fields);
              var body = new byte[payload.length - HEAD_BYTES];
              in.get(HEAD_BYTES, body);
              return Seeds.join(new byte[] {kind}, fields, new byte[] {0}, body);
            });
  }

  @MethodSource("seeds")
  @FuzzTest
  void aFrameOfOursIsReadOrRefused(byte[] input) {
    var cursor = new Cursor(input);
    int kind = FIRST_KIND + cursor.next() % KINDS;
    byte[] fields = new byte[FIELDS * Long.BYTES];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = (byte) cursor.next();
    }
    int lie = (byte) cursor.next();
    byte[] body = cursor.rest();
    Said.of(
        ByteBuffer.allocate(HEAD_BYTES + body.length)
            .putInt(kind)
            .put(fields)
            .putInt(1)
            .putInt(body.length + lie)
            .put(body)
            .array());
  }
}
