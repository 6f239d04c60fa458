package io.quorate.fuzz;

import io.quorate.protocol.Acknowledgement;
import io.quorate.protocol.ConfigDigest;
import io.quorate.protocol.ConfigText;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Heartbeat;
import io.quorate.protocol.Hello;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.InitialMessage;
import io.quorate.protocol.Member;
import io.quorate.protocol.Message;
import io.quorate.protocol.Notification;
import io.quorate.protocol.Proposal;
import io.quorate.protocol.Refusal;
import io.quorate.protocol.ServerId;
import io.quorate.protocol.ServerState;
import io.quorate.protocol.Surrender;
import io.quorate.protocol.UnknownExtension;
import io.quorate.protocol.Vote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Well-formed values, made of the bytes of an input. */
public final class Values {
  private static final List<String> HOSTS =
      List.of("a", "zk1.example.org", "10.0.0.7", "::1", "fe80::1%eth0", "0:0:0:0:0:0:0:1", "büro");
  private static final List<String> NAMES = List.of("quorate", "", "ensemble-ü", "orders 2");
  private static final int UNKNOWN_KIND = 0x51000100;

  private final Cursor cursor;

  /** Takes them from there. */
  public Values(Cursor cursor) {
    this.cursor = cursor;
  }

  private int port() {
    return (int) cursor.nextWithin(1, 65_535);
  }

  private long natural() {
    return cursor.nextLong() & Long.MAX_VALUE;
  }

  private long epoch() {
    return Math.max(1, natural());
  }

  private Duration atMostTheLongestGrant(long leastNanos) {
    return Duration.ofNanos(cursor.nextWithin(leastNanos, Proposal.MAX_GRANT.toNanos()));
  }

  /** Returns an address. */
  public HostPort hostPort() {
    return new HostPort(cursor.oneOf(HOSTS), port());
  }

  /** Returns an initial message of any form. */
  public InitialMessage initialMessage() {
    ServerId sid = ServerId.of(natural());
    int form = cursor.next() % 3;
    if (form == 0) {
      return new InitialMessage.Bare(sid);
    }
    var addresses = new ArrayList<HostPort>();
    for (int i = cursor.next() % 4; i >= 0; i--) {
      addresses.add(hostPort());
    }
    return form == 1
        ? new InitialMessage.V1(sid, addresses)
        : new InitialMessage.V2(sid, addresses);
  }

  /** Returns a notification of the present version. */
  public Notification notification() {
    return new Notification(
        cursor.oneOf(List.of(ServerState.values())),
        new Vote(ServerId.of(cursor.nextLong()), cursor.nextLong(), cursor.nextLong()),
        cursor.nextLong(),
        Notification.CURRENT_VERSION,
        cursor.nextBoolean() ? Optional.of(ConfigText.of(config())) : Optional.empty());
  }

  private Hello hello() {
    return new Hello(
        (int) cursor.nextWithin(1, Integer.MAX_VALUE),
        cursor.oneOf(NAMES),
        new ConfigDigest(HexFormat.of().formatHex(cursor.take(cursor.next() % 65))),
        (int) cursor.nextWithin(0, Integer.MAX_VALUE),
        natural());
  }

  private Surrender surrender() {
    ServerId successor =
        cursor.nextBoolean()
            ? ServerId.NONE
            : ServerId.of(cursor.nextWithin(0, Long.MAX_VALUE - 1));
    return new Surrender(epoch(), cursor.nextLong(), successor);
  }

  private UnknownExtension unknown() {
    int kind = (int) cursor.nextWithin(UNKNOWN_KIND, Integer.MAX_VALUE);
    return new UnknownExtension(
        kind, cursor.nextLong(), cursor.nextLong(), cursor.nextLong(), cursor.nextLong());
  }

  /** Returns a message of any kind. */
  public Message message() {
    return switch (cursor.next() % 8) {
      case 0 -> notification();
      case 1 -> hello();
      case 2 -> new Proposal(epoch(), natural(), cursor.nextLong(), atMostTheLongestGrant(1));
      case 3 -> new Acknowledgement(epoch(), natural(), cursor.nextLong());
      case 4 -> new Refusal(epoch(), natural(), natural(), atMostTheLongestGrant(0));
      case 5 -> new Heartbeat(epoch(), natural(), cursor.nextLong(), atMostTheLongestGrant(1));
      case 6 -> surrender();
      default -> unknown();
    };
  }

  /** Returns an ensemble of up to seven, with or without groups. */
  public EnsembleConfig config() {
    var members = new TreeMap<ServerId, Member>();
    for (int i = cursor.next() % 7; i >= 0; i--) {
      ServerId id = ServerId.of(cursor.nextWithin(0, Long.MAX_VALUE - 1));
      Member.Role role =
          members.isEmpty() ? Member.Role.PARTICIPANT : cursor.oneOf(List.of(Member.Role.values()));
      var addresses = new ArrayList<Member.Address>();
      for (int j = cursor.next() % 3; j >= 0; j--) {
        addresses.add(new Member.Address(cursor.oneOf(HOSTS), port(), port()));
      }
      members.putIfAbsent(id, new Member(id, addresses, role, client(), client()));
    }
    return new EnsembleConfig(
        members,
        cursor.nextBoolean() ? Optional.of(hierarchy(members.keySet())) : Optional.empty(),
        natural());
  }

  private Optional<HostPort> client() {
    return cursor.nextBoolean() ? Optional.of(hostPort()) : Optional.empty();
  }

  private EnsembleConfig.Hierarchy hierarchy(Set<ServerId> ids) {
    Map<Long, Set<ServerId>> groups = new TreeMap<>();
    Map<ServerId, Long> weights = new HashMap<>();
    for (ServerId id : ids) {
      groups.computeIfAbsent((long) cursor.next() % 3, _ -> new HashSet<>()).add(id);
      if (cursor.nextBoolean()) {
        weights.put(id, cursor.nextWithin(0, EnsembleConfig.MAX_WEIGHT));
      }
    }
    return new EnsembleConfig.Hierarchy(groups, weights);
  }
}
