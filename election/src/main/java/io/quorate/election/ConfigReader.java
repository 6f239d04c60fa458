package io.quorate.election;

import io.quorate.election.spi.ElectionProvider;
import io.quorate.election.spi.EpochStoreProvider;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Member;
import io.quorate.transport.spi.TransportProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns names and values into a configuration. Takes them from one source after the other, a later
 * one wins. Every error is an IllegalArgumentException with one line, in which a name is spelled as
 * its source spells it.
 */
final class ConfigReader {
  private static final String PROPERTY_PREFIX = "quorate.";
  private static final String VARIABLE_PREFIX = "QUORATE_";

  /**
   * Variables that are not ours although they begin like them: the launcher's, and what a container
   * platform tells about a service whose name begins like ours.
   */
  private static final Pattern FOREIGN_VARIABLE =
      Pattern.compile("QUORATE_(JAVA_OPTS|(.*_)?(SERVICE_HOST|SERVICE_PORT|PORT)(_.*)?)");

  /** Names that differ by more are not taken for one another. */
  private static final int MOST_MISSPELLED = 2;

  private static final String ID = "id";
  private static final String MEMBERS = "members";
  private static final String OBSERVERS = "observers";
  private static final String BIND = "bind";
  private static final String ADVERTISE = "advertise";
  private static final String DATA = "data";
  private static final String STORE = "store";
  private static final String ELECTION_ONLY = "election-only";
  private static final String PRESET = "preset";
  private static final String LEASE = "lease";
  private static final String HEARTBEAT = "heartbeat";
  private static final String SUSPECT_AFTER = "suspect-after";
  private static final String DRIFT = "drift";
  private static final String FAST_FAILOVER = "fast-failover";
  private static final String WITNESS = "witness";
  private static final String PRIORITY = "priority";
  private static final String ENSEMBLE = "ensemble";
  private static final String ALGORITHM = "algorithm";
  private static final String TRANSPORT = "transport";

  /** All names, in the order in which they are told. */
  static final List<String> NAMES =
      List.of(
          ID,
          MEMBERS,
          OBSERVERS,
          BIND,
          ADVERTISE,
          DATA,
          STORE,
          ELECTION_ONLY,
          PRESET,
          LEASE,
          HEARTBEAT,
          SUSPECT_AFTER,
          DRIFT,
          FAST_FAILOVER,
          WITNESS,
          PRIORITY,
          ENSEMBLE,
          ALGORITHM,
          TRANSPORT);

  /** A value and the name under which it was given. */
  private record Setting(String spelled, String text) {}

  private final Map<String, Setting> settings = new HashMap<>();
  private final List<UnaryOperator<String>> spellings = new ArrayList<>();

  ConfigReader options(Map<String, String> options) {
    return take(options, UnaryOperator.identity());
  }

