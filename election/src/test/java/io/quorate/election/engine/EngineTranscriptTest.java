package io.quorate.election.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Stories of one server's promise and lease, each compared with what its engine does now. After a
 * change that is meant, {@code -Dtranscripts.rewrite=true} writes them anew, to be reviewed as a
 * diff.
 */
final class EngineTranscriptTest {
  private static final boolean REWRITE = Boolean.getBoolean("transcripts.rewrite");
  private static final Path FOLDER =
      Path.of(
          System.getProperty("basedir", ""),
          "src/test/resources/io/quorate/election/engine/transcripts");

  @TestFactory
  Stream<DynamicTest> everyTranscriptIsWhatHappens() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList().stream().map(EngineTranscriptTest::test);
    }
  }

  private static DynamicTest test(Path file) {
    return DynamicTest.dynamicTest(
        file.getFileName().toString().replace(".txt", "").replace('-', ' '),
        () -> {
          String written = Files.readString(file);
          assertTrue(written.startsWith("# "), "the first line says the story");
          String now = EngineTranscript.run(written);
          if (REWRITE) {
            Files.writeString(file, now);
          } else {
            assertEquals(written, now);
          }
        });
  }
}
