package io.quorate.examples.node;

import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.PromiseConfig;
import io.quorate.examples.cli.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What {@code quorate node} was asked for. Immutable; made from names and values, whether they
 * stood on the command line or in a file.
 *
 * @param config what to start
 * @param json whether events are written as JSON
 * @param reportValidity how often a leader says that it still leads; empty: never
 */
record NodeSettings(LeaderElectionConfig config, boolean json, Optional<Duration> reportValidity) {

  static final String JSON = "json";
  static final String REPORT_VALIDITY = "report-validity";

  /** The longest time between two reports. */
  static final Duration MAX_REPORT_VALIDITY = Duration.ofMinutes(10);

  /**
   * Reads the values by their names: those of {@link LeaderElectionConfig#fromOptions}, and our
   * own.
   *
   * @throws IllegalArgumentException with one line that names the value if one is missing, unknown
   *     or wrong, or if the whole makes no sense
   */
  static NodeSettings of(Map<String, String> values) {
    var rest = new HashMap<>(values);
    boolean json = take(rest, JSON, NodeSettings::parseBoolean).orElse(false);
    Optional<Duration> reportValidity =
        take(rest, REPORT_VALIDITY, text -> Durations.parse(text, MAX_REPORT_VALIDITY));
    LeaderElectionConfig config = LeaderElectionConfig.fromOptions(rest).build();
    if (reportValidity.isPresent() && config.promise().flatMap(PromiseConfig::store).isEmpty()) {
      throw new IllegalArgumentException(
          REPORT_VALIDITY + ": an observer, or a server with an election only, is granted nothing");
    }
    return new NodeSettings(config, json, reportValidity);
  }

  private static <T> Optional<T> take(
      Map<String, String> values, String name, Function<String, T> parser) {
    String text = values.remove(name);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text.strip()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }
}
