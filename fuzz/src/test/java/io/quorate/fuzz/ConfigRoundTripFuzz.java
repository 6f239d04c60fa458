package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.EnsembleConfig;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** An ensemble is the same after its text has travelled. */
final class ConfigRoundTripFuzz {

  static Stream<byte[]> seeds() {
    return Seeds.ofValues();
  }

  @MethodSource("seeds")
  @FuzzTest
  void anEnsembleSurvivesItsText(byte[] input) {
    EnsembleConfig config = new Values(new Cursor(input)).config();
    ConfigText text = ConfigText.of(config);
    Decoded<ConfigText> read = ConfigText.parse(text.bytes());
    assertEquals(new Decoded.Ok<>(text), read);
    if (read instanceof Decoded.Ok<ConfigText>(ConfigText same)) {
      assertEquals(config, same.config());
      assertEquals(config.digest(), same.config().digest());
    }
  }
}
