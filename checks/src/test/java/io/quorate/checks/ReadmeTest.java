package io.quorate.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
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

/** The Java code of the README compiles, so that it cannot rot. */
class ReadmeTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final String IMPORTS =
      """
      import static io.quorate.protocol.Member.Role.PARTICIPANT;
      import io.quorate.election.*;
      import io.quorate.election.spi.*;
      import io.quorate.protocol.*;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.*;
      """;

  @TempDir private Path classes;

  @Test
  void theCodeOfTheReadmeCompiles() throws IOException {
    String readme = Files.readString(Build.folderOf("README.md"));
    List<String> blocks =
        JAVA_BLOCK.matcher(readme).results().map((MatchResult found) -> found.group(1)).toList();
    assertTrue(blocks.size() >= 2, "the README shows how to use it and how to extend it");
    List<Source> sources =
        IntStream.range(0, blocks.size())
            .mapToObj(number -> new Source("Block" + number, blocks.get(number)))
            .toList();
    assertEquals("", compile(sources));
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
