package io.quorate.testkit.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.spi.ElectionProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Scripts that once broke something: in each build they must not again. */
class ScriptTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/io/quorate/testkit/scripts");

  private final Runner runner = new Runner(ElectionProvider.named("fast"), 0, true);

  @TestFactory
  Stream<DynamicTest> whatOnceBrokeSomethingDoesNotAgain() throws IOException {
    List<Path> scripts;
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      scripts = files.sorted().toList();
    }
    assertTrue(!scripts.isEmpty(), "there are scripts");
    return scripts.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    String.valueOf(file.getFileName()),
                    () -> assertTrue(runner.play(read(file)).violation().isEmpty(), "as before")));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aScriptIsReadAsItWasWritten() {
    for (long seed = 1; seed < 500; seed++) {
      Script script = Drawing.script(seed, 0);
      Script read = Script.parse(script.text());
      assertEquals(script.text(), read.text());
      assertEquals(script.faults(), read.faults());
      assertEquals(script.setup().voters(), read.setup().voters());
    }
  }
}
