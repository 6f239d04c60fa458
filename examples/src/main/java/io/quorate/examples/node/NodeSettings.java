package io.quorate.examples.node;

import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.spi.ElectionProvider;
import io.quorate.examples.cli.Addresses;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What {@code quorate node} was asked for. Immutable; made from names and values, whether they
 * stood on the command line or in a file.
 *
 * @param id who we are
 * @param ensemble all members
 * @param bind where to listen, if not at our own member's addresses
 * @param data where durable state will be kept
 * @param algorithm the name of the kind of election
 * @param electionOnly whether the user knows that there is no epoch promise
 * @param json whether events are written as JSON
 */
record NodeSettings(
    ServerId id,
    EnsembleConfig ensemble,
    Optional<HostPort> bind,
    Optional<Path> data,
    String algorithm,
    boolean electionOnly,
    boolean json) {

  static final String ID = "id";
  static final String MEMBERS = "members";
  static final String OBSERVERS = "observers";
  static final String BIND = "bind";
  static final String DATA = "data";
  static final String ALGORITHM = "algorithm";
  static final String ELECTION_ONLY = "election-only";
  static final String JSON = "json";

  private static final List<String> NAMES =
      List.of(ID, MEMBERS, OBSERVERS, BIND, DATA, ALGORITHM, ELECTION_ONLY, JSON);
  private static final String DEFAULT_ALGORITHM = "fast";

  /**
   * Reads the values by their names.
   *
   * @throws IllegalArgumentException with one line that names the value if one is missing, unknown
   *     or wrong
   */
  static NodeSettings of(Map<String, String> values) {
    for (String name : new TreeSet<>(values.keySet())) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("'" + name + "' is unknown; there are " + NAMES);
      }
    }
    ServerId id = required(values, ID, Addresses::parseId);
    List<Member> voters =
        required(values, MEMBERS, text -> Addresses.parseMembers(text, Member.Role.PARTICIPANT));
    List<Member> observers =
        optional(values, OBSERVERS, text -> Addresses.parseMembers(text, Member.Role.OBSERVER))
            .orElse(List.of());
    EnsembleConfig ensemble = ensemble(voters, observers);
    if (!ensemble.members().containsKey(id)) {
      throw new IllegalArgumentException(
          "id: " + id + " is neither among the members nor among the observers");
    }
    return new NodeSettings(
        id,
        ensemble,
        optional(values, BIND, Addresses::parse),
        optional(values, DATA, NodeSettings::parsePath),
        optional(values, ALGORITHM, Function.identity()).orElse(DEFAULT_ALGORITHM),
        optional(values, ELECTION_ONLY, NodeSettings::parseBoolean).orElse(false),
        optional(values, JSON, NodeSettings::parseBoolean).orElse(false));
  }

  /**
   * Returns what to start.
   *
   * @throws IllegalArgumentException with one line if the algorithm is unknown or the whole makes
   *     no sense
   */
  LeaderElectionConfig toConfig() {
    LeaderElectionConfig.Builder builder =
        LeaderElectionConfig.builder(id)
            .ensemble(ensemble)
            .algorithm(ElectionProvider.named(algorithm));
    bind.ifPresent(address -> builder.bind(List.of(address)));
    return builder.build();
  }

  private static EnsembleConfig ensemble(List<Member> voters, List<Member> observers) {
    var members = new ArrayList<Member>(voters);
    members.addAll(observers);
    return EnsembleConfig.majority(members);
  }

  private static <T> T required(
      Map<String, String> values, String name, Function<String, T> parser) {
    return optional(values, name, parser)
        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is missing"));
  }

  private static <T> Optional<T> optional(
      Map<String, String> values, String name, Function<String, T> parser) {
    String text = values.get(name);
    if (text == null) {
      return Optional.empty();
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException("'" + name + "' is empty");
    }
    try {
      return Optional.of(parser.apply(text.strip()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static Path parsePath(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is no path", e);
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
