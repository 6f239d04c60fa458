package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.election.QuorumVerifier;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.Decoded;
import io.quorate.protocol.EnsembleConfig;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The text of an ensemble, which every notification can carry. */
final class ConfigTextFuzz {
  private static final int MOST_ALLOCATED = 4 << 20;

  static Stream<byte[]> seeds() {
    return Stream.concat(
        Seeds.ofValues()
            .map(bytes -> ConfigText.of(new Values(new Cursor(bytes)).config()).bytes()),
        Seeds.utf8(
            "server.1=127.0.0.1:22801:23801:participant\nserver.2=b:2:3:observer\nversion=0",
            "# note\nserver.1 : a:1:2|[::1]:3:4;5;b:6\\\n  \nversion:ff",
            "server.0=a:1:2\ngroup.1=0:7\nweight.0=0\nversion=7fffffffffffffff",
            "version=0"));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aConfigTextIsReadOrRefused(byte[] input) {
    Decoded<ConfigText> decoded =
        Expect.reasonIfNone(Expect.allocating(MOST_ALLOCATED, () -> ConfigText.parse(input)));
    if (decoded instanceof Decoded.Ok<ConfigText>(ConfigText text)) {
      assertArrayEquals(input, text.bytes());
      EnsembleConfig config = text.config();
      ConfigText written = ConfigText.of(config);
      assertEquals(new Decoded.Ok<>(written), ConfigText.parse(written.bytes()));
      assertEquals(config.digest(), written.config().digest());
      count(config);
    }
  }

  /** A text may hold groups that no verifier of ours takes: of ids that do not vote. */
  private static void count(EnsembleConfig config) {
    try {
      QuorumVerifier voters = QuorumVerifier.of(config);
      assertEquals(config.participants(), voters.voters());
      assertFalse(voters.isQuorum(Set.of()));
    } catch (IllegalArgumentException e) {
      Expect.oneLine(String.valueOf(e.getMessage()));
    }
  }
}
