package io.quorate.examples.cli;

import io.quorate.protocol.Decoded;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * Reads {@code 1=host:port,2=host:port|host:port}: members of one role.
   *
   * @throws IllegalArgumentException if it is no such list
   */
  public static List<Member> parseMembers(String text, Member.Role role) {
    var members = new ArrayList<Member>();
    for (String entry : text.split(",", -1)) {
      int equals = entry.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "'" + entry + "' is not id=host:port or id=host:port|host:port");
      }
      var addresses = new ArrayList<HostPort>();
      for (String address : entry.substring(equals + 1).split("\\|", -1)) {
        addresses.add(parse(address.strip()));
      }
      members.add(Member.of(parseId(entry.substring(0, equals).strip()), role, addresses));
    }
    return List.copyOf(members);
  }

  /**
   * Reads a server's id.
   *
   * @throws IllegalArgumentException if it is not a number that a member can have
   */
  public static ServerId parseId(String text) {
    try {
      ServerId id = ServerId.of(Long.parseLong(text));
      if (id.isMember()) {
        return id;
      }
    } catch (NumberFormatException _) {
      // Falls through: a number out of range and no number are told alike.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a server id, a number from 0 to " + (Long.MAX_VALUE - 1));
  }
}
