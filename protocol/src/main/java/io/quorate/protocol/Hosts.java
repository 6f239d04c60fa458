package io.quorate.protocol;

import java.util.Optional;

/** The rules for host names and literals, by their text alone: nothing here looks a name up. */
final class Hosts {

  /** The longest host in UTF-16 units: a DNS name with its final dot, or a literal with a scope. */
  static final int MAX_LENGTH = 255;

  private static final int IPV6_GROUPS = 8;
  private static final int IPV4_PARTS = 4;

  /** Characters with a meaning in a configuration text, an initial message or a property file. */
  private static final String RESERVED = "|;[]=\\/,#!\"'";

  private Hosts() {}

  /**
   * Tells what is wrong with a host.
   *
   * @return the reason, without the host in it; empty for a legal host
   */
  static Optional<String> problem(String host) {
    if (host.isEmpty()) {
      return Optional.of("an address needs a host");
    }
    if (host.length() > MAX_LENGTH) {
      return Optional.of("a host has at most " + MAX_LENGTH + " characters");
    }
    if (!host.codePoints().allMatch(Hosts::isLegal)) {
      return Optional.of("a host has a character that no host can have");
    }
    if (host.indexOf(':') >= 0 && ipv6Groups(host).isEmpty()) {
      return Optional.of("a host has a colon and is no IPv6 literal");
    }
    return Optional.empty();
  }

  private static boolean isLegal(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> RESERVED.indexOf(codePoint) < 0;
    };
  }

  /** Tells whether a host is a literal of the address that stands for every local one. */
  static boolean isWildcard(String host) {
    if (host.indexOf(':') < 0) {
      return isIpv4Zero(host);
    }
    Optional<int[]> parsed = ipv6Groups(host);
    if (parsed.isEmpty()) {
      return false;
    }
    int[] groups = parsed.get();
    for (int i = 0; i < IPV6_GROUPS; i++) {
      // ::ffff:0.0.0.0 is the IPv4 wildcard in an IPv6 coat, and is bound as such.
      boolean mapped = i == 5 && groups[i] == 0xffff;
      if (groups[i] != 0 && !mapped) {
        return false;
      }
    }
    return true;
  }

  /** One to four parts, since resolvers take 0 and 0.0 for 0.0.0.0 too. */
  private static boolean isIpv4Zero(String host) {
    String[] parts = host.split("\\.", IPV4_PARTS + 1);
    if (parts.length > IPV4_PARTS) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty() || !part.chars().allMatch(c -> c == '0')) {
        return false;
      }
    }
    return true;
  }

  /** Returns the eight groups of an IPv6 literal, whose scope is not looked at. */
  private static Optional<int[]> ipv6Groups(String host) {
    int scope = host.indexOf('%');
    if (scope == host.length() - 1) {
      return Optional.empty();
    }
    String literal = scope < 0 ? host : host.substring(0, scope);
    int gap = literal.indexOf("::");
    var groups = new int[IPV6_GROUPS];
    if (gap < 0) {
      return fill(groups, literal, true) == IPV6_GROUPS ? Optional.of(groups) : Optional.empty();
    }
    int head = fill(groups, literal.substring(0, gap), false);
    var tail = new int[IPV6_GROUPS];
    int tailLength = fill(tail, literal.substring(gap + 2), true);
    // The gap stands for one group of zeros at least.
    if (head < 0 || tailLength < 0 || head + tailLength >= IPV6_GROUPS) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, groups, IPV6_GROUPS - tailLength, tailLength);
    return Optional.of(groups);
  }

  /**
   * Parses groups between single colons; returns how many there are, or -1. Only the last two of a
   * literal can be written as an IPv4 address.
   */
  private static int fill(int[] into, String text, boolean last) {
    if (text.isEmpty()) {
      return 0;
    }
    int count = 0;
    String[] parts = text.split(":", IPV6_GROUPS + 1);
    for (int i = 0; i < parts.length; i++) {
      boolean dotted = last && i == parts.length - 1 && parts[i].indexOf('.') >= 0;
      int needed = dotted ? 2 : 1;
      if (count + needed > IPV6_GROUPS) {
        return -1;
      }
      long value = dotted ? ipv4Value(parts[i]) : hexGroup(parts[i]);
      if (value < 0) {
        return -1;
      }
      if (dotted) {
        into[count++] = (int) (value >> 16);
      }
      into[count++] = (int) (value & 0xffff);
    }
    return count;
  }

  private static long hexGroup(String text) {
    boolean hex = !text.isEmpty() && text.length() <= 4 && text.chars().allMatch(Hosts::isHex);
    return hex ? Integer.parseInt(text, 16) : -1;
  }

  private static boolean isHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static long ipv4Value(String text) {
    String[] parts = text.split("\\.", IPV4_PARTS + 1);
    if (parts.length != IPV4_PARTS) {
      return -1;
    }
    long value = 0;
    for (String part : parts) {
      long octet = Numbers.parseDecimal(part, 255);
      if (octet < 0) {
        return -1;
      }
      value = (value << 8) | octet;
    }
    return value;
  }
}
