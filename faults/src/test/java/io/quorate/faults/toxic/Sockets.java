package io.quorate.faults.toxic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The TCP connections of this machine's network, whoever has them: servers and proxies alike. Only
 * Linux tells.
 */
final class Sockets {

  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  /**
   * The line's number, two addresses that end with a port, and the state; all but the first
   * hexadecimal.
   */
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*\\d+: \\p{XDigit}+:(\\p{XDigit}{4}) \\p{XDigit}+:(\\p{XDigit}{4}) (\\p{XDigit}{2})"
              + " .*");

  private static final int TIME_WAIT = 0x06;
  private static final int LISTEN = 0x0A;

  private Sockets() {}

  /**
   * One end of a connection.
   *
   * @param local its port
   * @param remote the other end's
   */
  record End(int local, int remote) {}

  static boolean areTold() {
    return TABLES.stream().allMatch(Files::isReadable);
  }

  /** Returns the ends that somebody still holds, or the kernel for somebody. */
  static List<End> ends() {
    return TABLES.stream().flatMap(Sockets::lines).flatMap(line -> end(line).stream()).toList();
  }

  /** Returns what a line tells; nothing for a title, a listener, or what is only remembered. */
  static Optional<End> end(String line) {
    Matcher told = LINE.matcher(line);
    if (!told.matches()) {
      return Optional.empty();
    }
    int state = number(told, 3);
    return state == TIME_WAIT || state == LISTEN
        ? Optional.empty()
        : Optional.of(new End(number(told, 1), number(told, 2)));
  }

  private static int number(Matcher told, int group) {
    return Integer.parseInt(told.group(group), 16);
  }

  private static Stream<String> lines(Path table) {
    try {
      return Files.readAllLines(table).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what the open descriptors of this process that begin with one of these stand for. */
  static List<String> descriptors(String... beginnings) {
    var found = new ArrayList<String>();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : open.toList()) {
        String target = target(descriptor);
        if (Stream.of(beginnings).anyMatch(target::startsWith)) {
          found.add(target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static String target(Path descriptor) {
    try {
      return Objects.toString(Files.readSymbolicLink(descriptor));
    } catch (IOException _) {
      return ""; // Closed meanwhile.
    }
  }
}
