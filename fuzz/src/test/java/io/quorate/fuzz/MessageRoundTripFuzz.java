package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.InitialMessageCodec;
import io.quorate.protocol.Message;
import io.quorate.protocol.MessageCodec;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What we say is what is heard. */
final class MessageRoundTripFuzz {

  static Stream<byte[]> seeds() {
    return Seeds.ofValues();
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatIsEncodedIsDecodedToTheSame(byte[] input) {
    var values = new Values(new Cursor(input));
    Message message = values.message();
    assertEquals(message, Said.assertReads(MessageCodec.encode(message)));
    InitialMessage initial = values.initialMessage();
    byte[] said = InitialMessageCodec.encode(initial);
    assertEquals(said.length, InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(said)));
    assertEquals(new Decoded.Ok<>(initial), InitialMessageCodec.decode(ByteBuffer.wrap(said)));
    HostPort address = values.hostPort();
    assertEquals(new Decoded.Ok<>(address), HostPort.parse(address.toString()));
  }
}
