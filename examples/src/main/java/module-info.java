import ch.qos.logback.classic.spi.Configurator;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.examples.bully.BullyProvider;
import io.quorate.examples.cli.StandardErrorLog;

/**
 * The {@code quorate} command, and worked examples: an election of another kind, and a task of
 * which one runs at a time. It sees nothing of the library but what is exported, as any user does.
 */
@org.jspecify.annotations.NullMarked
module io.quorate.examples {
  requires io.quorate.election;
  requires io.quorate.testkit;
  requires info.picocli;
  requires com.fasterxml.jackson.core;
  requires org.slf4j;
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;

  // The command line is read into annotated fields.
  opens io.quorate.examples to
      info.picocli;
  opens io.quorate.examples.cli to
      info.picocli;
  opens io.quorate.examples.demo to
      info.picocli;
  opens io.quorate.examples.node to
      info.picocli;
  opens io.quorate.examples.probe to
      info.picocli;
  opens io.quorate.examples.simulate to
      info.picocli;
  opens io.quorate.examples.singleton to
      info.picocli;

  provides ElectionProvider with
      BullyProvider;
  provides Configurator with
      StandardErrorLog;
}
