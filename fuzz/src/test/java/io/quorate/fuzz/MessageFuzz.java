package io.quorate.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The payload of a frame, whatever is in it. */
final class MessageFuzz {

  static Stream<byte[]> seeds() {
    return Seeds.messages();
  }

  @MethodSource("seeds")
  @FuzzTest
  void aMessageIsReadOrRefused(byte[] input) {
    assertEquals(Said.of(input), Said.of(input));
  }
}
