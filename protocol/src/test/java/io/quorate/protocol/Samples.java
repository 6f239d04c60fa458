package io.quorate.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Well-formed values by the seed: the same seed, the same values. */
final class Samples {

  private static final List<String> HOSTS =
      List.of("a", "zk1.example.org", "10.0.0.7", "::1", "fe80::1%eth0", "0:0:0:0:0:0:0:1", "büro");
  private static final List<Long> LONGS =
      List.of(0L, 1L, -1L, 0x100000000L, Long.MAX_VALUE, Long.MIN_VALUE);

  private final Random random;

  Samples(long seed) {
    random = new Random(seed);
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private long anyLong() {
    return random.nextBoolean() ? oneOf(LONGS) : random.nextLong();
  }

  private int port() {
    return 1 + random.nextInt(65535);
  }

  HostPort hostPort() {
    return new HostPort(oneOf(HOSTS), port());
  }

  InitialMessage initialMessage() {
    ServerId sid =
        random.nextInt(8) == 0 ? ServerId.OBSERVER : ServerId.of(random.nextLong() >>> 1);
    var addresses = new ArrayList<HostPort>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      addresses.add(hostPort());
    }
    return switch (random.nextInt(3)) {
      case 0 -> new InitialMessage.Bare(sid);
      case 1 -> new InitialMessage.V1(sid, addresses);
      default -> new InitialMessage.V2(sid, addresses);
    };
  }

  Notification notification() {
    Optional<ConfigText> config =
        random.nextBoolean() ? Optional.of(ConfigText.of(config())) : Optional.empty();
    return new Notification(
        oneOf(List.of(ServerState.values())),
        new Vote(ServerId.of(anyLong()), anyLong(), anyLong()),
        anyLong(),
        Notification.CURRENT_VERSION,
        config);
  }

  private long natural() {
    return anyLong() & Long.MAX_VALUE;
  }

  private long epoch() {
    return Math.max(1, natural());
  }

  private Duration upToTheLongestGrant(long leastNanos) {
    long most = Proposal.MAX_GRANT.toNanos();
    return Duration.ofNanos(
        random.nextBoolean()
            ? oneOf(List.of(leastNanos, most))
            : random.nextLong(leastNanos, most + 1));
  }

  private ServerId successor() {
    return random.nextBoolean() ? ServerId.NONE : ServerId.of(random.nextInt(300));
  }

  private Hello hello() {
    var digest = new byte[random.nextInt(ConfigDigest.MAX_BYTES + 1)];
    random.nextBytes(digest);
    return new Hello(
        1 + random.nextInt(9),
        "ensemble-ü".repeat(random.nextInt(20)),
        ConfigDigest.ofBytes(digest),
        random.nextInt() & Integer.MAX_VALUE,
        natural());
  }

  Message message() {
    return switch (random.nextInt(8)) {
      case 0 -> notification();
      case 1 -> hello();
      case 2 -> new Proposal(epoch(), natural(), anyLong(), upToTheLongestGrant(1));
      case 3 -> new Acknowledgement(epoch(), natural(), anyLong());
      case 4 -> new Refusal(epoch(), natural(), natural(), upToTheLongestGrant(0));
      case 5 -> new Heartbeat(epoch(), natural(), anyLong(), upToTheLongestGrant(1));
      case 6 -> new Surrender(epoch(), anyLong(), successor());
      default ->
          new UnknownExtension(
              0x51100000 + random.nextInt(99), anyLong(), anyLong(), anyLong(), anyLong());
    };
  }

  EnsembleConfig config() {
    var members = new TreeMap<ServerId, Member>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      ServerId id = ServerId.of(random.nextInt(300));
      Member.Role role =
          members.isEmpty() ? Member.Role.PARTICIPANT : oneOf(List.of(Member.Role.values()));
      var addresses = new ArrayList<Member.Address>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        addresses.add(new Member.Address(oneOf(HOSTS), port(), port()));
      }
      members.putIfAbsent(id, new Member(id, addresses, role, client(), client()));
    }
    return new EnsembleConfig(
        members,
        random.nextBoolean() ? Optional.empty() : Optional.of(hierarchy(members.keySet())),
        random.nextLong() >>> random.nextInt(1, 64));
  }

  private Optional<HostPort> client() {
    return random.nextBoolean() ? Optional.empty() : Optional.of(hostPort());
  }

  private EnsembleConfig.Hierarchy hierarchy(Set<ServerId> ids) {
    Map<Long, Set<ServerId>> groups = new TreeMap<>();
    Map<ServerId, Long> weights = new TreeMap<>();
    for (ServerId id : ids) {
      groups.computeIfAbsent((long) random.nextInt(3), _ -> new HashSet<>()).add(id);
      if (random.nextBoolean()) {
        weights.put(id, (long) random.nextInt(5));
      }
    }
    return new EnsembleConfig.Hierarchy(groups, weights);
  }
}
