package io.quorate.examples.cli;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.HostPort;

/** Reads the addresses of a command line. Every error is one line. */
public final class Addresses {

  private Addresses() {}

  /**
   * Reads {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static HostPort parse(String text) {
    return switch (HostPort.parse(text)) {
      case Decoded.Ok<HostPort>(HostPort address) -> address;
      case Decoded.Malformed<HostPort>(String reason) ->
          throw new IllegalArgumentException("'" + text + "': " + reason);
    };
  }
}