  ConfigReader properties(Properties properties) {
    var ours = new HashMap<String, String>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PROPERTY_PREFIX)) {
        ours.put(name, properties.getProperty(name));
      }
    }
    for (Map.Entry<Object, Object> entry : properties.entrySet()) {
      if (entry.getKey() instanceof String name
          && name.startsWith(PROPERTY_PREFIX)
          && !(entry.getValue() instanceof String)) {
        throw new IllegalArgumentException(ConfigValues.quoted(name) + ": the value is no text");
      }
    }
    return take(ours, name -> PROPERTY_PREFIX + name);
  }

  ConfigReader environment(Map<String, String> environment) {
    var ours = new HashMap<>(environment);
    ours.keySet()
        .removeIf(
            name -> !name.startsWith(VARIABLE_PREFIX) || FOREIGN_VARIABLE.matcher(name).matches());
    return take(ours, name -> VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private ConfigReader take(Map<String, String> values, UnaryOperator<String> spelling) {
    spellings.add(spelling);
    var known = new LinkedHashMap<String, String>();
    NAMES.forEach(name -> known.put(spelling.apply(name), name));
    values.forEach(
        (spelled, text) -> {
          String name = known.get(spelled);
          if (name == null) {
            throw unknown(spelled, known.keySet());
          }
          if (text.isBlank()) {
            throw new IllegalArgumentException(spelled + " is empty");
          }
          settings.put(name, new Setting(spelled, text.strip()));
        });
    return this;
  }

  private static IllegalArgumentException unknown(String name, Collection<String> known) {
    String hint =
        ConfigValues.nearest(name, known, MOST_MISSPELLED)
            .map(near -> "did you mean " + near + "?")
            .orElse("there are " + String.join(", ", known));
    return new IllegalArgumentException(ConfigValues.quoted(name) + " is unknown; " + hint);
  }

  LeaderElectionConfig.Builder builder() {
    var builder = LeaderElectionConfig.builder(required(ID, ConfigValues::id));
    builder.ensemble(ensemble());
    with(BIND, ConfigValues::addresses, builder::bind);
    with(ADVERTISE, ConfigValues::addresses, builder::advertise);
    with(DATA, ConfigValues::path, builder::data);
    with(STORE, EpochStoreProvider::named, builder::epochStore);
    ifSaid(ELECTION_ONLY, builder::electionOnly);
    durations(builder);
    ifSaid(FAST_FAILOVER, builder::fastFailover);
    if (ifSaid(WITNESS, builder::witness) && settings.containsKey(PRIORITY)) {
      throw new IllegalArgumentException(
          spelled(WITNESS)
              + " and "
              + spelled(PRIORITY)
              + " say the same or contradict each other");
    }
    with(PRIORITY, ConfigValues::priority, builder::priority);
    with(ENSEMBLE, Function.identity(), builder::ensembleName);
    with(ALGORITHM, ElectionProvider::named, builder::algorithm);
    with(TRANSPORT, TransportProvider::named, builder::transport);
    return builder;
  }

  private EnsembleConfig ensemble() {
    var members =
        new ArrayList<Member>(
            required(MEMBERS, text -> ConfigValues.members(text, Member.Role.PARTICIPANT)));
    with(OBSERVERS, text -> ConfigValues.members(text, Member.Role.OBSERVER), members::addAll);
    return EnsembleConfig.majority(members);
  }

  private void durations(LeaderElectionConfig.Builder builder) {
    boolean wan = optional(PRESET, ConfigValues::isWan).orElse(false);
    LeaseTimings preset = wan ? LeaseTimings.wan() : LeaseTimings.lan();
    if (wan) {
      builder.wan();
    }
    if (settings.keySet().stream()
        .anyMatch(List.of(LEASE, HEARTBEAT, SUSPECT_AFTER, DRIFT)::contains)) {
      builder.lease(
          new LeaseTimings(
              optional(LEASE, ConfigValues::duration).orElse(preset.lease()),
              optional(HEARTBEAT, ConfigValues::duration).orElse(preset.heartbeat()),
              optional(SUSPECT_AFTER, ConfigValues::duration).orElse(preset.suspectAfter()),
              optional(DRIFT, ConfigValues::fraction).orElse(preset.drift())));
    }
  }

  /** Returns whether it was said. */
  private boolean ifSaid(String name, Runnable then) {
    boolean said = optional(name, ConfigValues::bool).orElse(false);
    if (said) {
      then.run();
    }
    return said;
  }

  private <T> void with(String name, Function<String, T> parser, Consumer<? super T> then) {
    optional(name, parser).ifPresent(then);
  }

  private <T> T required(String name, Function<String, T> parser) {
    return optional(name, parser)
        .orElseThrow(() -> new IllegalArgumentException(spelled(name) + " is missing"));
  }

  private <T> Optional<T> optional(String name, Function<String, T> parser) {
    Setting setting = settings.get(name);
    if (setting == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(setting.text()));
    } catch (IllegalArgumentException e) {
      // A provider's message quotes the name as it is.
      String reason = ConfigValues.oneLine(String.valueOf(e.getMessage()));
      throw new IllegalArgumentException(setting.spelled() + ": " + reason, e);
    }
  }

  private String spelled(String name) {
    Setting setting = settings.get(name);
    return setting != null
        ? setting.spelled()
        : spellings.stream()
            .map(spelling -> spelling.apply(name))
            .collect(Collectors.joining(" or "));
  }
}
