package io.quorate.protocol;

import static io.quorate.protocol.Bytes.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What is encoded comes back as it was. The number in a failure is the seed of that value. */
final class RoundTripTest {

  private static final int VALUES = 2_000;

  @Test
  void anInitialMessageComesBack() {
    for (int seed = 0; seed < VALUES; seed++) {
      InitialMessage message = new Samples(seed).initialMessage();
      byte[] bytes = InitialMessageCodec.encode(message);
      assertEquals(bytes.length, InitialMessageCodec.bytesNeeded(ByteBuffer.wrap(bytes)));
      assertEquals(message, ok(InitialMessageCodec.decode(ByteBuffer.wrap(bytes))), "" + seed);
    }
  }

  @Test
  void aNotificationComesBack() {
    var codec = new NotificationCodec();
    for (int seed = 0; seed < VALUES; seed++) {
      Notification notification = new Samples(seed).notification();
      byte[] bytes = NotificationCodec.encode(notification);
      assertEquals(notification, ok(codec.decode(bytes)), "" + seed);
    }
  }

  @Test
  void aMessageComesBack() {
    var codec = new MessageCodec();
    for (int seed = 0; seed < VALUES; seed++) {
      Message message = new Samples(seed).message();
      byte[] bytes = MessageCodec.encode(message);
      assertEquals(message, ok(codec.decode(bytes)), "" + seed);
    }
  }

  @Test
  void aConfigurationComesBackWithItsTextAndItsDigest() {
    for (int seed = 0; seed < VALUES; seed++) {
      EnsembleConfig config = new Samples(seed).config();
      ConfigText text = ConfigText.of(config);
      ConfigText parsed = ok(ConfigText.parse(text.bytes()));
      assertEquals(config, parsed.config(), "" + seed);
      assertEquals(text, parsed, "" + seed);
      assertEquals(text, ConfigText.of(parsed.config()), "" + seed);
      assertEquals(config.digest(), parsed.config().digest(), "" + seed);
    }
  }

  @Test
  void anAddressComesBack() {
    for (int seed = 0; seed < VALUES; seed++) {
      HostPort address = new Samples(seed).hostPort();
      assertEquals(address, ok(HostPort.parse(address.toString())), "" + seed);
    }
  }
}
