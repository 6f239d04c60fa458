package io.quorate.checks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.quorate.checks.RulesAndExamples.Rule;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The product keeps every rule, and every rule is broken by its bad example. */
final class ArchitectureTest {
  private static final int FEWEST_CLASSES = 100;

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .importUrls(Build.PRODUCT.stream().map(ArchitectureTest::urlOfJar).toList());

  private static URL urlOfJar(String module) {
    try {
      return URI.create("jar:" + Build.jarOf(module).toUri() + "!/").toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(module, e);
    }
  }

  static List<Rule> rules() {
    return RulesAndExamples.ALL;
  }

  @Test
  void everyClassOfTheProductIsRead() {
    assertTrue(PRODUCT.size() > FEWEST_CLASSES, "only " + PRODUCT.size() + " classes");
    for (String module : Build.PRODUCT) {
      assertTrue(
          PRODUCT.stream().anyMatch(type -> type.getPackageName().equals("io.quorate." + module)),
          "no class of " + module);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void productKeepsTheRule(Rule rule) {
    rule.rule().check(PRODUCT);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void badExampleBreaksTheRule(Rule rule) {
    ArchRule bare = rule.rule().allowEmptyShould(true);
    for (List<Class<?>> example : rule.examples()) {
      JavaClasses bad = new ClassFileImporter().importClasses(example);
      assertTrue(bare.evaluate(bad).hasViolation(), example + " was not found out");
    }
  }

  @Test
  void noClassIsImportedByEverybody() {
    Rules.usedByAtMost(Rules.MOST_USING_PACKAGES).check(PRODUCT);
  }

  @Test
  void classWithMoreUsersThanAllowedIsFound() {
    assertTrue(Rules.usedByAtMost(0).evaluate(PRODUCT).hasViolation());
  }
}
