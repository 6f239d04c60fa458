package io.quorate.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What each packaged module requires, exports, opens, uses and provides, against a text that is
 * changed on purpose or not at all: {@code src/test/resources/modules}.
 */
final class ModuleDescriptorTest {
  static final List<String> PRODUCT = Build.PRODUCT;
  static final List<String> LIBRARY = Build.LIBRARY;

  @ParameterizedTest
  @FieldSource("PRODUCT")
  void packagedModuleIsAsPinned(String module) throws IOException {
    assertEquals(pinned(module), String.join("\n", describe(descriptorOf(module))) + "\n");
  }

  @ParameterizedTest
  @FieldSource("PRODUCT")
  void packagedModuleTellsItsVersion(String module) {
    String jar = Build.jarOf(module).getFileName().toString();
    String version = descriptorOf(module).rawVersion().orElse("none");
    assertTrue(jar.endsWith("-" + version + ".jar"), jar + " has version " + version);
  }

  /** On a class path nobody reads the descriptor, and the same providers must be found. */
  @ParameterizedTest
  @FieldSource("LIBRARY")
  void classPathFindsTheProvidersOfTheModulePath(String module) throws IOException {
    var declared = new TreeMap<String, List<String>>();
    for (ModuleDescriptor.Provides provides : descriptorOf(module).provides()) {
      declared.put(provides.service(), provides.providers());
    }
    var found = new TreeMap<String, List<String>>();
    try (var jar = new JarFile(Build.jarOf(module).toFile())) {
      String folder = "META-INF/services/";
      for (var entry : jar.stream().toList()) {
        if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
          try (InputStream in = jar.getInputStream(entry)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            found.put(entry.getName().substring(folder.length()), text.lines().toList());
          }
        }
      }
    }
    assertEquals(declared, found);
  }

  private static ModuleDescriptor descriptorOf(String module) {
    return ModuleFinder.of(Build.jarOf(module))
        .find("io.quorate." + module)
        .orElseThrow(() -> new AssertionError("no module io.quorate." + module + " in its jar"))
        .descriptor();
  }

  private static String pinned(String module) throws IOException {
    try (InputStream in =
        ModuleDescriptorTest.class.getResourceAsStream("/modules/" + module + ".txt")) {
      assertNotNull(in, "src/test/resources/modules/" + module + ".txt is missing");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Like {@code jar --describe-module}, without the version, sorted. */
  private static List<String> describe(ModuleDescriptor module) {
    List<String> lines = new ArrayList<>();
    module.requires().stream()
        .map(r -> "requires" + words(r.modifiers()) + " " + r.name())
        .forEach(lines::add);
    module.exports().stream()
        .map(e -> "exports" + words(e.modifiers()) + " " + e.source() + to(e.targets()))
        .forEach(lines::add);
    module.opens().stream()
        .map(o -> "opens" + words(o.modifiers()) + " " + o.source() + to(o.targets()))
        .forEach(lines::add);
    module.uses().stream().map(service -> "uses " + service).forEach(lines::add);
    module.provides().stream()
        .map(p -> "provides " + p.service() + " with " + String.join(", ", p.providers()))
        .forEach(lines::add);
    var hidden = new TreeSet<>(module.packages());
    module.exports().forEach(e -> hidden.remove(e.source()));
    hidden.stream().map(name -> "contains " + name).forEach(lines::add);
    String kind = "module" + words(module.modifiers()) + " " + module.name();
    return Stream.concat(Stream.of(kind), lines.stream().sorted()).toList();
  }

  private static String words(Collection<? extends Enum<?>> modifiers) {
    var text = new StringBuilder();
    modifiers.stream()
        .map(modifier -> modifier.name().toLowerCase(Locale.ROOT))
        .sorted()
        .forEach(word -> text.append(' ').append(word));
    return text.toString();
  }

  private static String to(Collection<String> targets) {
    return targets.isEmpty() ? "" : " to " + String.join(", ", new TreeSet<>(targets));
  }
}
