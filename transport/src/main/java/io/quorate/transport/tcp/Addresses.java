package io.quorate.transport.tcp;

import io.quorate.protocol.HostPort;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Compares addresses as text; looks nothing up. */
final class Addresses {

  private Addresses() {}

  /** Returns the first that is not among the configured ones, whatever its literal's form. */
  static Optional<HostPort> firstUnknown(List<HostPort> told, List<HostPort> configured) {
    var known = configured.stream().map(Addresses::canonical).toList();
    return told.stream().filter(address -> !known.contains(canonical(address))).findFirst();
  }

  private static HostPort canonical(HostPort address) {
    return new HostPort(canonical(address.host()), address.port());
  }

  private static String canonical(String host) {
    try {
      return InetAddress.ofLiteral(host).getHostAddress();
    } catch (IllegalArgumentException _) {
      return host.toLowerCase(Locale.ROOT);
    }
  }
}
