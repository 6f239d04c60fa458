package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The first bytes of a connection that anybody can open. */
final class InitialMessageFuzz {
  private static final int LEAST_BYTES = 8;
  private static final int MOST_BYTES = 20 + InitialMessageCodec.MAX_ADDRESS_BYTES;

  static Stream<byte[]> seeds() {
    return Seeds.initialMessages();
  }

  @MethodSource("seeds")
  @FuzzTest
  void anInitialMessageIsReadOrRefused(byte[] input) {
    ByteBuffer bytes = ByteBuffer.wrap(input);
    Decoded<InitialMessage> decoded =
        Expect.reasonIfNone(Expect.allocating(1 << 20, () -> InitialMessageCodec.decode(bytes)));
    assertEquals(input.length, bytes.remaining());
    int needed = readStepByStep(input);
    if (decoded instanceof Decoded.Ok<InitialMessage>(InitialMessage message)) {
      assertEquals(input.length, needed);
      if (isSayable(message)) {
        byte[] said = InitialMessageCodec.encode(message);
        assertEquals(decoded, InitialMessageCodec.decode(ByteBuffer.wrap(said)));
      }
    }
  }

  /** As a reader does it that must not take a byte too many; returns how many it takes. */
  private static int readStepByStep(byte[] input) {
    int read = 0;
    while (true) {
      int needed = InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(input, 0, read));
      assertTrue(needed >= LEAST_BYTES && needed <= MOST_BYTES, "needs " + needed);
      if (needed <= read || needed > input.length) {
        Expect.reasonIfNone(InitialMessageCodec.decode(ByteBuffer.wrap(input, 0, read)));
        return needed;
      }
      read = needed;
    }
  }

  /** Whoever sent nothing but wildcards has no address that could be said again. */
  private static boolean isSayable(InitialMessage message) {
    return switch (message) {
      case InitialMessage.Bare _ -> true;
      case InitialMessage.V1 said -> !said.addresses().isEmpty();
      case InitialMessage.V2 said -> !said.addresses().isEmpty();
    };
  }
}
