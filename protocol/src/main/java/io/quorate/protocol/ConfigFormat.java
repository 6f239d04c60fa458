package io.quorate.protocol;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes and reads the text of a configuration.
 *
 * <pre>
 *   server.SID=SPEC \n          one a member, in the order of ids
 *   group.GID=SID:SID... \n     hierarchical only, in the order of groups
 *   weight.SID=W \n             hierarchical only, in the order of ids
 *   version=HEX                 no newline
 *
 *   SPEC = HOST:QUORUM:ELECTION { | HOST:QUORUM:ELECTION } :ROLE [ ;CLIENT ] [ ;SECURE ]
 * </pre>
 *
 * Reading follows the rules of {@link Properties} and takes lines in any order. The records check
 * what they hold; inside this class their IllegalArgumentException is how a text is refused, and no
 * message of it quotes the text.
 */
final class ConfigFormat {

  /**
   * Ends of lines, CR and LF each: four a member are its own, its group's, its weight's, a spare.
   */
  private static final int MAX_LINES = 4 * EnsembleConfig.MAX_MEMBERS;

  private static final String SERVER = "server.";
  private static final String GROUP = "group.";
  private static final String WEIGHT = "weight.";
  private static final String VERSION = "version";

  /** The client's host where a spec tells the port only, as ZooKeeper understands it. */
  private static final String ANY_HOST = "0.0.0.0";

  private ConfigFormat() {}

  static String format(EnsembleConfig config) {
    var text = new StringBuilder();
    for (Member member : config.members().values()) {
      text.append(SERVER).append(member.id()).append('=');
      appendSpec(text, member);
      text.append('\n');
    }
    config.hierarchy().ifPresent(hierarchy -> appendHierarchy(text, hierarchy));
    return text.append(VERSION).append('=').append(Long.toHexString(config.version())).toString();
  }

  static void appendHierarchy(StringBuilder text, EnsembleConfig.Hierarchy hierarchy) {
    hierarchy
        .groups()
        .forEach(
            (group, ids) -> {
              text.append(GROUP).append(group).append('=');
              text.append(String.join(":", ids.stream().map(ServerId::toString).toList()));
              text.append('\n');
            });
    hierarchy
        .weights()
        .forEach((id, weight) -> text.append(WEIGHT + id + "=").append(weight).append('\n'));
  }

  private static void appendSpec(StringBuilder text, Member member) {
    String separator = "";
    for (Member.Address address : member.addresses()) {
      text.append(separator).append(HostPort.bracketed(address.host()));
      text.append(':').append(address.quorumPort()).append(':').append(address.electionPort());
      separator = "|";
    }
    text.append(
        switch (member.role()) {
          case PARTICIPANT -> ":participant";
          case OBSERVER -> ":observer";
        });
    if (member.client().isPresent() || member.secureClient().isPresent()) {
      text.append(';');
      member.client().ifPresent(text::append);
    }
    member.secureClient().ifPresent(secure -> text.append(';').append(secure));
  }

  static Decoded<EnsembleConfig> parse(String text) {
    // Before the properties are made: a line costs more memory than its bytes.
    if (text.chars().filter(c -> c == '\n' || c == '\r').count() > MAX_LINES) {
      return new Decoded.Malformed<>("a config text has at most " + MAX_LINES + " lines");
    }
    try {
      return new Decoded.Ok<>(parseProperties(load(text)));
    } catch (IllegalArgumentException e) {
      return new Decoded.Malformed<>(
          Objects.requireNonNullElse(e.getMessage(), "a config text is malformed"));
    }
  }

