package io.quorate.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.testkit.Simulation;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java code of the pages for users compiles, and what can be tried is tried. */
class ReadmeTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final int SEEDS = 20;

  private static final String IMPORTS =
      """
      import static io.quorate.protocol.Member.Role.PARTICIPANT;
      import io.quorate.election.*;
      import io.quorate.election.spi.*;
      import io.quorate.protocol.*;
      import io.quorate.testkit.*;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.*;
      import org.junit.jupiter.api.Test;
      """;

  @TempDir private Path classes;

  @Test
  void theCodeOfTheReadmeCompiles() throws IOException {
    List<String> blocks = blocksOf("README.md");
    assertTrue(blocks.size() >= 2, "the README shows how to use it and how to extend it");
    List<Source> sources =
        IntStream.range(0, blocks.size())
            .mapToObj(number -> new Source("Block" + number, blocks.get(number)))
            .toList();
    assertEquals("", compile(sources));
  }

  @Test
  void theProviderOfThePageAboutProvidersKeepsWhatItClaims() throws Exception {
    String page = String.join("\n", blocksOf("docs/providers.md"));
    assertEquals("", compile(List.of(new Source("Page", page))));
    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      var constructor = loader.loadClass("Page$Largest").getDeclaredConstructor();
      constructor.setAccessible(true);
      var provider = (ElectionProvider) constructor.newInstance();
      Simulation.of(provider).runAll(1, SEEDS, _ -> {}).requireNoViolation();
    }
  }

  private static List<String> blocksOf(String page) throws IOException {
    String text = Files.readString(Build.folderOf(page));
    return JAVA_BLOCK.matcher(text).results().map((MatchResult it) -> it.group(1)).toList();
  }

  @Test
  void codeThatDoesNotCompileIsFound() {
    assertTrue(compile(List.of(new Source("Block", "Quorate.elect();"))).contains("Quorate"));
  }

  private String compile(List<Source> sources) {
    var problems = new StringWriter();
    var options =
        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-nowarn");
    ToolProvider.getSystemJavaCompiler()
        .getTask(problems, null, null, options, null, sources)
        .call();
    return problems.toString();
  }

  /** One block of code: a class of its own, or statements. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String block) {
      super(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE);
      boolean statements = !block.contains("class ");
      String body =
          statements
              ? "void run() throws Exception {\n" + block + "}\n"
              : block.replace("public final class", "static final class");
      text = IMPORTS + "final class " + name + " {\n" + body + "}\n";
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
