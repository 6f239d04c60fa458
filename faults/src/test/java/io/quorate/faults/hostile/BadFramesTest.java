package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.FrameDecoder;
import io.quorate.protocol.MessageCodec;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BadFramesTest {

  @Test
  void everyFrameHasAnAllowedLengthAndNoneSaysAnything() {
    var bad = BadFrames.ofEveryKind(1);
    var decoder = new FrameDecoder();
    var codec = new MessageCodec();
    decoder.feed(ByteBuffer.wrap(bad.batch()));
    for (int i = 0; i < bad.count(); i++) {
      switch (decoder.next().orElseThrow()) {
        case Decoded.Ok<byte[]>(byte[] payload) ->
            assertInstanceOf(Decoded.Malformed.class, codec.decode(payload));
        case Decoded.Malformed<byte[]>(String reason) -> fail(reason);
      }
    }
    assertEquals(Optional.empty(), decoder.next());
    assertFalse(decoder.isMidFrame());
  }
}