  /** Sorted, so that of several faults it is always the same one that is told. */
  private static Map<String, String> load(String text) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory never fails", e);
    }
    var sorted = new TreeMap<String, String>();
    for (String key : properties.stringPropertyNames()) {
      sorted.put(key, properties.getProperty(key, "").strip());
    }
    return sorted;
  }

  private static EnsembleConfig parseProperties(Map<String, String> properties) {
    var members = new ArrayList<Member>();
    var groups = new TreeMap<Long, Set<ServerId>>();
    var weights = new TreeMap<ServerId, Long>();
    long version = 0;
    for (var entry : properties.entrySet()) {
      String key = entry.getKey();
      String value = entry.getValue();
      if (key.startsWith(SERVER)) {
        members.add(parseSpec(idAfter(SERVER, key), value));
      } else if (key.startsWith(GROUP)) {
        long group = number(key.substring(GROUP.length()), Long.MAX_VALUE, "a group");
        refuseIf(groups.put(group, parseIds(value)) != null, "a group is there twice");
      } else if (key.startsWith(WEIGHT)) {
        long weight = number(value, EnsembleConfig.MAX_WEIGHT, "a weight");
        refuseIf(weights.put(idAfter(WEIGHT, key), weight) != null, "a weight is there twice");
      } else {
        refuseIf(!key.equals(VERSION), "a config text has a key that none has");
        version = Numbers.parseHex(value);
        refuseIf(version < 0, "a version is a hexadecimal number that fits a signed long");
      }
    }
    Optional<EnsembleConfig.Hierarchy> hierarchy =
        groups.isEmpty() && weights.isEmpty()
            ? Optional.empty()
            : Optional.of(new EnsembleConfig.Hierarchy(groups, weights));
    return new EnsembleConfig(EnsembleConfig.byId(members), hierarchy, version);
  }

  private static ServerId idAfter(String prefix, String key) {
    return ServerId.of(number(key.substring(prefix.length()), Long.MAX_VALUE, "a server id"));
  }

  private static Set<ServerId> parseIds(String value) {
    var ids = new TreeSet<ServerId>();
    for (String id : split(value, ':', EnsembleConfig.MAX_MEMBERS)) {
      boolean added = ids.add(ServerId.of(number(id.strip(), Long.MAX_VALUE, "a server id")));
      refuseIf(!added, "an id is twice in a group");
    }
    return ids;
  }

  private static Member parseSpec(ServerId id, String spec) {
    List<String> parts = split(spec, ';', 3);
    var addresses = new ArrayList<Member.Address>();
    Optional<Member.Role> role = Optional.empty();
    for (String part : split(parts.get(0), '|', Member.MAX_ADDRESSES)) {
      Spec one = parseAddress(part);
      addresses.add(one.address());
      refuseIf(
          role.isPresent() && one.role().isPresent() && !role.equals(one.role()),
          "the addresses of a server name different roles");
      role = role.or(one::role);
    }
    return new Member(
        id,
        addresses,
        role.orElse(Member.Role.PARTICIPANT),
        parts.size() > 1 ? parseClient(parts.get(1)) : Optional.empty(),
        parts.size() > 2 ? parseClient(parts.get(2)) : Optional.empty());
  }

  private record Spec(Member.Address address, Optional<Member.Role> role) {}

  private static Spec parseAddress(String text) {
    boolean bracketed = text.startsWith("[");
    int hostEnd = text.indexOf(bracketed ? "]:" : ":");
    refuseIf(hostEnd < 0, "a server's spec is host:port:port");
    String host = text.substring(bracketed ? 1 : 0, hostEnd);
    refuseIf(bracketed && host.indexOf(':') < 0, "brackets stand around an IPv6 literal only");
    List<String> rest = split(text.substring(hostEnd + (bracketed ? 2 : 1)), ':', 3);
    refuseIf(rest.size() < 2, "a server's spec is host:port:port");
    var address = new Member.Address(host, port(rest.get(0)), port(rest.get(1)));
    return new Spec(
        address, rest.size() == 3 ? Optional.of(parseRole(rest.get(2))) : Optional.empty());
  }

  private static Member.Role parseRole(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "participant" -> Member.Role.PARTICIPANT;
      case "observer" -> Member.Role.OBSERVER;
      default -> throw new IllegalArgumentException("a role is participant or observer");
    };
  }

  private static Optional<HostPort> parseClient(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String address = text.indexOf(':') < 0 ? ANY_HOST + ":" + text : text;
    return switch (HostPort.parse(address)) {
      case Decoded.Ok<HostPort>(HostPort client) -> Optional.of(client);
      case Decoded.Malformed<HostPort>(String reason) -> throw new IllegalArgumentException(reason);
    };
  }

  /** Splits without a regular expression, and never into more parts than can be meant. */
  private static List<String> split(String text, char separator, int most) {
    var parts = new ArrayList<String>();
    int from = 0;
    for (int to = text.indexOf(separator); to >= 0; to = text.indexOf(separator, from)) {
      parts.add(text.substring(from, to));
      refuseIf(parts.size() >= most, "a config text has a list of more than " + most);
      from = to + 1;
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static int port(String text) {
    return (int) number(text, HostPort.MAX_PORT, "a port");
  }

  private static long number(String text, long max, String what) {
    long number = Numbers.parseDecimal(text, max);
    refuseIf(number < 0, what + " is a number within 0.." + max);
    return number;
  }

  private static void refuseIf(boolean refused, String reason) {
    if (refused) {
      throw new IllegalArgumentException(reason);
    }
  }
}
