package io.quorate.checks;

import com.tngtech.archunit.lang.ArchRule;
import io.quorate.election.core.broken.AsksForTheInstant;
import io.quorate.election.core.broken.AsksTheClock;
import io.quorate.election.core.broken.DrawsLots;
import io.quorate.election.core.broken.Logs;
import io.quorate.election.core.broken.Waits;
import io.quorate.examples.broken.SeesTheInside;
import io.quorate.protocol.broken.KnowsTheTransport;
import io.quorate.protocol.broken.NeedsALibrary;
import io.quorate.protocol.broken.OpensSockets;
import io.quorate.protocol.broken.ReadsReaders;
import io.quorate.transport.broken.Prints;
import io.quorate.transport.broken.StartsThreads;
import io.quorate.transport.broken.StartsWithAnExecutor;
import io.quorate.transport.broken.UsedByTheProtocol;
import java.util.List;

/** Every rule with classes that break it, so that none is believed because it never fails. */
final class RulesAndExamples {

  /** A rule, and sets of classes each of which breaks it. */
  record Rule(String name, ArchRule rule, List<List<Class<?>>> examples) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Rule> ALL =
      List.of(
          new Rule(
              "dependencies point one way",
              Rules.LAYERS,
              List.of(List.of(KnowsTheTransport.class, UsedByTheProtocol.class))),
          new Rule(
              "no cycles between packages",
              Rules.NO_CYCLES,
              List.of(List.of(KnowsTheTransport.class, UsedByTheProtocol.class))),
          rule("what decides does no IO", Rules.PURE_WITHOUT_IO, OpensSockets.class, Logs.class),
          rule(
              "only the configuration's text is read from a Reader",
              Rules.ONLY_THE_CONFIG_FORMAT_READS_PROPERTIES,
              ReadsReaders.class),
          rule("what decides knows no thread", Rules.PURE_WITHOUT_THREADS, Waits.class),
          rule(
              "what decides reads no clock",
              Rules.PURE_WITHOUT_TIME,
              AsksTheClock.class,
              AsksForTheInstant.class),
          rule("what decides draws no random number", Rules.PURE_WITHOUT_CHANCE, DrawsLots.class),
          rule(
              "only the shell starts threads",
              Rules.THREADS_ONLY_IN_THE_SHELL,
              StartsThreads.class,
              StartsWithAnExecutor.class),
          rule(
              "examples see what is exported",
              Rules.EXAMPLES_USE_WHAT_IS_EXPORTED,
              SeesTheInside.class),
          rule("the library does not print", Rules.LIBRARY_DOES_NOT_PRINT, Prints.class),
          rule(
              "the library needs a logging API and nothing else",
              Rules.LIBRARY_NEEDS_NOTHING_BUT_A_LOGGING_API,
              NeedsALibrary.class));

  private RulesAndExamples() {}

  /** A rule that each of these classes breaks alone. */
  private static Rule rule(String name, ArchRule rule, Class<?>... examples) {
    List<List<Class<?>>> alone = List.of(examples).stream().<List<Class<?>>>map(List::of).toList();
    return new Rule(name, rule, alone);
  }
}
