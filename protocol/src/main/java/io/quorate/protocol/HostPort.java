package io.quorate.protocol;

import java.util.Optional;

/**
 * An address as text: a host name or literal, never resolved here, and a port. Immutable.
 *
 * @param host the host as configured, at most 255 characters, IPv6 literals without brackets, with
 *     their scope if they have one
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {

  static final int MAX_PORT = 65535;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if no host can be written like this, or the port is out of
   *     range
   */
  public HostPort {
    checkHost(host);
    checkPort(port);
  }

  /**
   * Parses {@code host:port} or {@code [ipv6]:port}. Looks nothing up.
   *
   * @param text what a user or a peer wrote
   * @return the address, or what is wrong with the text
   */
  public static Decoded<HostPort> parse(String text) {
    boolean bracketed = text.startsWith("[");
    int hostEnd = text.indexOf(bracketed ? "]:" : ":");
    if (hostEnd < 0) {
      return new Decoded.Malformed<>("an address is host:port or [ipv6]:port");
    }
    String host = text.substring(bracketed ? 1 : 0, hostEnd);
    if (bracketed && host.indexOf(':') < 0) {
      return new Decoded.Malformed<>("brackets stand around an IPv6 literal only");
    }
    Optional<String> problem = Hosts.problem(host);
    if (problem.isPresent()) {
      return new Decoded.Malformed<>(problem.get());
    }
    long port = Numbers.parseDecimal(text.substring(hostEnd + (bracketed ? 2 : 1)), MAX_PORT);
    if (port < 1) {
      return new Decoded.Malformed<>("a port is a number within 1.." + MAX_PORT);
    }
    return new Decoded.Ok<>(new HostPort(host, (int) port));
  }

  /**
   * Tells whether the host is a literal that stands for every local address: 0.0.0.0, ::, or one of
   * their longer and shorter forms. Decided by the text alone.
   *
   * @return true if nobody can be called at this address
   */
  public boolean isWildcard() {
    return Hosts.isWildcard(host);
  }

  /** Returns {@code host:port}, an IPv6 host in brackets. */
  @Override
  public String toString() {
    return bracketed(host) + ":" + port;
  }

  static String bracketed(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  static void checkHost(String host) {
    Hosts.problem(host)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  static void checkPort(int port) {
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("port " + port + " is not within 1.." + MAX_PORT);
    }
  }
}
