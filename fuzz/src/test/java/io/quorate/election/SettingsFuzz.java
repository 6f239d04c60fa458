package io.quorate.election;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.quorate.election.spi.EpochStoreProvider;
import io.quorate.fuzz.Expect;
import io.quorate.fuzz.Seeds;
import io.quorate.protocol.Hello;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A file of properties that a user wrote, or environment variables of the same content. */
final class SettingsFuzz {

  static Stream<byte[]> seeds() {
    return Seeds.utf8(
        """
        quorate.id=1
        quorate.members=1=a:1|b:1, 2=[::1]:2,3=c:3
        quorate.data=/var/quorate
        """,
        """
        quorate.id=2
        quorate.members=1=a:1,2=b:2,3=c:3
        quorate.observers=4=d:4,5=e:5
        quorate.bind=0.0.0.0:7|[::]:7
        quorate.advertise=outside:7
        quorate.store=memory
        quorate.preset=wan
        quorate.lease=2s
        quorate.heartbeat=500ms
        quorate.suspect-after=PT3S
        quorate.drift=0.02
        quorate.fast-failover=true
        quorate.priority=7
        quorate.ensemble=orders
        quorate.algorithm=fast
        quorate.transport=memory
        """,
        """
        quorate.id=observer
        quorate.members=1=a:1
        quorate.bind=h:1
        quorate.election-only=true
        other.name=x
        """,
        """
        quorate.id=1
        quorate.members=1=a:1
        quorate.store=memory
        quorate.witness=true
        quorate.ensemble=\\u00fc\\u2028
        quorate.leese=1s
        """);
  }

  @MethodSource("seeds")
  @FuzzTest
  void settingsMakeAConfigurationOrAreRefusedInOneLine(byte[] input) throws IOException {
    var properties = new Properties();
    try {
      properties.load(new ByteArrayInputStream(input));
    } catch (IllegalArgumentException _) {
      return; // No file of properties: a \\u without four digits.
    }
    check(() -> LeaderElectionConfig.fromProperties(properties));
    var variables = variables(properties);
    check(() -> LeaderElectionConfig.fromEnvironment(variables));
    check(() -> LeaderElectionConfig.fromProperties(properties, variables));
  }

  private static Map<String, String> variables(Properties properties) {
    var variables = new HashMap<String, String>();
    for (String name : properties.stringPropertyNames()) {
      String spelled = name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
      variables.put(spelled, properties.getProperty(name));
    }
    return variables;
  }

  private static void check(Supplier<LeaderElectionConfig.Builder> source) {
    LeaderElectionConfig config;
    try {
      config = source.get().build();
    } catch (IllegalArgumentException e) {
      Expect.oneLine(String.valueOf(e.getMessage()));
      return;
    }
    // What is accepted now must not be refused once the server runs.
    assertEquals(config.self(), config.transportConfig().self());
    var hello =
        new Hello(
            Hello.CURRENT_PROTOCOL_VERSION,
            config.ensembleName(),
            config.ensemble().digest(),
            config.priority(),
            0);
    var place =
        new EpochStoreProvider.Place(config.self(), config.ensembleName(), Optional.empty());
    assertEquals(hello.ensembleName(), place.ensembleName());
  }
}
