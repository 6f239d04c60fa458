package io.quorate.election;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the values of a configuration. What cannot be read is an IllegalArgumentException with one
 * line.
 */
final class ConfigValues {

  /** How much of a wrong value is shown, in characters. */
  private static final int MOST_SHOWN = 100;

  private static final String OBSERVER = "observer";
  private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern FRACTION = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  /** Controls, those beyond ASCII too, and the separators of lines and paragraphs. */
  private static final Pattern LINE_BREAKERS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  private ConfigValues() {}

  /** Returns the text in quotes, fit for one line of a message. */
  static String quoted(String text) {
    boolean cut = text.length() > MOST_SHOWN;
    String shown = cut ? text.substring(0, MOST_SHOWN) + "..." : text;
    return "'" + oneLine(shown) + "'";
  }

  /** Returns the text without what could end a line, or take over a terminal. */
  static String oneLine(String text) {
    return LINE_BREAKERS.matcher(text).replaceAll(" ");
  }

  static ServerId id(String text) {
    return text.equals(OBSERVER) ? ServerId.OBSERVER : memberId(text);
  }

  private static ServerId memberId(String text) {
    try {
      ServerId id = ServerId.of(Long.parseLong(text));
      if (id.isMember()) {
        return id;
      }
    } catch (NumberFormatException _) {
      // Falls through: a number out of range and no number are told alike.
    }
    throw new IllegalArgumentException(
        quoted(text) + " is not a server id, a number from 0 to " + (Long.MAX_VALUE - 1));
  }

  /** Reads {@code 1=host:port,2=host:port|host:port}. */
  static List<Member> members(String text, Member.Role role) {
    var members = new ArrayList<Member>();
    for (String entry : text.split(",", -1)) {
      int equals = entry.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            quoted(entry) + " is not id=host:port or id=host:port|host:port");
      }
      members.add(
          Member.of(
              memberId(entry.substring(0, equals).strip()),
              role,
              addresses(entry.substring(equals + 1))));
    }
    return List.copyOf(members);
  }

  /** Reads {@code host:port|host:port}. */
  static List<HostPort> addresses(String text) {
    var addresses = new ArrayList<HostPort>();
    for (String address : text.split("\\|", -1)) {
      switch (HostPort.parse(address.strip())) {
        case Decoded.Ok<HostPort>(HostPort good) -> addresses.add(good);
        case Decoded.Malformed<HostPort>(String reason) ->
            throw new IllegalArgumentException(quoted(address) + ": " + reason);
      }
    }
    return addresses;
  }

  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(quoted(text) + " is no path", e);
    }
  }

  /** Reads {@code 1200ms}, {@code 1s}, {@code 5m}, {@code 1h} or ISO-8601. */
  static Duration duration(String text) {
    Matcher matcher = SHORT_DURATION.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        default -> Duration.ofHours(number);
      };
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          quoted(text) + " is no duration such as 1200ms, 1s, 5m, 1h or PT1.2S", e);
    }
  }

  static double fraction(String text) {
    if (!FRACTION.matcher(text).matches()) {
      throw new IllegalArgumentException(quoted(text) + " is no fraction such as 0.01");
    }
    return Double.parseDouble(text);
  }

  static int priority(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          quoted(text) + " is not a number from 0 to " + Integer.MAX_VALUE, e);
    }
  }

  static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(quoted(text) + " is neither true nor false");
    };
  }

  static boolean isWan(String preset) {
    return switch (preset) {
      case "wan" -> true;
      case "lan" -> false;
      default -> throw new IllegalArgumentException(quoted(preset) + " is neither lan nor wan");
    };
  }

  /** Returns which of the known names is the given one but for a few letters. */
  static Optional<String> nearest(String name, Collection<String> known, int mostLetters) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .filter(candidate -> distance(name, candidate) <= mostLetters);
  }

  /** How many letters must be added, left out or replaced to make one of the other. */
  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int column = 0; column < above.length; column++) {
      above[column] = column;
    }
    for (int row = 1; row <= one.length(); row++) {
      int[] line = new int[above.length];
      line[0] = row;
      for (int column = 1; column < line.length; column++) {
        int replaced =
            above[column - 1] + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
        line[column] = Math.min(replaced, 1 + Math.min(above[column], line[column - 1]));
      }
      above = line;
    }
    return above[other.length()];
  }
}
