package io.quorate.checks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** What holds between classes, as rules over class files. Each has an example that breaks it. */
final class Rules {
  private static final String PROTOCOL = "io.quorate.protocol..";
  private static final String TRANSPORT = "io.quorate.transport..";
  private static final String ELECTION = "io.quorate.election..";
  private static final String TESTKIT = "io.quorate.testkit..";
  private static final String EXAMPLES = "io.quorate.examples..";
  private static final String[] LIBRARY = {PROTOCOL, TRANSPORT, ELECTION, TESTKIT};

  /** Everything that decides: single-threaded, without IO, time or chance. */
  private static final String[] PURE = {
    PROTOCOL, "io.quorate.election.core..", "io.quorate.election.engine.."
  };

  /** The shells around it, which alone have threads. */
  private static final String[] SHELL = {
    "io.quorate.election.driver..", "io.quorate.transport.tcp.."
  };

  /** Packages that everybody may see, as the module descriptors say. */
  private static final String[] EXPORTED = {
    "io.quorate.protocol",
    "io.quorate.transport",
    "io.quorate.transport.spi",
    "io.quorate.election",
    "io.quorate.election.spi",
    "io.quorate.testkit"
  };

  /**
   * A class outside the protocol that more packages use is something that everybody imports. The
   * protocol's values are what all others talk about.
   */
  static final int MOST_USING_PACKAGES = 8;

  private static final Set<String> ASYNC = Set.of("runAsync", "supplyAsync");

  static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("protocol")
          .definedBy(PROTOCOL)
          .layer("transport")
          .definedBy(TRANSPORT)
          .layer("election")
          .definedBy(ELECTION)
          .layer("testkit")
          .definedBy(TESTKIT)
          .layer("examples")
          .definedBy(EXAMPLES)
          .withOptionalLayers(true)
          .whereLayer("examples")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("testkit")
          .mayOnlyBeAccessedByLayers("examples")
          .whereLayer("election")
          .mayOnlyBeAccessedByLayers("testkit", "examples")
          .whereLayer("transport")
          .mayOnlyBeAccessedByLayers("election", "testkit", "examples")
          .whereLayer("protocol")
          .mayOnlyBeAccessedByLayers("transport", "election", "testkit", "examples");

  /**
   * One direction is left out: the entry point of the public API and its configuration, with what
   * reads and tells that, make what is hidden and name what the user plugs in. The way back, to the
   * public types, is the normal one.
   */
  static final ArchRule NO_CYCLES =
      slices()
          .matching("io.quorate.(**)")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(
              nameMatching(
                  "io\\.quorate\\.election\\."
                      + "(LeaderElection(Config(\\$.*)?)?|PromiseConfig|ConfigReader|Guarantee)"),
              resideInAnyPackage("io.quorate.election.driver", "io.quorate.election.spi"))
          .ignoreDependency(
              nameMatching("io\\.quorate\\.testkit\\.Simulation"),
              resideInAnyPackage("io.quorate.testkit.world"));

  /** Properties are read from a Reader, and that declares what it may throw. */
  private static final DescribedPredicate<JavaClass> READING_PROPERTIES =
      nameMatching("java\\.io\\.(StringReader|Reader|IOException|UncheckedIOException)")
          .as("what reading Properties from a text needs")
          .forSubtype();

  /** Where a listener is bound is passed on; it is a value, and only the shell can make one. */
  private static final DescribedPredicate<JavaClass> A_SOCKET_ADDRESS =
      nameMatching("java\\.net\\.SocketAddress").as("an address as a value").forSubtype();

