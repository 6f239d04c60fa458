package io.quorate.faults.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.quorate.election.ElectionEvent;
import io.quorate.election.LeaderElection;
import io.quorate.election.LeaderElectionConfig;
import io.quorate.election.spi.EpochStoreProvider;
import io.quorate.ports.Loopback;
import io.quorate.protocol.EnsembleConfig;
import io.quorate.protocol.Hello;
import io.quorate.protocol.HostPort;
import io.quorate.protocol.Member;
import io.quorate.protocol.ServerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Attacks on servers of this process: each is counted by the server as often as it was made. */
@Tag("faults")
final class CountedAttacksIT {

  private static final Duration HANG = Duration.ofSeconds(20);
  private static final int CALLS = 500;

  /** As many observers as a server lets in. */
  private static final int OBSERVERS = 64;

  private final List<LeaderElection> servers = new ArrayList<>();
  private final List<InetSocketAddress> addresses = new ArrayList<>();

  /** Who led when, for a failure's report. */
  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void start() throws Exception {
    quietHere();
    var members = new ArrayList<Member>();
    for (int port : Loopback.lastingPorts(3)) {
      addresses.add(new InetSocketAddress(InetAddress.ofLiteral(Loopback.HOST), port));
      members.add(
          Member.of(
              ServerId.of(members.size() + 1),
              Member.Role.PARTICIPANT,
              List.of(new HostPort(Loopback.HOST, port))));
    }
    for (Member member : members) {
      servers.add(
          LeaderElection.start(
              LeaderElectionConfig.builder(member.id())
                  .ensemble(EnsembleConfig.majority(members))
                  .epochStore(EpochStoreProvider.named("memory"))
                  .build(),
              event -> tell(member.id(), event)));
    }
    for (LeaderElection server : servers) {
      var _ = server.awaitLeader(HANG);
    }
  }

  private void tell(ServerId server, ElectionEvent event) {
    switch (event) {
      case ElectionEvent.StateChange _,
          ElectionEvent.Elected _,
          ElectionEvent.Granted _,
          ElectionEvent.Revoked _ ->
          told.add("%d ms, %s: %s".formatted(System.nanoTime() / 1_000_000, server, event));
      case ElectionEvent.Listening _,
          ElectionEvent.LinkUp _,
          ElectionEvent.LinkDown _,
          ElectionEvent.Warning _ -> {}
    }
  }

  /** Each link of an observer is a line at the finest level. */
  private static void quietHere() {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.ERROR);
    }
  }

  @AfterEach
  void end() {
    servers.forEach(LeaderElection::close);
  }

  @Test
  void everyAttackIsCountedAsOftenAsItWasMade() throws Exception {
    for (int i = 0; i < servers.size(); i++) {
      LeaderElection server = servers.get(i);
      InetSocketAddress target = addresses.get(i);
      Map<String, Long> before = server.counters();
      for (int call = 0; call < CALLS; call++) {
        sendAway(target, Words.introduction(1000 + call));
        sendAway(target, Words.introduction(server.self().value()));
        sendAway(target, Words.introduction(-2));
        sendAway(target, Words.introduction(Words.OBSERVER), Words.announcement(-1));
      }
      var bad = BadFrames.ofEveryKind(3);
      sayBadFrames(target, bad);
      crowdOfObservers(target);
      Map<String, Long> after = server.counters();
      // What was read may wait to be looked at.
      long end = System.nanoTime() + HANG.toNanos();
      while (grown(before, after, "notificationsMalformed") < (long) bad.count() * CALLS
          && System.nanoTime() - end < 0) {
        Siege.pause(Duration.ofMillis(20));
        after = server.counters();
      }
      assertEquals(CALLS, grown(before, after, "unknownIdRefused"));
      assertEquals(CALLS, grown(before, after, "ownIdRefused"));
      assertEquals(CALLS, grown(before, after, "handshakeFailed"));
      assertEquals(CALLS, grown(before, after, "badFrame"));
      assertEquals((long) bad.count() * CALLS, grown(before, after, "notificationsMalformed"));
      assertEquals(CALLS, grown(before, after, "observerRefused"));
      assertEquals(0, grown(before, after, "leaderChanges"), () -> String.join("\n", told));
      assertEquals(0, grown(before, after, "unexpected"));
    }
  }

  private static long grown(Map<String, Long> before, Map<String, Long> after, String counter) {
    return after.getOrDefault(counter, 0L) - before.getOrDefault(counter, 0L);
  }

  private static void sendAway(InetSocketAddress target, byte[]... words) throws IOException {
    try (var caller = new Caller(target, Siege.from(0))) {
      for (byte[] word : words) {
        assertTrue(caller.say(word));
      }
      assertTrue(caller.isPutOut(HANG));
    }
  }

  private static void sayBadFrames(InetSocketAddress target, BadFrames bad) throws IOException {
    try (var caller = new Caller(target, Siege.from(0))) {
      assertTrue(caller.say(Words.introduction(Words.OBSERVER)));
      for (int i = 0; i < CALLS; i++) {
        assertTrue(caller.say(bad.batch()));
      }
      assertTrue(caller.finish(HANG));
    }
  }

  /** Fills all places, then calls on. */
  private static void crowdOfObservers(InetSocketAddress target) throws IOException {
    var inside = new ArrayList<Caller>();
    try {
      while (inside.size() < OBSERVERS) {
        var caller = new Caller(target, Siege.from(0));
        inside.add(caller);
        boolean isIn =
            caller.say(Words.introduction(Words.OBSERVER))
                && caller.hear(Hello.class::isInstance, HANG).isPresent();
        assertTrue(isIn, "there is room for " + OBSERVERS + ", not for " + inside.size());
      }
      for (int call = 0; call < CALLS; call++) {
        sendAway(target, Words.introduction(Words.OBSERVER));
      }
    } finally {
      inside.forEach(Caller::close);
    }
  }
}