  static final ArchRule PURE_WITHOUT_IO =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.net..", "java.nio.channels..", "java.nio.file..", "java.io..")
                  .and(not(READING_PROPERTIES))
                  .and(not(A_SOCKET_ADDRESS)))
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("org.slf4j..", "java.lang.System$Logger", "java.util.logging..");

  static final ArchRule ONLY_THE_CONFIG_FORMAT_READS_PROPERTIES =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .and()
          .doNotHaveFullyQualifiedName("io.quorate.protocol.ConfigFormat")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.io..");

  static final ArchRule PURE_WITHOUT_THREADS =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent..")
          .orShould()
          .dependOnClassesThat(
              nameMatching("java\\.lang\\.(Thread|Thread\\$.*|ThreadLocal|ScopedValue|Process.*)"))
          .orShould()
          .dependOnClassesThat(nameMatching("java\\.util\\.Timer(Task)?"));

  static final ArchRule PURE_WITHOUT_TIME =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat(nameMatching("java\\.time\\.(Clock|InstantSource)"))
          .orShould()
          .accessTargetWhere(
              calls("java.lang.System", Set.of("nanoTime", "currentTimeMillis"))
                  .or(named("now").and(ownedBy(resideInAPackage("java.time..")))));

  static final ArchRule PURE_WITHOUT_CHANCE =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat(
              nameMatching("java\\.util\\.(Random|UUID|SplittableRandom)|.*\\.SecureRandom"))
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.util.random..")
          .orShould()
          .accessTargetWhere(calls("java.lang.Math", Set.of("random")));

  static final ArchRule THREADS_ONLY_IN_THE_SHELL =
      noClasses()
          .that()
          .resideInAnyPackage(LIBRARY)
          .and()
          .resideOutsideOfPackages(SHELL)
          .should()
          .accessTargetWhere(
              calls(
                      "java.lang.Thread",
                      Set.of("ofVirtual", "ofPlatform", "startVirtualThread", "<init>", "start"))
                  .or(calls("java.util.concurrent.CompletableFuture", ASYNC)))
          .orShould()
          .dependOnClassesThat(
              nameMatching("java\\.util\\.(Timer|concurrent\\.(Executors|ForkJoin.*|.*Executor))"));

  static final ArchRule EXAMPLES_USE_WHAT_IS_EXPORTED =
      noClasses()
          .that()
          .resideInAPackage(EXAMPLES)
          .should()
          .dependOnClassesThat(resideInAnyPackage(LIBRARY).and(not(resideInAnyPackage(EXPORTED))));

  static final ArchRule LIBRARY_DOES_NOT_PRINT =
      noClasses()
          .that()
          .resideInAnyPackage(LIBRARY)
          .should()
          .accessTargetWhere(
              calls("java.lang.System", Set.of("out", "err"))
                  .or(named("printStackTrace").and(ownedBy(resideInAPackage("java..")))));

  static final ArchRule LIBRARY_NEEDS_NOTHING_BUT_A_LOGGING_API =
      classes()
          .that()
          .resideInAnyPackage(LIBRARY)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "io.quorate..", "java..", "jdk.net..", "org.slf4j", "org.jspecify.annotations"));

  private Rules() {}

  /** No class outside the protocol is used by more packages than this. */
  static ArchRule usedByAtMost(int packages) {
    return classes()
        .that()
        .resideInAnyPackage(TRANSPORT, ELECTION, TESTKIT, EXAMPLES)
        .should(BeUsedByFewPackages.atMost(packages));
  }

  private static DescribedPredicate<JavaAccess<?>> calls(String owner, Set<String> names) {
    return DescribedPredicate.describe(
        "is one of " + names + " of " + owner,
        access ->
            access.getTargetOwner().getName().equals(owner)
                && names.contains(access.getTarget().getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> named(String name) {
    return DescribedPredicate.describe(
        "is named " + name, access -> access.getTarget().getName().equals(name));
  }

  private static DescribedPredicate<JavaAccess<?>> ownedBy(
      DescribedPredicate<? super JavaClass> owner) {
    return DescribedPredicate.describe(
        "is owned by one that is " + owner.getDescription(),
        access -> owner.test(access.getTargetOwner()));
  }
}
